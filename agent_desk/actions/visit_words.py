"""A home visit in the customer's words: day, hours, price, ceiling and VAT, as SMS, mails and papers print them."""

from agent_desk.formats import format_cents, format_day, format_hour, format_permille, format_short_day
from agent_desk.rules.money import vat_included
from agent_desk.rules.territories import local
from agent_desk.rules.visit import VisitTerms, Window
from agent_desk.wording import LANGUAGES


def visit_values(language: str, window: Window, terms: VisitTerms, fee_cents: int) -> dict[str, object]:
    """Return the values that tell of a visit, on the customer's clock."""
    written = language if language in LANGUAGES else LANGUAGES[0]
    begins, ends = (local(moment, terms.territory) for moment in (window.begins, window.ends))
    return {
        "day": format_day(begins.date(), written),
        "short_day": format_short_day(begins.date(), written),
        "begins": format_hour(begins, written),
        "ends": format_hour(ends, written),
        "price": format_cents(fee_cents, written),
        "ceiling": format_cents(terms.ceiling_cents, written),
        "vat": format_cents(vat_included(fee_cents, terms.vat_permille), written),
        "vat_rate": format_permille(terms.vat_permille, written),
        "is_free": fee_cents == 0,
    }
