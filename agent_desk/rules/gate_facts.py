"""What the gates look at, and what they answer with."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from agent_desk.rules.catalogue import Catalogue, Orderable
from agent_desk.rules.clocks import PUBLISHED_DAYS
from agent_desk.rules.platforms import Platform
from agent_desk.rules.session import Answer, Channel, Consent, ConsentKind, Content, Step


class Gate(StrEnum):
    """What may be missing; a key of the wording table `gates`."""

    SURNAME = "surname"
    FIRST_NAME = "first_name"
    ADDRESS = "address"
    LOGIN = "login"
    CUSTOMER_NUMBER = "customer_number"
    CALLBACK_NUMBER = "callback_number"
    EMAIL = "email"
    CALLER = "caller"
    HOLDER_PERMISSION = "holder_permission"
    SUBSCRIPTION = "subscription"
    SERVICES = "services"
    UNKNOWN_SERVICE = "unknown_service"
    PRO_ONLY = "pro_only"
    QUANTITY = "quantity"
    OPERATIONS = "operations"
    MACHINES = "machines"
    PLATFORM = "platform"
    PLATFORM_FEASIBILITY = "platform_feasibility"
    EQUIPMENT = "equipment"
    EQUIPMENT_FEASIBILITY = "equipment_feasibility"
    NOT_FEASIBLE = "not_feasible"
    DISCS = "discs"
    CONFORMITY = "conformity"
    INTERNET = "internet"
    VIRUS_TOOL = "virus_tool"
    VIRUS_LICENCE = "virus_licence"
    WARRANTY = "warranty"
    PRICE = "price"
    PRICE_CHANGED = "price_changed"
    BACKUP = "backup"
    EARLY_START = "early_start"
    EARLY_START_WAIVER = "early_start_waiver"
    OUTSIDE_HOURS = "outside_hours"
    AFTER_HOURS = "after_hours"
    SCREEN_SHARING = "screen_sharing"
    OUTCOME = "outcome"
    HOME_VISIT = "home_visit"
    PROTECTION = "protection"
    CODE = "code"
    SHARE = "share"
    CONFIRMATION = "confirmation"
    MOBILE = "mobile"
    WITHDRAWAL_PRO = "withdrawal_pro"
    WITHDRAWAL_OVER = "withdrawal_over"


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing missing: what, at which step and field (dotted path in the content) to go, and the article."""

    code: Gate
    step: Step
    field: str
    article: str


@dataclass(frozen=True, slots=True)
class GateFacts:
    """Everything a gate looks at. Moments are aware; `catalogue` is the one whose prices the session keeps.

    `known_equipment` holds `identity.equipment_key` of equipment found feasible in earlier sessions (4.4).
    """

    content: Content
    consents: tuple[Consent, ...]
    catalogue: Catalogue
    platforms: Mapping[str, Platform]
    now: datetime
    agreed_at: datetime | None = None
    started_at: datetime | None = None
    code_live: bool = False
    share_live: bool = False
    known_equipment: frozenset[str] = frozenset()
    extra_days: Collection[date] = ()
    published_days: int = PUBLISHED_DAYS


def current(consents: Iterable[Consent], kind: ConsentKind) -> Consent | None:
    """Return the latest answer of that kind, in the order recorded; None when there is none or it was withdrawn."""
    latest = None
    for consent in consents:
        if consent.kind is kind:
            latest = consent
    return None if latest is None or latest.answer is Answer.WITHDRAWN else latest


def answered(consents: Iterable[Consent], kind: ConsentKind, *answers: Answer) -> bool:
    """Tell whether the answer now in force is one of `answers`."""
    consent = current(consents, kind)
    return consent is not None and consent.answer in answers


def may_see_screen(consents: Iterable[Consent]) -> bool:
    """Tell whether the customer agreed on the page itself; a spoken yes serves guidance by telephone only (2.2).

    It neither gives nor takes the yes of the page; a no or a withdrawal takes it, however it was said.
    """
    given = False
    for consent in consents:
        if consent.kind is ConsentKind.SCREEN_SHARING:
            yes = consent.answer is Answer.YES
            given = yes and (given or consent.channel is Channel.PAGE)
    return given


def price_fingerprint(lines: Iterable[Orderable], catalogue: Catalogue) -> str:
    """Return what a price consent covers: services, quantities, operations and unit prices, whatever their order."""
    items = sorted(
        [line.service, line.quantity, sorted(line.operations), _price(line.service, catalogue)] for line in lines
    )
    return sha256(json.dumps(items, separators=(",", ":")).encode()).hexdigest()


def _price(code: str, catalogue: Catalogue) -> int:
    service = catalogue.services.get(code)
    return -1 if service is None else service.price_cents
