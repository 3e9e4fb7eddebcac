"""The services one can be billed for, as in force on one day, and what a line may ask of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from agent_desk.rules.session import Segment, Territory

VIRUS_REMOVAL = "security.virus-removal"
REMOVAL = "removal"
OPTIMISATION = "optimisation"
OPERATIONS: Mapping[str, tuple[str, ...]] = {VIRUS_REMOVAL: (REMOVAL, OPTIMISATION)}
MACHINES_MAX: Mapping[str, int] = {"network.home": 3}
QUANTITY_MAX = 99
LINES_MAX = 99


class Unit(StrEnum):
    """What one price pays for; a `session` is bought once."""

    SESSION = "session"
    ACCOUNT = "account"
    COMPUTER = "computer"


@dataclass(frozen=True, slots=True)
class Condition:
    """A question a customer asks about a service, its answer, and the article behind it."""

    question_fr: str
    answer_fr: str
    question_en: str
    answer_en: str
    article: str

    def question(self, language: str) -> str:
        """Return what the customer asks, in `language` ("fr" or "en")."""
        return self.question_fr if language == "fr" else self.question_en

    def answer(self, language: str) -> str:
        """Return what we answer, in `language` ("fr" or "en")."""
        return self.answer_fr if language == "fr" else self.answer_en


@dataclass(frozen=True, slots=True)
class Service:
    """One service at one price. `domain` is a key of the wording table `domains`; `words` are spoken French."""

    code: str
    domain: str
    label_fr: str
    label_en: str
    short_fr: str
    short_en: str
    unit: Unit
    price_cents: int
    pro_only: bool
    needs_computer: bool
    foreign_equipment: bool
    words: tuple[str, ...]
    conditions: tuple[Condition, ...]
    valid_from: date

    def label(self, language: str) -> str:
        """Return the full name in `language` ("fr" or "en")."""
        return self.label_fr if language == "fr" else self.label_en

    def short(self, language: str) -> str:
        """Return the short name in `language` ("fr" or "en")."""
        return self.short_fr if language == "fr" else self.short_en


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything an amount depends on, as in force on one day; `services` are in the order of article 3.3."""

    version: str  # ISO date on which the last change took effect
    services: Mapping[str, Service]
    vat_permille: int  # of remote assistance
    travel_ceilings: Mapping[Territory, int] = field(default_factory=dict)  # cents including VAT (document 000)
    visit_vat_permille: Mapping[Territory, int] = field(default_factory=dict)  # of a home visit, billed when done


class FaultCode(StrEnum):
    """What is wrong with one value of a case; a key of the wording table `faults`."""

    NO_LINES = "no_lines"
    TOO_MANY_LINES = "too_many_lines"
    UNKNOWN_SERVICE = "unknown_service"
    PRO_ONLY = "pro_only"
    QUANTITY_OUT_OF_RANGE = "quantity_out_of_range"
    QUANTITY_ALWAYS_ONE = "quantity_always_one"
    OPERATIONS_MISSING = "operations_missing"
    OPERATIONS_UNKNOWN = "operations_unknown"
    OPERATIONS_TWICE = "operations_twice"
    MACHINES_OUT_OF_RANGE = "machines_out_of_range"
    HOME_VISIT_WITHOUT_NEED = "home_visit_without_need"


@dataclass(frozen=True, slots=True)
class Fault:
    """One refused value and the path that names it, such as `lines[0].quantity`."""

    code: FaultCode
    path: str


class Orderable(Protocol):
    """What a line must tell to be checked: a typed line of a session or a line of a case."""

    @property
    def service(self) -> str:
        """Service code."""

    @property
    def quantity(self) -> int:
        """How many units."""

    @property
    def operations(self) -> tuple[str, ...]:
        """Operations asked for, for services that have some."""

    @property
    def machines(self) -> int:
        """Machines concerned, for services that count them."""


def lines_faults(lines: Sequence[Orderable], segment: Segment, catalogue: Catalogue) -> tuple[Fault, ...]:
    """Return what is wrong with the lines of one case, in their order; empty when they can be sold (3.3)."""
    if not lines:
        return (Fault(FaultCode.NO_LINES, "lines"),)
    if len(lines) > LINES_MAX:
        return (Fault(FaultCode.TOO_MANY_LINES, "lines"),)
    return tuple(
        Fault(fault.code, f"lines[{position}].{fault.path}")
        for position, line in enumerate(lines)
        for fault in line_faults(line, segment, catalogue)
    )


def line_faults(line: Orderable, segment: Segment, catalogue: Catalogue) -> tuple[Fault, ...]:
    """Return what is wrong with one line; paths are relative to it (`quantity`)."""
    service = catalogue.services.get(line.service)
    if service is None:
        return (Fault(FaultCode.UNKNOWN_SERVICE, "service"),)
    checks = (
        _segment_fault(service, segment),
        _quantity_fault(service, line.quantity),
        _operations_fault(service, line.operations),
        _machines_fault(service, line.machines),
    )
    return tuple(fault for fault in checks if fault)


def _segment_fault(service: Service, segment: Segment) -> Fault | None:
    refused = service.pro_only and segment is not Segment.PRO
    return Fault(FaultCode.PRO_ONLY, "service") if refused else None


def _quantity_fault(service: Service, quantity: int) -> Fault | None:
    if not 1 <= quantity <= QUANTITY_MAX:
        return Fault(FaultCode.QUANTITY_OUT_OF_RANGE, "quantity")
    if service.unit is Unit.SESSION and quantity != 1:
        return Fault(FaultCode.QUANTITY_ALWAYS_ONE, "quantity")
    return None


def _operations_fault(service: Service, operations: tuple[str, ...]) -> Fault | None:
    known = OPERATIONS.get(service.code, ())
    if any(operation not in known for operation in operations):
        return Fault(FaultCode.OPERATIONS_UNKNOWN, "operations")
    if len(set(operations)) != len(operations):
        return Fault(FaultCode.OPERATIONS_TWICE, "operations")
    if known and not operations:
        return Fault(FaultCode.OPERATIONS_MISSING, "operations")
    return None


def _machines_fault(service: Service, machines: int) -> Fault | None:
    within = 1 <= machines <= MACHINES_MAX.get(service.code, 1)
    return None if within else Fault(FaultCode.MACHINES_OUT_OF_RANGE, "machines")
