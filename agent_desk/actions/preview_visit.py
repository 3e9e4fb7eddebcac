"""What the customer will read by SMS once a visit is booked or moved."""

from agent_desk.actions.context import Context
from agent_desk.actions.queue_sms import render_sms, sms_values
from agent_desk.actions.visit_words import visit_values
from agent_desk.rules.visit import Plan, VisitTerms


def preview_visit(ctx: Context, number: str, language: str, kind: str, plan: Plan, terms: VisitTerms) -> str:
    """Return the SMS of that kind for the session of that number; Refusal `sms_too_long`."""
    common = sms_values(ctx.settings, number) | {"questions_url": ctx.settings.questions_url}
    return render_sms(kind, language, common | visit_values(language, plan.window, terms, plan.fee_cents))
