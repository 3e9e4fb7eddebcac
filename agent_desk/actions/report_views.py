"""What a report says, as screens and the command line show it."""

from dataclasses import dataclass
from datetime import date, datetime

from agent_desk.rules.help_call import HelpCall
from agent_desk.rules.report import Figures
from agent_desk.rules.session import State, Step


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one day, team or service; `key` is its ISO date, name or code ("" for no team)."""

    key: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class AtWork:
    """A session somebody is in; `late`: it would pass 21 h if it lasted as long as usual; `help`: they ask for it."""

    session_id: int
    number: str
    agent: str
    since: datetime
    state: State
    step: Step
    late: bool
    help: HelpCall | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of the days `first` to `last`; `figures` of all together, then by day, team and service."""

    first: date
    last: date
    at: datetime
    figures: Figures
    mails: dict[str, int]
    days: tuple[Group, ...]
    teams: tuple[Group, ...]
    services: tuple[Group, ...]
    now: tuple[AtWork, ...]
    milliseconds: float
