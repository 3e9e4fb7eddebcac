"""What the customer would receive if the session were closed now; nothing is written."""

from dataclasses import dataclass

from agent_desk.actions.context import Context
from agent_desk.actions.decisions import case_of
from agent_desk.actions.errors import Refusal
from agent_desk.actions.gate import standing
from agent_desk.actions.outgoing import mail_facts
from agent_desk.actions.queue_sms import confirmed, mobile_of, render_sms, sms_values
from agent_desk.actions.record import LIVE, take
from agent_desk.actions.render_mail import confirmation_text
from agent_desk.rules.billing import InvalidCase, decide


@dataclass(frozen=True, slots=True)
class ConfirmationPreview:
    """Subject and text as they would be sent; `sms` is what goes beside them to who chose that, "" to others."""

    subject: str
    text: str
    sms: str = ""


def preview_confirmation(ctx: Context, session_id: int) -> ConfirmationPreview:
    """Return the confirmation as it stands; Refusal `blocked` while an outcome misses or the case cannot be sold."""
    with ctx.database.read() as tx:
        held = take(ctx, tx, session_id, states=LIVE, lock=False)
        ground = standing(held)
    if any(line.outcome is None for line in held.record.content.lines):
        raise Refusal("blocked", fields=("lines",))
    try:
        decision = decide(case_of(held.record.content), ground.catalogue)
    except InvalidCase as error:
        raise Refusal("blocked", fields=tuple(fault.path for fault in error.faults)) from error
    subject, text = confirmation_text(mail_facts(held, ground.catalogue, ground.consents), decision)
    closing, customer = held.record.content.closing, held.record.content.customer
    if closing.confirmation != "sms" or not mobile_of(customer):
        return ConfirmationPreview(subject, text)
    said = sms_values(ctx.settings, held.record.number) | confirmed(decision, customer.language)
    return ConfirmationPreview(subject, text, render_sms("confirmation", customer.language, said))
