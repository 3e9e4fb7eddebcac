"""What the customer will read by SMS once their case is sent to another team."""

from datetime import datetime

from agent_desk.actions.context import Context
from agent_desk.actions.queue_sms import render_sms, sms_values
from agent_desk.actions.tell_case import News, said_of
from agent_desk.rules.session import Customer


def preview_case(ctx: Context, number: str, customer: Customer, team: str, contact: str, due: datetime) -> str:
    """Return the SMS about the case of that number; Refusal `sms_too_long`."""
    values = sms_values(ctx.settings, number) | said_of(customer, team, contact, due)
    return render_sms(News.SENT, customer.language, values)
