"""Professional customers (document 001): their dedicated contact, and whether each act took effect by the next day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local

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


class Event(Protocol):
    """What an act is told by: an event of a session, with its payload where that was not erased."""

    @property
    def kind(self) -> str:
        """Return what happened."""

    @property
    def at(self) -> datetime:
        """Return when."""

    @property
    def payload(self) -> Mapping[str, Any] | None:
        """Return what was said of it."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the event that asked for it, and when it took effect; None while it has not."""

    request: str
    requested_at: datetime
    effective_at: datetime | None


# Which event asks for something, which ones say that it took effect, and what in both names the same thing ("": the session).
EFFECTS: Mapping[str, tuple[frozenset[str], str]] = {
    "mail_queued": (
        frozenset({"mail_accepted", "mail_settled", "mail_printed", "mail_dropped", "mail_called_off"}),
        "mail",
    ),
    "credit_proposed": (frozenset({"credit_approved", "credit_refused"}), "credit"),
    "session_handed_over": (frozenset({"session_taken_over"}), ""),
}
TOLD_BY = frozenset(EFFECTS) | frozenset(kind for kinds, _ in EFFECTS.values() for kind in kinds)


def acts(events: Iterable[Event]) -> tuple[Act, ...]:
    """Return the acts in one session's events, oldest first, each with the first effect after it."""
    found: list[Act] = []
    waiting: dict[tuple[str, object], int] = {}
    for event in events:
        said = event.payload or {}
        for request, (effects, name) in EFFECTS.items():
            subject = (request, said.get(name) if name else "")
            if event.kind == request:
                waiting[subject] = len(found)
                found.append(Act(request, event.at, None))
            elif event.kind in effects and subject in waiting:
                place = waiting.pop(subject)
                found[place] = Act(request, found[place].requested_at, event.at)
    return tuple(found)


def in_time(act: Act, territory: Territory, now: datetime) -> bool | None:
    """Tell whether an act took effect at the latest the next day of the customer's calendar; None while it still may."""
    last = local(act.requested_at, territory).date() + LATEST
    if act.effective_at is not None:
        return local(act.effective_at, territory).date() <= last
    return None if local(now, territory).date() <= last else False
