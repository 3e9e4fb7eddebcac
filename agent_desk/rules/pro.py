"""Professional customers (document 001): their dedicated contact, and by when each act takes effect."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local, midnight

LATEST = timedelta(days=1)  # document 001, 6.4: traced, and effective at the latest the next day


@dataclass(frozen=True, slots=True)
class ProContact:
    """Who is there for one professional customer: a person, "" for nobody in particular, and their team."""

    customer_number: str
    team: str
    team_id: int
    person: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewContact:
    """One line of a list: whose contact, by login, "" for nobody in particular, and the team; without a team it is taken away."""

    customer_number: str
    login: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class DayOfAsking:
    """One day on a territory's calendar, from `begins` to before `ends`: what is asked then takes effect by `last`."""

    territory: Territory
    begins: datetime
    ends: datetime
    last: datetime


# What a mail or SMS has come to, one way or the other: the events that say so.
SENT = frozenset({"mail_accepted", "mail_settled", "mail_printed", "mail_dropped", "mail_called_off"})


def effective_by(asked: datetime, territory: Territory) -> datetime:
    """Return the end, in UTC, of the day after that of asking on the territory's calendar."""
    return midnight(local(asked, territory).date() + 2 * LATEST, territory)


def days_due(begins: datetime, ends: datetime) -> Iterator[DayOfAsking]:
    """Yield the days of every territory whose acts are due from `begins` to before `ends`: at the end of the next day."""
    for territory in Territory:
        day, over = local(begins, territory).date() - 2 * LATEST, local(ends, territory).date()
        while day < over:
            first, second = midnight(day, territory), midnight(day + LATEST, territory)
            last = effective_by(first, territory) - timedelta.resolution
            if begins <= last < ends:
                yield DayOfAsking(territory, first, second, last)
            day += LATEST
