"""A session handed over: three short fields that spare the customer from telling everything again."""

from dataclasses import dataclass
from datetime import datetime

FIELD_MAX = 300


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who may be given a session: a team, or somebody in one."""

    id: int
    name: str
    team_id: int
    is_team: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What was tried, what was seen, what the customer was promised."""

    tried: str = ""
    seen: str = ""
    promised: str = ""

    def shortened(self) -> "Words":
        """Return them as they are kept: on one line each, cut where too long."""
        return Words(*(" ".join(text.split())[:FIELD_MAX] for text in (self.tried, self.seen, self.promised)))

    def __bool__(self) -> bool:
        """Tell whether anything is said."""
        return any((self.tried, self.seen, self.promised))


@dataclass(frozen=True, slots=True)
class Handover:
    """One session on its way from somebody to somebody, or arrived (`taken_at`)."""

    session_id: int
    session_number: str
    customer: str
    at: datetime
    from_name: str
    to_name: str
    words: Words
    taken_at: datetime | None = None
