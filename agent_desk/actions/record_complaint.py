"""A complaint is received: its clock begins, and a letter or a web form is acknowledged."""

from datetime import datetime

from agent_desk.actions.complaints import RECEIVED, acknowledged_by, acknowledgement, facts_of, promise_answer
from agent_desk.actions.context import Context
from agent_desk.actions.credits import by
from agent_desk.actions.errors import Refusal
from agent_desk.actions.outgoing import queue_matter
from agent_desk.actions.queue_sms import next_ordinal, queue_sms
from agent_desk.actions.record import EVERY_STATE, Held, check_works, take
from agent_desk.actions.render_mail import render_matter
from agent_desk.rules.complaint import (
    TEXT_MAX,
    Complaint,
    ComplaintChannel,
    answer_due,
    is_receivable,
)
from agent_desk.storage.acting import acting
from agent_desk.storage.complaints import add_complaint, read_complaint
from agent_desk.storage.decisions import read_decision


def record_complaint(
    ctx: Context,
    session_id: int,
    channel: ComplaintChannel,
    received_at: datetime,
    text: str,
    contested: tuple[int, ...] = (),
) -> Complaint:
    """Note what the customer complains of in a session, ended or not, and promise an answer; return the complaint.

    `contested` are lines of the decision, from 1. Refusal `complaint_future`, `complaint_old`, `complaint_empty`,
    `complaint_lines`.
    """
    said = text.strip()[:TEXT_MAX]
    if not said:
        raise Refusal("complaint_empty")
    with ctx.database.write() as tx:
        check_works(tx)
        held = take(ctx, tx, session_id, states=EVERY_STATE, lock=False)
        now = held.now
        if not is_receivable(received_at, now):
            raise Refusal("complaint_future" if received_at > now else "complaint_old")
        _check_lines(held, contested)
        territory = held.record.content.customer.territory
        due = answer_due(channel, received_at, territory, ctx.settings.extra_holidays)
        made = add_complaint(
            tx,
            held.id,
            channel=channel,
            received_at=received_at,
            text=said,
            contested=contested,
            by=by(ctx, acting(tx)),
            at=now,
            due_at=due,
            promise_id=promise_answer(held, due, said),
        )
        acknowledged, until = _acknowledge(held, channel, received_at, due), due.isoformat(timespec="minutes")
        held.note("complaint_received", complaint=made, way=channel, due=until, acknowledged=acknowledged)
        found = read_complaint(tx, made)
    assert found is not None  # noqa: S101 - inserted above
    return found


def _check_lines(held: Held, contested: tuple[int, ...]) -> None:
    if not contested:
        return
    decided = read_decision(held.tx, held.id)
    lines = len(held.record.content.lines) if decided is not None else 0
    if len(set(contested)) != len(contested) or not all(1 <= place <= lines for place in contested):
        raise Refusal("complaint_lines")


def _acknowledge(held: Held, channel: ComplaintChannel, received: datetime, due: datetime) -> str:
    """Acknowledge a letter or web form by mail, by SMS where there is no address (document 000); return which way, or ""."""
    customer, facts = held.record.content.customer, facts_of(held)
    values = acknowledgement(facts, received, due)
    way = acknowledged_by(channel, customer)
    if way == "email":
        queue_matter(held, facts, render_matter(facts, RECEIVED, **values, way=channel.value))
    elif way == "sms":
        queue_sms(held, RECEIVED, customer.callback_number, values, ordinal=next_ordinal(held, RECEIVED))
    return way
