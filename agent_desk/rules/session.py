"""The words of a session: its states, steps, and what the agent types into it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum


class State(StrEnum):
    """Where a session stands in its life (terms, section 5)."""

    DRAFT = "draft"
    QUALIFIED = "qualified"
    FEASIBILITY = "feasibility"
    AGREED = "agreed"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


ENDED = frozenset({State.CLOSED, State.CANCELLED, State.WITHDRAWN})


class Step(IntEnum):
    """The six steps on screen."""

    CUSTOMER = 1
    REQUEST = 2
    PREREQUISITES = 3
    AGREEMENT = 4
    INTERVENTION = 5
    CLOSING = 6


class Segment(StrEnum):
    """Residential customers may withdraw; professionals see the Pro services."""

    RESIDENTIAL = "residential"
    PRO = "pro"


class Outcome(StrEnum):
    """How one service line ended."""

    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    ACCESS_LOST = "access_lost"
    INTERRUPTED = "interrupted"
    NOT_PERFORMED = "not_performed"


class HomeVisit(StrEnum):
    """What the customer answered when a technician's visit was offered (4.8)."""

    NONE = "none"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Feasibility(StrEnum):
    """The operator's answer for a platform or equipment outside its list (4.1, 4.4)."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    YES = "yes"
    NO = "no"


class ConsentKind(StrEnum):
    """What a customer agrees to or states; each is a row, withdrawing one is another row."""

    PRICE = "price"
    WARRANTY = "warranty"
    BACKUP = "backup"
    EARLY_START = "early_start"
    EARLY_START_WAIVER = "early_start_waiver"
    SCREEN_SHARING = "screen_sharing"
    AFTER_HOURS = "after_hours"


class Answer(StrEnum):
    """`none_accepted`: no backup exists and the customer bears the consequences (4.3)."""

    YES = "yes"
    NO = "no"
    DONE = "done"
    NONE_ACCEPTED = "none_accepted"
    WITHDRAWN = "withdrawn"


class Channel(StrEnum):
    """How a consent reached us: on the customer's page, or spoken and noted by the agent."""

    VOICE = "voice"
    PAGE = "page"


class Territory(StrEnum):
    """Where the customer lives: time zone, holidays, travel ceiling and visit VAT follow from it."""

    METROPOLE = "metropole"
    ALSACE_MOSELLE = "alsace-moselle"
    GUADELOUPE = "guadeloupe"
    MARTINIQUE = "martinique"
    GUYANE = "guyane"
    REUNION = "reunion"
    MAYOTTE = "mayotte"


class CallChannel(StrEnum):
    """How the customer reached us (3.2); the cost told to them follows from it."""

    SHORT_776 = "776"
    LONG_3976_SOSH_MOBILE = "3976_sosh_mobile"
    LONG_3976_OWN_LANDLINE = "3976_own_landline"
    LONG_3976_OTHER = "3976_other"
    CHAT = "chat"
    CLICK_TO_CALL = "click_to_call"
    BRAND_CHAT = "brand_chat"
    WEB = "web"
    LETTER = "letter"


class VirusTool(StrEnum):
    """What removes the virus (3.3): a free tool, or the customer's own and whether they hold its licence."""

    UNKNOWN = ""
    FREE = "free"
    OWN_LICENSED = "own_licensed"
    OWN_UNLICENSED = "own_unlicensed"


@dataclass(frozen=True, slots=True)
class Customer:
    """Who calls (3.2, 2.1). Text as typed; `None` means not asked yet."""

    title: str = ""  # "mme", "m" or ""
    surname: str = ""
    first_name: str = ""
    company: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    login: str = ""
    customer_number: str = ""
    callback_number: str = ""
    email: str = ""
    no_email_reason: str = ""  # "no_address", "mailbox_broken", "refused" or ""
    segment: Segment = Segment.RESIDENTIAL
    territory: Territory = Territory.METROPOLE
    subscription: bool | None = None
    caller_is_holder: bool = True
    caller_name: str = ""
    holder_permission: bool | None = None
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Call:
    """The telephone call under way; times are aware UTC."""

    channel: CallChannel = CallChannel.SHORT_776
    started_at: datetime | None = None
    ended_at: datetime | None = None
    tariff_told: str = ""  # the channel whose tariff was told in this call


@dataclass(frozen=True, slots=True)
class Line:
    """One service asked for; `operations` only for virus removal, `machines` only for the home network."""

    service: str
    quantity: int = 1
    operations: tuple[str, ...] = ()
    machines: int = 1
    equipment: str = ""
    feasibility: Feasibility = Feasibility.NOT_ASKED
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Prerequisites:
    """What must be true first (3.3, 4.1, 4.2); `None` means not asked yet."""

    platform: str = ""  # key of db/seed/platforms.toml
    platform_feasibility: Feasibility = Feasibility.NOT_ASKED
    discs: bool | None = None
    conformity: bool | None = None
    internet_working: bool | None = None
    virus_tool: VirusTool = VirusTool.UNKNOWN


@dataclass(frozen=True, slots=True)
class Closing:
    """What the agent notes at the end. Protection: firewall or antivirus switched off and on again (4.5)."""

    home_visit: HomeVisit = HomeVisit.NONE
    visit_at: datetime | None = None
    protection_off_at: datetime | None = None
    protection_on_at: datetime | None = None
    module_left: bool = False
    confirmation: str = "email"  # "email", "letter" or "sms"


@dataclass(frozen=True, slots=True)
class Content:
    """Everything typed into one session; this is what is saved half a second after a keystroke."""

    customer: Customer = field(default_factory=Customer)
    call: Call = field(default_factory=Call)
    description: str = ""
    lines: tuple[Line, ...] = ()
    prerequisites: Prerequisites = field(default_factory=Prerequisites)
    closing: Closing = field(default_factory=Closing)
    notes: str = ""
    ticks: tuple[str, ...] = ()  # "<service>/<item number>" of the procedures, ticked


@dataclass(frozen=True, slots=True)
class Consent:
    """One recorded answer. `covers` is the fingerprint of what was accepted (price: lines and prices)."""

    kind: ConsentKind
    answer: Answer
    at: datetime
    channel: Channel
    recorded_by: str
    text_version: int
    text_sha256: str
    covers: str = ""
