"""An agenda as screens show it: frozen facts, no database objects."""

from dataclasses import dataclass
from datetime import datetime

from agent_desk.rules.appointment import Agent, Appointment, Doubt
from agent_desk.rules.promise import PromiseKind


@dataclass(frozen=True, slots=True)
class Entry:
    """One call-back in an agenda, and why it should be looked at again."""

    appointment: Appointment
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A call-back or a visit that was agreed and should be looked at again."""

    kind: PromiseKind
    number: str
    at: datetime
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The call-backs that begin before `until` and end after `since`, of the people named; `me` is whoever looks."""

    since: datetime
    until: datetime
    now: datetime
    people: tuple[Agent, ...]
    entries: tuple[Entry, ...]
    me: int | None = None
