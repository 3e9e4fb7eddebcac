"""What a closed session costs: one decision per service line, the first rule that matches wins."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from agent_desk.rules.catalogue import (
    REMOVAL,
    VIRUS_REMOVAL,
    Catalogue,
    Fault,
    FaultCode,
    Service,
    lines_faults,
)
from agent_desk.rules.money import vat_included
from agent_desk.rules.session import HomeVisit, Outcome, Segment, Territory


class Rule(StrEnum):
    """Why a line costs what it costs; also the key of its wording (`rules.<rule>`)."""

    NOT_PERFORMED = "not_performed"
    OFFERED = "offered"
    VIRUS_REMOVAL_ALWAYS_BILLED = "virus_removal_always_billed"
    SOLVED = "solved"
    ONLY_HOME_VISIT_BILLED = "only_home_visit_billed"
    FAILED_SESSION_NOT_BILLED = "failed_session_not_billed"


ARTICLE: Mapping[Rule, str] = {
    Rule.NOT_PERFORMED: "5",
    Rule.OFFERED: "3.3",
    Rule.VIRUS_REMOVAL_ALWAYS_BILLED: "4.9",
    Rule.SOLVED: "5",
    Rule.ONLY_HOME_VISIT_BILLED: "4.8",
    Rule.FAILED_SESSION_NOT_BILLED: "4.9",
}
BILLED = frozenset({Rule.VIRUS_REMOVAL_ALWAYS_BILLED, Rule.SOLVED})
NEEDS_NO_VISIT = frozenset({Outcome.SOLVED, Outcome.NOT_PERFORMED})


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One service as it ended."""

    service: str
    quantity: int
    outcome: Outcome
    operations: tuple[str, ...] = ()
    machines: int = 1


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a decision depends on, the catalogue apart."""

    territory: Territory
    segment: Segment
    home_visit: HomeVisit
    lines: tuple[CaseLine, ...]


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """One line's amount including VAT, and the rule and article it follows from."""

    service: str
    rule: Rule
    article: str
    amount_cents: int
    unit_price_cents: int
    quantity: int
    vat_cents: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What the session costs; `travel_ceiling_cents` bounds the visit's travel fee, None without a visit."""

    lines: tuple[DecidedLine, ...]
    total_cents: int
    vat_cents: int
    travel_ceiling_cents: int | None


class InvalidCase(ValueError):
    """A case nothing can be decided on; `faults` names each refused value."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.code}" for fault in faults))
        self.faults = faults


def _not_performed(line: CaseLine, _service: Service, _visit: HomeVisit) -> bool:
    return line.outcome is Outcome.NOT_PERFORMED


def _offered(_line: CaseLine, service: Service, _visit: HomeVisit) -> bool:
    return service.price_cents == 0


def _virus_removal(line: CaseLine, _service: Service, _visit: HomeVisit) -> bool:
    return line.service == VIRUS_REMOVAL and REMOVAL in line.operations


def _solved(line: CaseLine, _service: Service, _visit: HomeVisit) -> bool:
    return line.outcome is Outcome.SOLVED


def _visit_accepted(_line: CaseLine, _service: Service, visit: HomeVisit) -> bool:
    return visit is HomeVisit.ACCEPTED


def _otherwise(_line: CaseLine, _service: Service, _visit: HomeVisit) -> bool:
    return True


# In the order of the terms: the first that applies decides.
RULES: tuple[tuple[Rule, Callable[[CaseLine, Service, HomeVisit], bool]], ...] = (
    (Rule.NOT_PERFORMED, _not_performed),
    (Rule.OFFERED, _offered),
    (Rule.VIRUS_REMOVAL_ALWAYS_BILLED, _virus_removal),
    (Rule.SOLVED, _solved),
    (Rule.ONLY_HOME_VISIT_BILLED, _visit_accepted),
    (Rule.FAILED_SESSION_NOT_BILLED, _otherwise),
)


def needs_visit(outcomes: Iterable[Outcome]) -> bool:
    """Tell whether a home visit may be offered: some line was begun and not solved (4.8)."""
    return any(outcome not in NEEDS_NO_VISIT for outcome in outcomes)


def decide(case: Case, catalogue: Catalogue) -> Decision:
    """Return what each line costs and why (3.3, 4.8, 4.9, 5); raise InvalidCase when the case cannot be sold."""
    faults = case_faults(case, catalogue)
    if faults:
        raise InvalidCase(faults)
    lines = tuple(_decide_line(line, case.home_visit, catalogue) for line in case.lines)
    visit = case.home_visit is HomeVisit.ACCEPTED
    return Decision(
        lines=lines,
        total_cents=sum(line.amount_cents for line in lines),
        vat_cents=sum(line.vat_cents for line in lines),
        travel_ceiling_cents=catalogue.travel_ceilings[case.territory] if visit else None,
    )


def case_faults(case: Case, catalogue: Catalogue) -> tuple[Fault, ...]:
    """Return what is wrong with the case, the visit last; empty when `decide` will answer."""
    faults = lines_faults(case.lines, case.segment, catalogue)
    if case.home_visit is HomeVisit.ACCEPTED and not needs_visit(line.outcome for line in case.lines):
        faults += (Fault(FaultCode.HOME_VISIT_WITHOUT_NEED, "home_visit"),)
    return faults


def _decide_line(line: CaseLine, visit: HomeVisit, catalogue: Catalogue) -> DecidedLine:
    service = catalogue.services[line.service]
    rule = next(rule for rule, applies in RULES if applies(line, service, visit))
    amount = service.price_cents * line.quantity if rule in BILLED else 0
    return DecidedLine(
        service=line.service,
        rule=rule,
        article=ARTICLE[rule],
        amount_cents=amount,
        unit_price_cents=service.price_cents,
        quantity=line.quantity,
        vat_cents=vat_included(amount, catalogue.vat_permille),
    )
