"""A complaint is answered: accepted with what was given or put right, or rejected with a reason; and what may follow."""

from hashlib import sha256
from typing import Any

from agent_desk.actions.complaints import end_answer, facts_of, on_day, received_on, take_complaint, write
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.mail_receipt import build_letter
from agent_desk.actions.mail_values import MailFacts
from agent_desk.actions.outgoing import queue_matter
from agent_desk.actions.record import Held
from agent_desk.actions.render_mail import Rendered, render_matter
from agent_desk.formats import format_cents
from agent_desk.ports import Attachment
from agent_desk.rules.complaint import (
    ANSWER_MAX,
    NEXT,
    Complaint,
    ComplaintChannel,
    ComplaintState,
    Level,
    mediator_until,
)
from agent_desk.rules.credit import Credit, CreditState
from agent_desk.rules.promise import short_reason
from agent_desk.rules.session import Segment
from agent_desk.storage.complaints import correction_since, session_complaints
from agent_desk.storage.credits import session_credits
from agent_desk.storage.refused import RefusedByRights
from agent_desk.wording import load_wording


def answer_complaint(
    ctx: Context, complaint_id: int, version: int, outcome: ComplaintState, answer: str, reason: str = ""
) -> Complaint:
    """Answer by mail, a letter by a letter to be printed, and return the complaint; its promise is kept.

    Accepted is what a credit was granted for, or a correction made, since it was received. Refusal `complaint_gone`,
    `complaint_changed`, `complaint_answer`, `complaint_reason` for a rejection without one, `complaint_remedy`.
    """
    text, why = answer.strip()[:ANSWER_MAX], short_reason(reason)
    if not text or outcome is ComplaintState.OPEN:
        raise Refusal("complaint_answer")
    if outcome is ComplaintState.REJECTED and not why:
        raise Refusal("complaint_reason")
    try:
        with ctx.database.write() as tx:
            held, before = take_complaint(ctx, tx, complaint_id, version, is_open=True)
            accepted = outcome is ComplaintState.ACCEPTED
            given, put_right = remedy(held, before) if accepted else (None, None)
            if accepted and given is None and put_right is None:
                raise Refusal("complaint_remedy")
            end_answer(held, before, "promise_kept")
            after = write(
                held,
                before,
                state=outcome,
                answer=text,
                reason=why,
                answered_at=held.now,
                answered_by=ctx.settings.agent_name,
                credit_id=given.id if given is not None else None,
                correction=put_right,
            )
            told = {"outcome": outcome, "level": before.level, "reason": why, "credit": after.credit_id}
            said: dict[str, Any] = {name: value for name, value in told.items() if value}
            held.append(held.entry("complaint_answered", complaint=before.id, **said))
            _send(held, after, given)
            return after
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused


def remedy(held: Held, one: Complaint) -> tuple[Credit | None, int | None]:
    """Return the credit granted and the correction made since this level was reached, each None where there is none.

    A credit answers one complaint.
    """
    since = min(one.recorded_at, one.level_at) if one.level is Level.SERVICE else one.level_at
    taken = {other.credit_id for other in session_complaints(held.tx, held.id) if other.id != one.id}
    granted = [
        found
        for found in session_credits(held.tx, held.id)
        if found.state is CreditState.GRANTED and found.id not in taken and (found.settled_at or found.at) >= since
    ]
    return (granted[-1] if granted else None), correction_since(held.tx, held.id, since)


def _send(held: Held, one: Complaint, given: Credit | None) -> None:
    facts, rules = facts_of(held), held.ctx.reference.appeals
    customer = facts.content.customer
    following = NEXT.get(one.level)
    consumer = customer.segment is Segment.RESIDENTIAL
    values: dict[str, object] = {
        "received_on": received_on(facts, one.level_at),
        "answer": one.answer.splitlines(),
        "credit": "" if given is None else format_cents(given.amount_cents, facts.language),
        "appeal_days": rules.appeal_working_days if following is Level.APPEAL else 0,
        "mediator_until": on_day(facts, mediator_until(one.received_at, customer.territory, rules))
        if following is not None and consumer
        else "",
        "mediator_days": rules.mediator_days,
        "mediator": held.ctx.settings.mediator,
    }
    rendered = render_matter(facts, "complaint_answer", **values)
    by_letter = one.channel is ComplaintChannel.LETTER or not customer.email.strip()
    queue_matter(held, facts, _printed(held, facts, rendered) if by_letter else rendered, by_letter=by_letter)


def _printed(held: Held, facts: MailFacts, rendered: Rendered) -> Rendered:
    """Return the answer with the same words as a letter in PDF."""
    wording = load_wording(facts.language)
    paper = held.ctx.printer.letter(build_letter(facts, rendered.subject, rendered.text, wording))
    name = wording.text("attachments.complaint_answer", number=facts.number)
    attachment = Attachment(name, "application/pdf", paper, sha256(paper).hexdigest())
    return Rendered(rendered.kind, rendered.subject, rendered.text, rendered.html, (attachment,))
