"""What to say to the customer at each step, true to how the session stands."""

from agent_desk.actions.views import SessionView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.preview import Preview
from agent_desk.desktop.session.steps_pane import NAMES
from agent_desk.formats import format_cents
from agent_desk.rules.session import Step

LIVE = "live"


def saying(desk: Desk, step: Step, preview: Preview, view: SessionView) -> str:
    """Return the sentence to say."""
    wording, customer = desk.wording, preview.facts.content.customer
    key = NAMES[step]
    if step is Step.CUSTOMER and not customer.caller_is_holder:
        key = "holder"
    elif step is Step.AGREEMENT and not preview.total_cents:
        key = "agreement_offered"
    elif step is Step.INTERVENTION and view.code is not None and view.code.state == LIVE:
        key = "intervention_code"
    elif step is Step.CLOSING and preview.decision is not None:
        key = "closing_billed" if preview.decision.total_cents and customer.email else "closing"
        key = key if preview.decision.total_cents else "closing_free"
    holder = f"{customer.first_name} {customer.surname}".strip()
    return wording.text(
        f"say.{key}",
        agent=desk.settings.agent_name,
        total=format_cents(preview.total_cents, desk.language),
        email=customer.email[:60],
        holder=holder[:60] or "…",
    )
