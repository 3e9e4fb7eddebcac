"""`deskctl catalogue`: the services in force on a day."""

from datetime import date

from agent_desk.console.answer import Answer, columns
from agent_desk.console.refusal import Refused
from agent_desk.formats import format_cents
from agent_desk.reference import NoCatalogue, Reference
from agent_desk.rules.catalogue import Catalogue, Service
from agent_desk.wording import Wording


def catalogue_in_force(reference: Reference, day: date) -> Catalogue:
    """Return the catalogue of `day`; refuse `date` before the first."""
    try:
        return reference.catalogue_on(day)
    except NoCatalogue as error:
        raise Refused("date", "errors.date_before_catalogue", values={"date": error.first_day.isoformat()}) from error


def show_catalogue(reference: Reference, day: date, wording: Wording) -> Answer:
    """Return every service with its price, in the order of article 3.3."""
    services = catalogue_in_force(reference, day).services.values()
    rows = [_row(service, wording) for service in services]
    return Answer([_plain(service) for service in services], columns(rows, right={2}))


def _plain(service: Service) -> dict[str, object]:
    return {
        "code": service.code,
        "domain": service.domain,
        "label": service.label_fr,
        "unit": service.unit,
        "price_cents": service.price_cents,
        "pro_only": service.pro_only,
        "valid_from": service.valid_from.isoformat(),
    }


def _row(service: Service, wording: Wording) -> tuple[str, ...]:
    language = wording.language
    price = format_cents(service.price_cents, language) if service.price_cents else wording.text("money.offered")
    pro = wording.text("money.pro_only") if service.pro_only else ""
    return (service.code, service.label(language), price, wording.text(f"units.{service.unit}"), pro)
