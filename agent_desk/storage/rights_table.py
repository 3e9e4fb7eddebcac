"""Who may do what to which rows, as a table: `rights.py` makes grants and policies of it.

A row is seen or changed where `where` holds, and may become only what `check` allows. What stands in no line is refused.
`{of}` is the session a row belongs to. What needs more than this is a function of `rights_functions.py`.
"""

from collections.abc import Iterator, Sequence

from agent_desk.rules.people import Role
from agent_desk.rules.sms import E164
from agent_desk.storage.right import (
    CLOSED,
    IN_FULL_OR_NOTHING,
    LOOKED_AFTER,
    MINE,
    MY_MARK,
    MY_NAME,
    OPEN,
    SEEN,
    SUM_OF_LINES,
    of_row,
)
from agent_desk.storage.right import Right as Right  # noqa: PLC0414 - offered here to `rights`
from agent_desk.storage.rights_appointment import EVENTS_OF_CALLS, MAILS_OF_CALLS
from agent_desk.storage.rights_around import around_rights
from agent_desk.storage.rights_catalogue import catalogue_rights
from agent_desk.storage.rights_customer import FOLLOWING_EVENTS, FOLLOWING_MAILS, customer_rights
from agent_desk.storage.rights_visit import OF_VISITS, VISIT_EVENT, VISIT_MAILS, VISITED, visit_rights
from agent_desk.storage.rights_withdrawal import PROMISE_ENDED, WITHDRAWAL_MAIL, withdrawal_rights

# What everybody's program needs to know of the site; a secret put there one day stays hidden until it is named here.
PUBLIC_KEYS = "key IN ('min_program', 'origin', 'public_key', 'door_key', 'code_locator_digits')"
FEASIBILITY = "left(key, 12) = 'feasibility:'"
# With it one knows which sessions will be reviewed.
REVIEW_KEY = "key = 'review_key'"
# Whoever knows it can make an SMS look delivered.
SMS_KEY = "key = 'sms_key'"
_HIDDEN = {Role.SUPERVISOR: REVIEW_KEY, Role.AUDITOR: REVIEW_KEY, Role.MAILER: SMS_KEY}

_OF_CORRECTION = "('outcome_corrected', 'decision_made', 'mail_queued')"
# What a supervisor tells of what follows a session, ended or not, whoever is in it.
_FOLLOWS = f"({of_row(SEEN, 'event.chain')} AND kind IN {FOLLOWING_EVENTS})"

# A session closes with its decision only, and at its amount.
_ENDS_RIGHTLY = "ended_at IS NULL OR state = 'cancelled' OR desk_was_decided(id, total_cents)"
_MY_SESSION = f"{MINE} AND agent = {MY_NAME} AND state = 'draft' AND ended_at IS NULL"
_AT_ITS_PRICE = (
    "amount_cents IS NULL AND rule IS NULL AND quantity BETWEEN 1 AND 99"
    " AND desk_is_price(session_id, service, unit_price_cents)"
)
# The stronger proof is the customer's own, who comes through a gateway.
_SPOKEN_TO_ME = f"channel = 'voice' AND recorded_by = {MY_NAME}"
_LET_IN_RIGHTLY = """
    state IN ('opened', 'waiting', 'ended') OR EXISTS (
        SELECT 1 FROM consent c WHERE c.session_id = share.session_id
            AND c.kind = 'screen_sharing' AND c.answer = 'yes' AND c.channel = 'page'
    )
"""
_NEW_MAIL = f"""
    state IN ('queued', 'held') AND attempts = 0 AND lease_token = 0
    AND starts_with(key, concat('session:', session_id, ':', kind))
    AND (channel = 'mail' OR (channel = 'sms' AND recipient ~ '{E164}' AND length(text) <= 500))
"""
# What is written to somebody whose session may have ended already.
_LAST_WORD = f"""
    (mail.kind IN {FOLLOWING_MAILS} AND {of_row(SEEN, "mail.session_id")}) OR EXISTS (SELECT 1 FROM session s WHERE s.id = mail.session_id
        AND ((s.state, mail.kind) IN (('closed', 'withdrawal'), ('cancelled', 'cancellation'))
            OR (s.state = 'closed' AND mail.kind IN {VISIT_MAILS})))
"""
_WITH_ITS_MAIL = "EXISTS (SELECT 1 FROM mail m WHERE m.id = attachment.mail_id{})"
_BY_ME = f"(actor = {MY_MARK} OR (actor = 'system' AND kind IN ('code_expired', 'code_revoked', 'share_ended')))"
_NEXT = "desk_follows(chain, seq, kind, at, actor, payload_mac, hash)"
_GENUINE = "desk_holds(chain, seq, key, body)"
_HEAD = "desk_ends(chain, seq, hash)"
_BEGINS = "seq = 0 AND in_checkpoint = 0 AND hash = decode(repeat('00', 32), 'hex')"

_GIVEN_BY_ME = f"from_mark = {MY_MARK} AND from_name = {MY_NAME} AND taken_at IS NULL"
_FOR_ME = f"""
    (from_mark = {MY_MARK} OR to_team_id = (SELECT desk_team())
        OR to_person_id = (SELECT p.id FROM person p WHERE p.mark = {MY_MARK}))
"""

# What is said of somebody's work: to those who look after their team, and, once it is theirs to answer, to themselves.
_REVIEWED_ME = f"agent_mark = {MY_MARK} AND returned_at IS NOT NULL"
_NOTED = "EXISTS (SELECT 1 FROM review r WHERE r.session_id = review_note.session_id)"

_STORY = ("draft", "session_line", "consent", "code", "share", "decision", "mail")
_LOG = ("chain", "event", "payload", "checkpoint", "checkpoint_leaf")
_BILLED = ("billing_batch", "billing_file", "billed_decision", "billed_credit", "billed_visit")
_WHOLE = (
    *(*_STORY, *_LOG, *_BILLED),
    *("session", "attachment", "presence", "help_call", "call_back", "handover", "promise", "satisfaction"),
    *("feasibility", "escalation", "appointment", "call_attempt", "credit", "complaint", "pro_contact"),
    *OF_VISITS,
    "withdrawal",
    *("control_sample", "control_sheet"),
)
_OPERATION = ("program", "decision_check")
# What is counted once of each day: whoever reads everything may count, so that the totals are of everything.
_COUNTED = ("report_day", "report_total")
_COLLEAGUE = "id, name, role, team_id, mark, active"
_SESSION_CHANGES = (
    "number, state, version, agreed_at, started_at, ended_at, parked_at, customer, customer_number, callback_number, "
    "services, outcome, total_cents, mail_state, search_text"
)
_DRAFT_CHANGES = (
    "revision, step, field, saved_at, content, seconds_1, seconds_2, seconds_3, seconds_4, seconds_5, seconds_6"
)
_SHARE_CHANGES = (
    "state, page, words, right_pair, viewer_sha256, viewer_until, viewer_by, admitted_at, ended_at, end_reason"
)
_MAIL_CHANGES = "state, state_at, attempts, retry_at, lease_until, lease_token, data_began_at, last_reply, not_before"


def _agent() -> Iterator[Right]:
    def may(table: str, verb: str, where: str = "true", check: str = "true", columns: str = "") -> Right:
        return Right(Role.AGENT, table, verb, where, check, columns)

    open_ = of_row(OPEN)
    yield may("session", "SELECT", MINE)
    yield may("session", "INSERT", check=_MY_SESSION)
    yield may("session", "UPDATE", f"{MINE} AND ended_at IS NULL", f"{MINE} AND ({_ENDS_RIGHTLY})", _SESSION_CHANGES)
    yield from (may(table, "SELECT", of_row(SEEN, f"{table}.session_id")) for table in _STORY)
    yield may("draft", "INSERT", check=open_)
    yield may("draft", "UPDATE", open_, open_, _DRAFT_CHANGES)
    yield may("session_line", "INSERT", check=f"{open_} AND {_AT_ITS_PRICE}")
    yield may("session_line", "UPDATE", open_, IN_FULL_OR_NOTHING, "amount_cents, rule")
    yield may("session_line", "DELETE", open_)
    yield may("consent", "INSERT", check=f"{open_} AND {_SPOKEN_TO_ME}")
    yield may("code", "INSERT", check=f"{open_} AND state = 'live' AND failures = 0")
    ended = "state IN ('live', 'expired', 'replaced', 'revoked')"
    yield may("code", "UPDATE", f"{open_} AND state = 'live'", ended, "state, ended_at, page")
    yield may("share", "UPDATE", f"{open_} AND ended_at IS NULL", _LET_IN_RIGHTLY, _SHARE_CHANGES)
    yield may("decision", "INSERT", check=f"{open_} AND ordinal = 1 AND agent = {MY_NAME} AND {SUM_OF_LINES}")
    yield may("mail", "INSERT", check=f"({open_} OR {_LAST_WORD}) AND {_NEW_MAIL}")
    yield may("attachment", "SELECT", _WITH_ITS_MAIL.format(""))
    yield may(
        "attachment", "INSERT", check=_WITH_ITS_MAIL.format(" AND m.attempts = 0 AND m.state IN ('queued', 'held')")
    )
    yield may("chain", "SELECT", of_row(SEEN, "chain.chain"))
    yield may("chain", "INSERT", check=f"{of_row(SEEN, 'chain.chain')} AND {_BEGINS}")
    yield may("chain", "UPDATE", of_row(SEEN, "chain.chain"), _HEAD, "seq, hash")
    yield may("event", "SELECT", of_row(SEEN, "event.chain"))
    yield may("event", "INSERT", check=f"{of_row(SEEN, 'event.chain')} AND {_BY_ME} AND {_NEXT}")
    yield may("payload", "SELECT", of_row(SEEN, "payload.chain"))
    yield may("payload", "INSERT", check=f"{of_row(SEEN, 'payload.chain')} AND {_GENUINE}")
    yield may("site", "INSERT", check=f"{FEASIBILITY} AND value IN ('yes', 'no')")
    yield may("site", "UPDATE", FEASIBILITY, "value IN ('yes', 'no')", "value")


def _colleague() -> Iterator[Right]:
    """Yield what agents share while they work: who is there, who asks for help, what was handed over."""

    def may(table: str, verb: str, where: str = "true", check: str = "true", columns: str = "") -> Right:
        return Right(Role.AGENT, table, verb, where, check, columns)

    there = of_row(SEEN, "presence.session_id")
    yield may("presence", "SELECT", there)
    yield may("presence", "INSERT", check=f"{there} AND name = {MY_NAME}")
    yield may("presence", "UPDATE", there, f"name = {MY_NAME}", "name, step, seen_at")
    yield may("presence", "DELETE", there)
    yield may("help_call", "SELECT", of_row(SEEN, "help_call.session_id"))
    asked_by_me = f"mark = {MY_MARK} AND name = {MY_NAME} AND coming = ''"
    yield may("help_call", "INSERT", check=f"{of_row(OPEN, 'help_call.session_id')} AND {asked_by_me}")
    yield may("help_call", "UPDATE", of_row(SEEN, "help_call.session_id"), columns="reason")
    yield may("help_call", "DELETE", of_row(SEEN, "help_call.session_id"))
    yield may("call_back", "SELECT", of_row(SEEN, "call_back.session_id"))
    yield may("call_back", "INSERT", check=of_row(OPEN, "call_back.session_id"))
    # Who gave a session away still finds that they did.
    yield may("handover", "SELECT", f"{of_row(SEEN, 'handover.session_id')} OR from_mark = {MY_MARK}")
    yield may("handover", "INSERT", check=f"{of_row(OPEN, 'handover.session_id')} AND {_GIVEN_BY_ME}")
    yield may("handover", "UPDATE", f"taken_at IS NULL AND {_FOR_ME}", f"taken_by = {MY_NAME}", "taken_at, taken_by")
    yield may("review", "SELECT", _REVIEWED_ME)
    yield may("review_note", "SELECT", _NOTED)


def _supervisor() -> Iterator[Right]:
    """Yield what is told to log and customer; what a correction or a decision changes, functions change."""

    def may(table: str, verb: str, where: str = "true", check: str = "true", columns: str = "") -> Right:
        return Right(Role.SUPERVISOR, table, verb, where, check, columns)

    called = f"({of_row(OPEN)} AND kind IN {MAILS_OF_CALLS})"
    corrected = f"({of_row(CLOSED)} AND kind = 'correction')"
    visited = f"({of_row(VISITED, 'mail.session_id')} AND kind IN {VISIT_MAILS})"
    yield may(
        "mail", "INSERT", check=f"({corrected} OR {called} OR {visited} OR kind IN {FOLLOWING_MAILS}) AND {_NEW_MAIL}"
    )
    sent = f"""
        (m.kind = 'correction' OR m.kind IN {MAILS_OF_CALLS} OR m.kind IN {FOLLOWING_MAILS}
            OR (m.kind = 'visit' AND {of_row(VISITED, "m.session_id")}))
    """
    yield may("attachment", "INSERT", check=_WITH_ITS_MAIL.format(f" AND {sent} AND m.attempts = 0"))
    yield may("chain", "UPDATE", of_row(SEEN, "chain.chain"), _HEAD, "seq, hash")
    corrects = f"{of_row(CLOSED, 'event.chain')} AND kind IN {_OF_CORRECTION}"
    calls = f"{of_row(OPEN, 'event.chain')} AND kind IN {EVENTS_OF_CALLS}"
    told = f"({corrects}) OR ({calls}) OR {_FOLLOWS} OR {VISIT_EVENT}"
    yield may("event", "INSERT", check=f"({told}) AND actor = {MY_MARK} AND {_NEXT}")
    yield may("payload", "INSERT", check=f"{of_row(SEEN, 'payload.chain')} AND {_GENUINE}")


def _mailer() -> Iterator[Right]:
    def may(table: str, verb: str, where: str = "true", check: str = "true", columns: str = "") -> Right:
        return Right(Role.MAILER, table, verb, where, check, columns)

    sending = "(kind IN ('decision_made', 'visit_decided') OR starts_with(kind, 'mail_'))"
    yield may("mail", "SELECT")
    yield may("mail", "UPDATE", columns=_MAIL_CHANGES)
    yield may("mail", "INSERT", check=f"({WITHDRAWAL_MAIL}) AND {_NEW_MAIL}")
    yield from (may("sms_report", verb) for verb in ("SELECT", "DELETE"))
    yield may("personal_link", "SELECT")
    yield may("personal_link", "INSERT", check="used_at IS NULL")
    yield may("attachment", "SELECT")
    yield may("session", "SELECT", columns="id, number, mail_state")
    yield may("session", "UPDATE", columns="mail_state")
    yield from (may(table, "SELECT") for table in ("decision", "visit_decision"))  # the nightly check decides again
    yield from (may(table, "SELECT") for table in ("chain", "event", "checkpoint", "checkpoint_leaf"))
    yield may("chain", "INSERT", check=_BEGINS)
    yield may("chain", "UPDATE", check=_HEAD, columns="seq, hash, in_checkpoint")
    yield may("event", "INSERT", check=f"actor = 'system' AND {_NEXT}")
    of = f"EXISTS (SELECT 1 FROM event e WHERE e.chain = payload.chain AND e.seq = payload.seq AND {sending})"
    yield may("payload", "SELECT", of)
    yield may("payload", "INSERT", check=_GENUINE)
    yield may("promise", "SELECT")
    changes = 'missed_at, on_top, version, ended_at, "end"'
    yield may("promise", "UPDATE", "ended_at IS NULL", PROMISE_ENDED, changes)
    yield from (may(table, "INSERT") for table in ("checkpoint", "checkpoint_leaf", "decision_check"))
    yield may("site", "INSERT", check=f"key = 'public_key' OR {SMS_KEY}")
    # The row of the origin is locked by whoever makes a checkpoint, and never changed.
    yield may("site", "UPDATE", "key IN ('origin', 'public_key')", "key = 'public_key'", "value")


def _billing() -> Iterator[Right]:
    """Yield what makes batches: decisions with whose they are, and nothing that was said, typed or sent."""

    def may(table: str, verb: str, where: str = "true", check: str = "true", columns: str = "") -> Right:
        return Right(Role.BILLING, table, verb, where, check, columns)

    site = "chain = 0"
    yield from (may(table, "SELECT") for table in ("decision", "visit_decision"))
    yield may("session", "SELECT", columns="id, number, customer_number")
    for table in _BILLED:
        yield may(table, "SELECT")
        yield may(table, "INSERT")
    yield from (may(table, "SELECT", site) for table in ("chain", "event", "payload"))
    yield may("chain", "INSERT", check=f"{site} AND {_BEGINS}")
    yield may("chain", "UPDATE", site, f"{site} AND {_HEAD}", "seq, hash")
    told = f"{site} AND actor = 'system' AND kind = 'billing_batch_made' AND {_NEXT}"
    yield may("event", "INSERT", check=told)
    yield may("payload", "INSERT", check=f"{site} AND {_GENUINE}")


def _readers() -> Iterator[Right]:
    for role in (Role.SUPERVISOR, Role.AUDITOR):
        yield from (Right(role, table, "SELECT") for table in (*_WHOLE, *_COUNTED))
        yield Right(role, "review_rule", "SELECT")
        yield Right(role, "review", "SELECT", LOOKED_AFTER)
        yield Right(role, "review_note", "SELECT", _NOTED)
    for verb in ("INSERT", "DELETE"):
        yield from (Right(Role.SUPERVISOR, table, verb) for table in _COUNTED)


def _administrator() -> Iterator[Right]:
    yield from (Right(Role.ADMINISTRATOR, table, "SELECT", "chain = 0") for table in ("chain", "event", "payload"))


def _everybody() -> Iterator[Right]:
    for role in Role:
        if role is Role.GATEWAY:
            continue
        hidden = f" OR {_HIDDEN[role]}" if role in _HIDDEN else ""
        yield Right(role, "site", "SELECT", f"{PUBLIC_KEYS} OR {FEASIBILITY}{hidden}")
        yield from (Right(role, table, "SELECT") for table in ("team", "team_duty", *_OPERATION))
        whole = role in (Role.ADMINISTRATOR, Role.AUDITOR)
        more = ", login, email, joined_at, left_at" if whole else ""
        yield Right(role, "person", "SELECT", columns=_COLLEAGUE + more)


def rights() -> Sequence[Right]:
    """Return every right there is to a table; a gateway has none, and what a role's functions do is not here."""
    return (
        *_agent(),
        *_colleague(),
        *around_rights(),
        *customer_rights(),
        *visit_rights(),
        *withdrawal_rights(),
        *_supervisor(),
        *_mailer(),
        *_billing(),
        *_readers(),
        *catalogue_rights(),
        *_administrator(),
        *_everybody(),
    )
