"""The catalogue a session is sold from: that of its acceptance date, for ever, with the prices it was agreed at."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from agent_desk.reference import Reference
from agent_desk.rules.catalogue import Catalogue
from agent_desk.rules.session import Line
from agent_desk.storage.decisions import PricedLine


def session_catalogue(reference: Reference, day: date, agreed: Sequence[PricedLine] = ()) -> Catalogue:
    """Return the catalogue in force on the customer's `day` of acceptance, agreed lines at the price they were agreed at."""
    catalogue = reference.catalogue_on(day)
    services = dict(catalogue.services)
    for line in agreed:
        if line.service in services:
            services[line.service] = replace(services[line.service], price_cents=line.unit_price_cents)
    return replace(catalogue, services=services) if agreed else catalogue


def priced_lines(lines: Sequence[Line], catalogue: Catalogue) -> tuple[PricedLine, ...]:
    """Return the lines with their unit price; every service must be in the catalogue."""
    return tuple(
        PricedLine(position, line.service, line.quantity, catalogue.services[line.service].price_cents)
        for position, line in enumerate(lines)
    )


def total_if_solved(lines: Sequence[PricedLine]) -> int:
    """Return the cents to pay when everything is solved."""
    return sum(line.quantity * line.unit_price_cents for line in lines)
