"""What the customer will read by SMS once a complaint is noted."""

from datetime import datetime

from agent_desk.actions.complaints import RECEIVED, acknowledged_by, acknowledgement, facts_of
from agent_desk.actions.context import Context
from agent_desk.actions.queue_sms import render_sms, sms_values
from agent_desk.actions.record import EVERY_STATE, take
from agent_desk.rules.complaint import ComplaintChannel, answer_due


def preview_complaint(ctx: Context, session_id: int, channel: ComplaintChannel, received_at: datetime) -> str:
    """Return the SMS that acknowledges receipt, "" where none does; Refusal `not_found`, `sms_too_long`."""
    with ctx.database.read() as tx:
        held = take(ctx, tx, session_id, states=EVERY_STATE, lock=False)
        facts = facts_of(held)
    customer = held.record.content.customer
    if acknowledged_by(channel, customer) != "sms":
        return ""
    due = answer_due(channel, received_at, customer.territory, ctx.settings.extra_holidays)
    said = sms_values(ctx.settings, held.record.number) | acknowledgement(facts, received_at, due)
    return render_sms(RECEIVED, customer.language, said)
