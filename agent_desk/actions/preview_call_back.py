"""What the customer will read by SMS once a call-back is agreed, moved or called off."""

from datetime import datetime

from agent_desk.actions.call_back_words import SMS_OF, call_back_values
from agent_desk.actions.context import Context
from agent_desk.actions.queue_sms import mobile_of, render_sms, sms_values
from agent_desk.actions.record import EVERY_STATE, take
from agent_desk.rules.promise import short_reason


def preview_call_back(
    ctx: Context, session_id: int, kind: str, starts_at: datetime, ends_at: datetime, reason: str = ""
) -> str:
    """Return the SMS that goes with the mail of that kind, "" to who has no mobile number; Refusal `sms_too_long`."""
    with ctx.database.read() as tx:
        record = take(ctx, tx, session_id, states=EVERY_STATE, lock=False).record
    customer = record.content.customer
    if not mobile_of(customer):
        return ""
    said = call_back_values(customer, starts_at, ends_at, short_reason(reason))
    return render_sms(SMS_OF[kind], customer.language, sms_values(ctx.settings, record.number) | said)
