"""The session ends: decided, billed and confirmed, in one transaction or not at all."""

from dataclasses import dataclass, replace

from agent_desk.actions.agreement import is_settled, settle_lines
from agent_desk.actions.appointments import settle_with_session
from agent_desk.actions.context import Context
from agent_desk.actions.decisions import case_of
from agent_desk.actions.ending import keep_decision, session_outcome
from agent_desk.actions.errors import Refusal
from agent_desk.actions.gate import Standing, pass_gate, standing
from agent_desk.actions.live_codes import end_code_quietly
from agent_desk.actions.load_session import session_view
from agent_desk.actions.outgoing import mail_facts
from agent_desk.actions.queue_sms import confirmed, queue_sms
from agent_desk.actions.record import Held, take
from agent_desk.actions.render_mail import address_letter, render_confirmation
from agent_desk.actions.shares import end_share_quietly
from agent_desk.actions.views import SessionView
from agent_desk.actions.visits import promise_booking
from agent_desk.ports import Letter
from agent_desk.rules.billing import Case, Decision, decide
from agent_desk.rules.mail import shown_state
from agent_desk.rules.session import HomeVisit, State
from agent_desk.rules.share import ShareEnd
from agent_desk.storage.appointments import booked_in
from agent_desk.storage.codes import latest_code
from agent_desk.storage.mails import session_mails
from agent_desk.storage.outbox import add_mail
from agent_desk.storage.sessions import Stamp, change_draft, lock_session, read_stamp

TRIES = 3


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything about to be written; it holds only as long as the session's stamp stays the same."""

    held: Held
    ground: Standing
    case: Case
    decision: Decision
    letter: Letter

    def still_holds(self, stamp: Stamp) -> bool:
        """Tell whether version, typing and consents are those the gate has passed."""
        record = self.held.record
        asked = (record.version, record.revision, len(self.ground.consents))
        return (stamp.version, stamp.revision, stamp.consents) == asked


def close_session(ctx: Context, session_id: int, version: int, revision: int | None = None) -> SessionView:
    """Decide, bill and confirm; a second click or window gets Refusal `already_closed` and changes nothing.

    `revision`, when given, is the typing the agent saw the preview of. Refusal `blocked`, `changed_elsewhere`.
    Without an e-mail address the confirmation is held, to be printed.
    """
    for _ in range(TRIES):
        with ctx.database.read() as tx:
            held = take(ctx, tx, session_id, version=version, lock=False)
            ground = standing(held)
            waits = booked_in(tx, session_id) is not None
        if revision is not None and held.record.revision != revision:
            raise Refusal("changed_elsewhere")
        pass_gate(held, State.CLOSED, ground)
        if waits or not is_settled(held, ground):
            version = _settle(ctx, session_id, version)
            continue
        closed = _write(_prepare(held, ground))
        if closed is not None:
            return closed
    raise Refusal("changed_elsewhere")


def _settle(ctx: Context, session_id: int, version: int) -> int:
    """Agree first what was accepted but not agreed yet, and end the call-back; return the version that stands then."""
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, version=version)
        settle_with_session(held, spoken=True)
        return version + settle_lines(held, standing(held))


def _prepare(held: Held, ground: Standing) -> Prepared:
    """Decide and draw the document with no transaction open: others go on meanwhile."""
    case = case_of(held.record.content)
    decision = decide(case, ground.catalogue)
    facts = mail_facts(held, ground.catalogue, ground.consents)
    letter = address_letter(facts, render_confirmation(facts, decision, held.ctx.printer))
    return Prepared(held, ground, case, decision, letter)


def _write(prepared: Prepared) -> SessionView | None:
    """Write it all, if what the gate has passed still stands; None where a consent or typing came between."""
    ctx, record = prepared.held.ctx, prepared.held.record
    with ctx.database.write() as tx:
        lock_session(tx, record.id)
        stamp = read_stamp(tx, record.id)
        if stamp is None or not prepared.still_holds(stamp):
            return None
        held = replace(prepared.held, tx=tx)
        ended = end_code_quietly(held, "revoked") if stamp.code else ()
        ended += end_share_quietly(held, ShareEnd.SESSION_ENDED) if stamp.share else ()
        code = latest_code(tx, record.id) if stamp.code else None
        decided = keep_decision(held, prepared.case, prepared.ground.catalogue, prepared.decision)
        _, queued = add_mail(tx, record.id, "confirmation", prepared.letter, actor="agent")
        closed = held.entry("session_closed", confirmation=record.content.closing.confirmation)
        promised = (promise_booking(held),) if record.content.closing.home_visit is HomeVisit.ACCEPTED else ()
        held.append(*ended, decided, queued, closed, *promised)
        if record.content.closing.confirmation == "sms":
            _text(held, prepared.decision)
        mails = session_mails(tx, record.id)
        if taken := held.time_at_step():
            change_draft(tx, record.id, **taken)
        held.move(
            State.CLOSED,
            ended_at=held.now,
            parked_at=None,
            outcome=session_outcome(record.content),
            total_cents=prepared.decision.total_cents,
            mail_state=shown_state([mail.state for mail in mails]),
        )
    return session_view(
        replace(record, state=State.CLOSED, version=record.version + 1, ended_at=held.now, parked_at=None),
        consents=prepared.ground.consents,
        code=code,
        decision=prepared.decision,
        mails=mails,
        now=held.now,
    )


def _text(held: Held, decision: Decision) -> None:
    """Say the amount by SMS where the customer wants no mail; the document itself is held, to be printed."""
    customer = held.record.content.customer
    queue_sms(held, "confirmation", customer.callback_number, confirmed(decision, customer.language))
