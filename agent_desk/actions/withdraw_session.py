"""The customer withdraws from the contract (10): before the work, during it, or after it."""

from dataclasses import replace

from agent_desk.actions.agreement import agreed_lines
from agent_desk.actions.appointments import settle_with_session
from agent_desk.actions.context import Context
from agent_desk.actions.decisions import case_of, decision_from_json
from agent_desk.actions.ending import keep_decision
from agent_desk.actions.gate import Standing, check_gate, pass_gate, standing
from agent_desk.actions.give_up_visit import cancel_booked
from agent_desk.actions.live_codes import end_live_code
from agent_desk.actions.load_session import view
from agent_desk.actions.outgoing import has_mail, mail_facts, queue_mail
from agent_desk.actions.queue_sms import next_ordinal
from agent_desk.actions.record import AGREED, Held, take
from agent_desk.actions.render_mail import render_withdrawal
from agent_desk.actions.shares import end_session_share
from agent_desk.actions.views import SessionView
from agent_desk.actions.visits import end_unbooked
from agent_desk.rules.billing import decide
from agent_desk.rules.lifecycle import withdrawn_lines
from agent_desk.rules.mail import MailChannel
from agent_desk.rules.session import HomeVisit, State
from agent_desk.rules.share import ShareEnd
from agent_desk.storage.decisions import read_decision
from agent_desk.storage.sessions import write_draft
from agent_desk.storage.visits import booked_visit
from agent_desk.wording import load_wording

MAIL = "withdrawal"


def withdraw_session(ctx: Context, session_id: int, version: int) -> SessionView:
    """End an agreed session as `withdrawn`: not performed before the work, interrupted once it began.

    After closing it is recorded and answered, and changes nothing that was performed; a visit still owed is stopped.
    Refusal `blocked` where there is no right to withdraw any more.
    """
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, states=AGREED | {State.CLOSED}, version=version)
        ground = standing(held)
        if held.record.state is State.CLOSED:
            check_gate(held, State.WITHDRAWN, ground)
            answer_withdrawal(held, ground)
        else:
            pass_gate(held, State.WITHDRAWN, ground)
            withdraw(held, ground)
        return view(ctx, tx, session_id)


def withdraw(held: Held, ground: Standing) -> None:
    """End an agreed session as withdrawn, whose customer has the right to it."""
    record = held.record
    lines = withdrawn_lines(agreed_lines(held, ground), record.state)
    # A visit comes after failed work, not after a withdrawal.
    closing = replace(record.content.closing, home_visit=HomeVisit.NONE)
    content = replace(record.content, lines=lines, closing=closing)
    case = case_of(content)
    decision = decide(case, ground.catalogue)
    end_live_code(held, "revoked")
    end_session_share(held, ShareEnd.SESSION_ENDED)
    write_draft(held.tx, held.id, content, revision=record.revision + 1)
    held.append(keep_decision(held, case, ground.catalogue, decision))
    facts = mail_facts(held, ground.catalogue, ground.consents, content=content)
    queue_mail(held, facts, render_withdrawal(facts, decision))
    settle_with_session(held, spoken=False, reason=_reason(held))
    held.move(State.WITHDRAWN, ended_at=held.now, parked_at=None, outcome="withdrawn", total_cents=decision.total_cents)
    held.note("session_withdrawn")


def answer_withdrawal(held: Held, ground: Standing) -> None:
    """Stop the home visit a closed session still owes, and answer; once, unless another visit was there to stop."""
    stopped = _stop_visit(held)
    if not stopped and has_mail(held, MAIL):
        return
    kept = read_decision(held.tx, held.id)
    decision = decision_from_json(kept.inputs, kept.result) if kept else None
    facts = mail_facts(held, ground.catalogue, ground.consents)
    ordinal = next_ordinal(held, MAIL, MailChannel.MAIL)
    queue_mail(held, facts, render_withdrawal(facts, decision, visit_stopped=stopped), ordinal)
    held.note("withdrawal_recorded")


def _stop_visit(held: Held) -> bool:
    """Call off the visit, booked or still without a day; True where there was one."""
    reason = _reason(held)
    visit = booked_visit(held.tx, held.id)
    if visit is not None:
        cancel_booked(held, visit, reason, customer_wish=True)
    return end_unbooked(held, "promise_cancelled", reason) or visit is not None


def _reason(held: Held) -> str:
    return load_wording(held.record.content.customer.language).text("withdrawals.reason")
