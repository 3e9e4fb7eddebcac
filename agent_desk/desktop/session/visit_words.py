"""What the form of a home visit says: names of its fields and buttons, where the visit stands, and what to say to the customer."""

from PySide6.QtCore import QCoreApplication

from agent_desk.actions.visit_views import VisitSheet
from agent_desk.formats import format_cents, format_day, format_hour, format_permille
from agent_desk.rules.territories import local
from agent_desk.rules.visit import Plan, Visit, VisitTerms, Window, decide_visit
from agent_desk.wording import Wording


def field_names() -> dict[str, str]:
    """Return what an agent calls each field."""
    translate = QCoreApplication.translate
    return {
        "begins": translate("SessionVisit", "From, on the customer’s clock"),
        "hours": translate("SessionVisit", "During"),
        "fee": translate("SessionVisit", "Travel with VAT, in euros"),
        "territory": translate("SessionVisit", "Where"),
        "reason": translate("SessionVisit", "Reason to move it or not to do it"),
    }


def act_names() -> dict[str, str]:
    """Return what each button does."""
    translate = QCoreApplication.translate
    return {
        "booked": translate("SessionVisit", "The customer agrees: book"),
        "moved": translate("SessionVisit", "Move"),
        "cancelled": translate("SessionVisit", "Call off"),
        "not_done": translate("SessionVisit", "Not done"),
        "done": translate("SessionVisit", "Done: bill and confirm"),
        "close": translate("SessionVisit", "Close"),
    }


def terms_told(words: Wording, terms: VisitTerms) -> str:
    """Return ceiling and VAT where the customer lives."""
    return words.text(
        "visits.terms",
        ceiling=format_cents(terms.ceiling_cents, words.language),
        territory=words.text(f"territories.{terms.territory}"),
        rate=format_permille(terms.vat_permille, words.language),
    )


def sheet_told(words: Wording, sheet: VisitSheet) -> str:
    """Return where the visit stands, and how the customer is told."""
    if sheet.done is not None:
        return _done(words, sheet.done)
    if sheet.failed:
        return words.text("visits.failed", reason=sheet.failed)
    told = _channel(words, sheet)
    if sheet.booked is None:
        return f"{_book_by(words, sheet)} {told}".strip()
    when = _when(words, sheet.booked.window, sheet.booked.terms)
    off = f" {words.text('visits.day_off')}" if sheet.day_off else ""
    price = format_cents(sheet.booked.fee_cents, words.language)
    return words.text("visits.is_booked", when=when, price=price) + off


def to_say(words: Wording, plan: Plan, terms: VisitTerms) -> str:
    """Return the sentence by which the price is told before it is accepted (4.8)."""
    if not plan.fee_cents:
        return words.text("visits.say_free", when=_when(words, plan.window, terms))
    price, ceiling = (format_cents(cents, words.language) for cents in (plan.fee_cents, terms.ceiling_cents))
    return words.text("visits.say", price=price, ceiling=ceiling)


def _book_by(words: Wording, sheet: VisitSheet) -> str:
    if sheet.book_by is None:
        return ""
    by = local(sheet.book_by, sheet.customer.territory)
    day, hour = format_day(by.date(), words.language), format_hour(by, words.language)
    return words.text("visits.book_by", day=day, hour=hour)


def _channel(words: Wording, sheet: VisitSheet) -> str:
    if sheet.mobile:
        return words.text("visits.by_sms", mobile=sheet.mobile)
    return words.text("visits.by_mail" if sheet.customer.email.strip() else "visits.by_letter")


def _when(words: Wording, window: Window, terms: VisitTerms) -> str:
    begins, ends = (local(moment, terms.territory) for moment in (window.begins, window.ends))
    return words.text(
        "visits.when",
        day=format_day(begins.date(), words.language),
        begins=format_hour(begins, words.language),
        ends=format_hour(ends, words.language),
    )


def _done(words: Wording, visit: Visit) -> str:
    decision = decide_visit(visit.fee_cents, visit.terms)
    reason = words.text(f"rules.{decision.rule}.title")
    return words.text(
        "visits.was_done",
        when=_when(words, visit.window, visit.terms),
        total=format_cents(decision.amount_cents, words.language),
        reason=f"{reason[:1].lower()}{reason[1:]} (4.8).",
    )
