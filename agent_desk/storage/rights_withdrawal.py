"""Who may do what to withdrawals declared through a link: mailers acknowledge and settle them, and of these sessions alone.

Until its withdrawal is settled, which is noted last, a mailer may end such a session as an agent might; no other, ever.
"""

from collections.abc import Iterator

from agent_desk.rules.appointment import AppointmentState
from agent_desk.rules.people import Role
from agent_desk.rules.promise import PromiseEnd
from agent_desk.rules.session import State
from agent_desk.rules.share import ShareState
from agent_desk.rules.visit import VisitState
from agent_desk.storage.right import IN_FULL_OR_NOTHING, SEEN, SUM_OF_LINES, Right, of_row
from agent_desk.storage.rights_functions import Function
from agent_desk.storage.rights_visit import VISIT_CHANGES

WITHDRAWN = "desk_withdrawn({of})"
WITHDRAWALS = (
    # Of these sessions alone a mailer reads what was typed, until their receipt is queued.
    Function(
        "declared(_most integer)",
        "TABLE (id bigint, number text, content text, declared_at bigint, answer text)",
        "sql STABLE",
        """
        SELECT s.id, s.number, d.content, w.declared_at, w.answer
        FROM withdrawal w JOIN session s ON s.id = w.session_id JOIN draft d ON d.session_id = s.id
        WHERE w.receipt_at IS NULL ORDER BY s.id LIMIT least(_most, 50)
        """,
        (Role.MAILER,),
    ),
    Function(
        "withdrawn(_session bigint)",
        "boolean",
        "plpgsql STABLE",
        """
        BEGIN
            RETURN EXISTS (SELECT 1 FROM withdrawal w WHERE w.session_id = _session AND w.settled_at IS NULL);
        END
        """,
        (Role.MAILER,),
    ),
    # A mailer knows of other sessions their number and how their mails do: columns, which no policy tells apart.
    Function(
        "withdrawing(_session bigint)",
        "SETOF session",
        "plpgsql STABLE",
        "BEGIN RETURN QUERY SELECT s.* FROM session s WHERE s.id = _session AND desk_withdrawn(_session); END",
        (Role.MAILER,),
    ),
    Function(
        "end_withdrawn(_session bigint, _version integer, _at bigint, _total integer)",
        "void",
        "plpgsql VOLATILE",
        f"""
        BEGIN
            UPDATE session s SET state = '{State.WITHDRAWN}', outcome = '{State.WITHDRAWN}', version = _version,
                ended_at = _at, parked_at = NULL, total_cents = _total
            WHERE s.id = _session AND s.version = _version - 1 AND s.ended_at IS NULL AND desk_withdrawn(_session)
                AND desk_was_decided(_session, _total);
            IF NOT FOUND THEN RAISE EXCEPTION 'not withdrawn' USING ERRCODE = 'insufficient_privilege'; END IF;
        END
        """,
        (Role.MAILER,),
    ),
    Function(
        "has_ended(_session bigint)",
        "boolean",
        "plpgsql STABLE",
        "BEGIN RETURN EXISTS (SELECT 1 FROM session s WHERE s.id = _session AND s.ended_at IS NOT NULL); END",
        (Role.MAILER,),
    ),
)
WITHDRAWAL_MAIL = f"""
    (kind = 'withdrawal_receipt' AND EXISTS (SELECT 1 FROM withdrawal w WHERE w.session_id = mail.session_id))
    OR (kind IN ('withdrawal', 'visit_cancelled', 'appointment_cancelled', 'call_back_cancelled')
        AND {of_row(WITHDRAWN, "mail.session_id")})
"""
PROMISE_ENDED = f"""
    (ended_at IS NULL AND "end" = '')
    OR (ended_at IS NOT NULL AND "end" = '{PromiseEnd.CANCELLED}' AND {of_row(WITHDRAWN, "promise.session_id")})
"""
_BY_ITS_AGENT = "agent = (SELECT s.agent FROM desk_withdrawing(decision.session_id) s)"
_CALENDAR = """
    EXISTS (SELECT 1 FROM mail m WHERE m.id = attachment.mail_id AND m.kind = 'appointment_cancelled' AND m.attempts = 0
        AND desk_withdrawn(m.session_id))
"""


def withdrawal_rights() -> Iterator[Right]:
    """Yield what both may do; a gateway writes a row by its functions, for a link just used."""
    yield Right(Role.AGENT, "withdrawal", "SELECT", of_row(SEEN, "withdrawal.session_id"))
    yield Right(Role.MAILER, "withdrawal", "SELECT")
    waits, done = "receipt_at IS NULL OR settled_at IS NULL", "receipt_at IS NOT NULL OR settled_at IS NOT NULL"
    once = f"({done}) AND (settled_at IS NULL OR desk_has_ended(session_id))"
    yield Right(Role.MAILER, "withdrawal", "UPDATE", waits, once, "receipt_at, settled_at")
    yield from _settling()


def _settling() -> Iterator[Right]:
    """Yield what a withdrawal of these sessions changes, as `withdraw_session` does it; promises and mails are in the table."""

    def may(table: str, verb: str, check: str = "true", columns: str = "", where: str = "true") -> Right:
        of = of_row(WITHDRAWN, f"{table}.session_id")
        return Right(Role.MAILER, table, verb, f"{of} AND {where}", f"{of} AND {check}", columns)

    for table in ("draft", "session_line", "consent", "code", "share", "appointment", "visit", "help_call"):
        yield may(table, "SELECT")
    yield Right(
        Role.MAILER, "call_attempt", "SELECT", "EXISTS (SELECT 1 FROM appointment a WHERE a.id = appointment_id)"
    )
    yield may("help_call", "DELETE")
    yield Right(Role.MAILER, "attachment", "INSERT", check=_CALENDAR)
    goes_on = "NOT desk_has_ended(session_id)"
    yield may("draft", "UPDATE", columns="revision, content", where=goes_on)
    yield may("session_line", "UPDATE", IN_FULL_OR_NOTHING, "amount_cents, rule", goes_on)
    yield may("decision", "INSERT", f"{goes_on} AND ordinal = 1 AND {_BY_ITS_AGENT} AND {SUM_OF_LINES}")
    yield may("code", "UPDATE", "state IN ('expired', 'revoked')", "state, ended_at", "state = 'live'")
    ended = "state, end_reason, ended_at, page, words, right_pair, viewer_sha256"
    yield may("share", "UPDATE", f"state = '{ShareState.ENDED}'", ended, "ended_at IS NULL")
    booked = f"state = '{AppointmentState.BOOKED}'"
    cancelled = f"state = '{AppointmentState.CANCELLED}'"
    yield may("appointment", "UPDATE", cancelled, "state, ended_at, reason, version", booked)
    stopped = f"state = '{VisitState.CANCELLED}'"
    yield may("visit", "UPDATE", stopped, VISIT_CHANGES, f"state = '{VisitState.BOOKED}'")
