"""Where a customer lives, as clocks need it. Travel ceilings and visit VAT are data, see db/seed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from agent_desk.rules.session import Territory

ZONE: Mapping[Territory, str] = {
    Territory.METROPOLE: "Europe/Paris",
    Territory.ALSACE_MOSELLE: "Europe/Paris",
    Territory.GUADELOUPE: "America/Guadeloupe",
    Territory.MARTINIQUE: "America/Martinique",
    Territory.GUYANE: "America/Cayenne",
    Territory.REUNION: "Indian/Reunion",
    Territory.MAYOTTE: "Indian/Mayotte",
}


def local(moment: datetime, territory: Territory) -> datetime:
    """Return `moment` as clocks on the customer's wall show it; raise ValueError for a time without offset."""
    return utc(moment).astimezone(ZoneInfo(ZONE[territory]))


def utc(moment: datetime) -> datetime:
    """Return `moment` in UTC; raise ValueError for a time without offset."""
    if moment.tzinfo is None:
        raise ValueError("a time without offset is refused")
    return moment.astimezone(UTC)


def midnight(day: date, territory: Territory) -> datetime:
    """Return the UTC moment at which `day` begins for the customer."""
    return on_wall(day, time(), territory)


def on_wall(day: date, at: time, territory: Territory) -> datetime:
    """Return the UTC moment at which the customer's clock shows `at` on `day`."""
    return datetime.combine(day, at, ZoneInfo(ZONE[territory])).astimezone(UTC)


# First digits of the postcode; Bas-Rhin, Haut-Rhin and Moselle keep the local law of Alsace-Moselle.
POSTCODES: Mapping[str, Territory] = {
    "971": Territory.GUADELOUPE,
    "972": Territory.MARTINIQUE,
    "973": Territory.GUYANE,
    "974": Territory.REUNION,
    "976": Territory.MAYOTTE,
    "57": Territory.ALSACE_MOSELLE,
    "67": Territory.ALSACE_MOSELLE,
    "68": Territory.ALSACE_MOSELLE,
}


def territory_of(postcode: str) -> Territory:
    """Return the territory a French postcode lies in, spaces allowed; metropolitan France where it says nothing."""
    digits = postcode.replace(" ", "")
    return POSTCODES.get(digits[:3]) or POSTCODES.get(digits[:2], Territory.METROPOLE)
