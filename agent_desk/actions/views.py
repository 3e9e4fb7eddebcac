"""What actions return to screens and the command line: frozen facts, no database objects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from agent_desk.rules.billing import Decision
from agent_desk.rules.handover import Handover
from agent_desk.rules.journal import JournalFilter as JournalFilter  # noqa: PLC0414 - the same
from agent_desk.rules.mail import MailView as MailView  # noqa: PLC0414 - offered here to screens
from agent_desk.rules.session import Consent, Content, State, Step

if TYPE_CHECKING:
    from agent_desk.actions.agenda_views import Doubtful
    from agent_desk.rules.complaint import Complaint, Level
    from agent_desk.rules.credit import Credit, CreditLimits
    from agent_desk.rules.people import Role
    from agent_desk.rules.promise import Promise
    from agent_desk.rules.review import Review, ReviewNote, ReviewStep, SampleRule


@dataclass(frozen=True, slots=True)
class CodeView:
    """The session's latest code as the database knows it; the digits are never in it."""

    state: str  # live, redeemed, burned, expired, replaced, revoked
    issued_at: datetime
    expires_at: datetime
    failures: int


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A new code; `digits` exist only here and on the agent's screen, and not in what a traceback may show."""

    digits: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session, whole. `version` guards changes of state, `revision` guards typing."""

    id: int
    number: str
    state: State
    version: int
    revision: int
    step: Step
    field: str
    content: Content
    consents: tuple[Consent, ...]
    agent: str
    opened_at: datetime
    saved_at: datetime
    agreed_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    parked_at: datetime | None = None
    price_date: datetime | None = None  # catalogue in force at this moment; None: now
    code: CodeView | None = None
    decision: Decision | None = None
    mails: tuple[MailView, ...] = ()
    clock_back_minutes: int = 0  # how far the clock stands before the last event (wording `errors.clock_back`)


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A field that could not be kept as typed: `code` is a key of the wording table `errors`, `limit` fills it."""

    field: str
    code: str
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """A keystroke's fate; `content` is what stands now, answers and ticks recorded by other actions included."""

    revision: int
    at: datetime
    content: Content
    adjusted: tuple[Adjusted, ...] = ()
    clock_back_minutes: int = 0


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One line of a list of sessions (Today, Journal, repeat callers)."""

    id: int
    number: str
    state: State
    step: Step
    customer: str
    customer_number: str
    services: tuple[str, ...]  # service codes
    outcome: str  # "", an Outcome, or "home_visit" / "cancelled" / "withdrawn"
    total_cents: int | None
    mail_state: str
    agent: str
    opened_at: datetime
    ended_at: datetime | None
    parked_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueItem:
    """A clock somebody waits for: `kind` is a key of the wording table `due`."""

    kind: str
    session_id: int
    session_number: str
    customer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TodayView:
    """The first screen."""

    open: tuple[SessionRow, ...]
    parked: tuple[SessionRow, ...]
    due: tuple[DueItem, ...]
    stuck: tuple[MailView, ...]
    closed_today: int
    billed_today_cents: int
    guessing_since: datetime | None = None  # somebody tries codes in series
    handed: tuple[Handover, ...] = ()  # what waits for this person
    mails_wait_since: datetime | None = None  # for a mail worker, and none takes them
    sms_wait_since: datetime | None = None  # for whoever sends, and nobody takes them
    decisions_wrong: int = 0  # of the last nightly check
    returned: tuple["Returned", ...] = ()  # reviews that wait for this person's answer
    promised: "Promised | None" = None
    doubtful: tuple["Doubtful", ...] = ()  # call-backs and visits to be looked at again


@dataclass(frozen=True, slots=True)
class Promised:
    """What has to be kept next at `now`, the database's time; `behind` wait after these, capped.

    `ears` are what the server calls whoever looks, when it tells that something was promised or went wrong.
    """

    promises: tuple["Promise", ...]
    behind: int
    now: datetime
    ears: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ComplaintsView:
    """A session's complaints; by their ids: an answer to begin with, what has put them right, and who may be turned to next."""

    complaints: tuple["Complaint", ...]
    now: datetime
    answers: "Mapping[int, str]"
    remedies: "Mapping[int, tuple[Credit | None, int | None]]"
    following: "Mapping[int, Level | None]"


@dataclass(frozen=True, slots=True)
class CreditsView:
    """A session's credits with what people must know before they give another; sums are of this month, in cents.

    `settles` are those whoever looks may decide about; `alone` tells that nobody signs in, so that nobody could approve.
    """

    credits: tuple["Credit", ...]
    customer_cents: int
    own_cents: int
    in_session_cents: int
    role: "Role"
    limits: "CreditLimits"
    settles: frozenset[int]
    alone: bool


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Newest first; `next_key` continues after the last row, None at the end; `total` is capped, see `capped`.

    Where nothing was found, `hindering` names a filter without which something is (a key of the wording `filters`), "" where
    none alone helps.
    """

    rows: tuple[SessionRow, ...]
    next_key: int | None
    total: int
    capped: bool
    sessions: int
    milliseconds: float
    hindering: str = ""
    teams: tuple[str, ...] = ()
    to_review: int | None = None  # sessions that wait for a review, capped; None for who does not review


@dataclass(frozen=True, slots=True)
class EventView:
    """One row of the log, with its payload where it was not erased."""

    seq: int
    kind: str  # key of the wording table `events`
    at: datetime
    actor: str
    payload: dict[str, object] | None
    chain_ok: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """One check of a session: `kind` is a key of the wording table `proofs`."""

    kind: str
    holds: bool


@dataclass(frozen=True, slots=True)
class ReviewView:
    """How a review stands, what was said in it, why there is one (None: chosen by hand), and what whoever looks may do."""

    review: "Review"
    notes: tuple["ReviewNote", ...]
    rule: "SampleRule | None"
    steps: "frozenset[ReviewStep]" = frozenset()


@dataclass(frozen=True, slots=True)
class Returned:
    """A review that waits for the agent's answer."""

    session_id: int
    number: str
    customer: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """What colleagues sent to one person, and waits for them."""

    handed: tuple[Handover, ...] = ()
    returned: tuple[Returned, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """One session's whole story, what was checked of it, and what whoever reads it may do with it."""

    session: SessionView
    events: tuple[EventView, ...]
    proofs: tuple[Proof, ...] = ()
    may_correct: bool = False
    may_export: bool = False
    review: ReviewView | None = None
    path: tuple[str, ...] = ()  # the teams the case went through
    may_choose_review: bool = False  # none has drawn it, and whoever reads it may review it nevertheless


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """A repeat caller: identity as last given, and the last sessions, newest first."""

    content: Content
    sessions: tuple[SessionRow, ...]


@dataclass(frozen=True, slots=True)
class LogFault:
    """The first bad row: `kind` is a key of the wording table `log_faults`."""

    kind: str
    chain: int
    seq: int
    checkpoint: int | None = None


@dataclass(frozen=True, slots=True)
class LogReport:
    """The result of checking the log; `signed` tells whether the latest checkpoint carries a valid signature.

    `uncovered` events stand under no checkpoint yet; `keys` are those that may sign, as C2SP verifier keys.
    """

    events: int
    chains: int
    checkpoints: int
    signed: bool
    fault: LogFault | None
    uncovered: int = 0
    keys: tuple[str, ...] = ()
