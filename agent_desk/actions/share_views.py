"""What the actions of the screen share return, to the gateway and to screens: frozen facts, no database objects."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from agent_desk.rules.session import ConsentKind
from agent_desk.rules.share import Pair, ShareEnd, ShareState


class Happening(StrEnum):
    """What the gateway notices of a customer's browser."""

    JOINED = "joined"
    STARTED = "started"
    LOST = "lost"
    RESUMED = "resumed"
    BEAT = "beat"


@dataclass(frozen=True, slots=True)
class PageText:
    """A text the site worded itself, as the page shows it."""

    kind: ConsentKind
    version: int
    text: str


@dataclass(frozen=True, slots=True)
class PageFacts:
    """All the customer's page may show of a session; `case` is the last four digits of its number."""

    agent: str = ""  # first name
    company: str = ""
    case: str = ""
    total_cents: int = 0
    language: str = "fr"
    statements: tuple[ConsentKind, ...] = ()  # early-start statements still open
    texts: tuple[PageText, ...] = ()  # of the consents above, where they are not those of the program


@dataclass(frozen=True, slots=True)
class Entered:
    """A good code was typed; `token` belongs into this browser's cookie and nowhere else."""

    share_id: int
    session_id: int
    token: str = field(repr=False)
    page: PageFacts = field(default_factory=PageFacts)


@dataclass(frozen=True, slots=True)
class GuestShare:
    """A share as the customer's side sees it; `words` only while they are to be read aloud, `page` empty once ended."""

    share_id: int
    session_id: int
    state: ShareState
    end_reason: ShareEnd | None
    words: Pair | None
    page: PageFacts
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class ViewerSeat:
    """The agent's viewer, let in by its one-time token."""

    share_id: int
    session_id: int
    agent: str


@dataclass(frozen=True, slots=True)
class Breaker:
    """Whether the site only lets tries trickle, and after how many seconds a place in each lane is free."""

    open: bool
    fresh_wait: int = 0
    known_wait: int = 0


@dataclass(frozen=True, slots=True)
class Signal:
    """One message from side to side, as the gateways pass it on; `to_side` is "customer" or "viewer"."""

    id: int
    share_id: int
    to_side: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShareView:
    """A session's latest share as the agent sees it; `choices` only while the words are waited for.

    `on_page`: the customer's browser was heard of just now. `second_browser`: the code was typed again elsewhere.
    `alarm`: somebody is guessing codes at this site.
    """

    share_id: int
    state: ShareState
    end_reason: ShareEnd | None
    choices: tuple[Pair, ...]
    opened_at: datetime
    admitted_at: datetime | None
    live_at: datetime | None
    ended_at: datetime | None
    on_page: bool
    second_browser: bool
    alarm: bool
