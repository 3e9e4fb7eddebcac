"""Short texts several parts of the session show."""

from datetime import datetime

from agent_desk.actions.views import SessionRow
from agent_desk.desktop.desk import Desk
from agent_desk.formats import format_cents, format_short_date
from agent_desk.rules.catalogue import Catalogue
from agent_desk.rules.identity import is_customer_number, normal_number
from agent_desk.rules.session import Customer
from agent_desk.wording import Wording


def customer_name(customer: Customer, wording: Wording) -> str:
    """Return "Mme Claire Morvan"; "" while nothing is known."""
    title = wording.text(f"titles.{customer.title}") if customer.title else ""
    name = " ".join(part for part in (customer.first_name.strip(), customer.surname.strip()) if part)
    return f"{title} {name}".strip() if name else customer.company.strip()


def grouped_number(number: str) -> str:
    """Return a customer number in threes once it is whole, as typed before."""
    if not is_customer_number(number):
        return number.strip()
    digits = normal_number(number)
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def short_service(code: str, catalogue: Catalogue, language: str) -> str:
    """Return a service's short name, its code where the catalogue no longer has it."""
    service = catalogue.services.get(code)
    return code if service is None else service.short(language)


def price(cents: int, desk: Desk) -> str:
    """Return a catalogue price, "Offered" for none."""
    return format_cents(cents, desk.language) if cents else desk.wording.text("money.offered")


def earlier_session(row: SessionRow, desk: Desk) -> str:
    """Return one earlier session in a line: day, services, how it ended."""
    day = row.opened_at.astimezone().date()
    catalogue = desk.reference.catalogue_on(day)
    services = ", ".join(short_service(code, catalogue, desk.language) for code in row.services)
    ended = desk.wording.text(f"outcomes.{row.outcome}") if row.outcome else desk.wording.text(f"states.{row.state}")
    return " · ".join(part for part in (format_short_date(day, desk.language), services, ended) if part)


def clock_time(moment: datetime) -> str:
    """Return a moment as the agent's own clock shows it, "14:32:07"."""
    return moment.astimezone().strftime("%H:%M:%S")


def short_time(moment: datetime) -> str:
    """Return a moment as the agent's own clock shows it, "14:32"."""
    return moment.astimezone().strftime("%H:%M")
