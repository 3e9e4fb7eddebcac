"""The mails about a home visit: the confirmation once it was done, and what an SMS would say to who has no mobile number."""

from agent_desk.actions.mail_values import LineValues, MailFacts, common_values
from agent_desk.actions.render_mail import Rendered, draw_receipt, render
from agent_desk.actions.visit_words import visit_values
from agent_desk.ports import Printer
from agent_desk.rules.visit import Visit, VisitDecision
from agent_desk.wording import Wording, load_wording


def render_visit(facts: MailFacts, visit: Visit, decision: VisitDecision, printer: Printer) -> Rendered:
    """Return the confirmation of a visit that was done, with its PDF: date, amount, rule and VAT of the territory."""
    wording = load_wording(facts.language)
    said = visit_values(facts.language, visit.window, visit.terms, visit.fee_cents)
    values: dict[str, object] = {
        **common_values(facts, wording),
        **said,
        "lines": [_line(said, decision, wording)],
        "total": said["price"],
        "vat_rate_label": said["vat_rate"],
        "home_visit": None,
    }
    return render("visit", facts.language, values, (draw_receipt(facts, values, printer, wording, "visit"),))


def render_visit_notice(facts: MailFacts, kind: str, said: dict[str, object]) -> Rendered:
    """Return a mail of that kind about an appointment: booked, moved, tomorrow, or called off for `said["reason"]`."""
    wording = load_wording(facts.language)
    values = {
        **common_values(facts, wording),
        **said,
        "what": kind.removeprefix("visit_"),
        "questions_url": facts.settings.questions_url,
    }
    return render(kind, facts.language, values, templates="visit_notice")


def _line(said: dict[str, object], decision: VisitDecision, wording: Wording) -> LineValues:
    price = str(said["price"])
    return LineValues(
        label=wording.text("visits.travel"),
        unit="",
        quantity=1,
        unit_price=price,
        amount=price,
        is_free=decision.amount_cents == 0,
        reason=wording.text(f"rules.{decision.rule}.reason"),
        article=decision.article,
        outcome=wording.text("visit_states.done"),
    )
