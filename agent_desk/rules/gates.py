"""What must be there before a session goes on (terms, section 5); used by screens and inside the transaction alike."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from agent_desk.rules import gate_checks as check
from agent_desk.rules.catalogue import Service
from agent_desk.rules.clocks import work_warning
from agent_desk.rules.gate_checks import Check
from agent_desk.rules.gate_facts import (
    Blocker,
    Gate,
    GateFacts,
    answered,
    current,
    may_see_screen,
    price_fingerprint,
)
from agent_desk.rules.session import ConsentKind, Segment, State, Step

__all__ = [
    "Blocker",
    "Gate",
    "GateFacts",
    "Item",
    "answered",
    "blockers",
    "current",
    "may_see_screen",
    "price_fingerprint",
    "to_collect",
]

QUALIFYING: tuple[Check, ...] = (check.identity, check.holder, check.subscription, check.services)
AGREEING: tuple[Check, ...] = (
    *QUALIFYING,
    check.platform,
    check.equipment,
    check.discs,
    check.conformity,
    check.virus,
    check.warranty,
    check.price,
)
STARTING: tuple[Check, ...] = (check.backup, check.early_start, check.work_hours)
# What is typed while working can still be wrong: nothing is billed that could not have been agreed.
CLOSING: tuple[Check, ...] = (
    *QUALIFYING,
    check.platform,
    check.equipment,
    check.virus,
    check.price,
    check.statements_given,
    check.outcomes,
    check.home_visit,
    check.protection,
    check.access_ended,
    check.confirmation,
)
# States without an entry are reached freely; which may follow which is told in `lifecycle`.
CHECKS: Mapping[State, tuple[Check, ...]] = {
    State.QUALIFIED: QUALIFYING,
    State.FEASIBILITY: QUALIFYING,
    State.AGREED: AGREEING,
    State.SCHEDULED: AGREEING,
    State.IN_PROGRESS: AGREEING + STARTING,
    State.CLOSED: CLOSING,
    State.WITHDRAWN: (check.may_withdraw,),
}


@dataclass(frozen=True, slots=True)
class Item:
    """Something to collect and whether it is; `code` is a key of the wording table `collect`."""

    code: str
    done: bool
    step: Step
    field: str


def blockers(target: State, facts: GateFacts) -> tuple[Blocker, ...]:
    """Return what is missing before the session may become `target`, in the order of the steps."""
    found = [blocker for gate in CHECKS.get(target, ()) for blocker in gate(facts)]
    return tuple(sorted(found, key=lambda blocker: blocker.step))


def to_collect(facts: GateFacts) -> tuple[Item, ...]:
    """Return what this session has to collect before and during the work, done or not."""
    return tuple(
        Item(code, done=missing is None, step=step, field=field if missing is None else missing.field)
        for code, step, field, concerned, gate in COLLECTED
        if concerned(facts)
        for missing in (next(gate(facts), None),)
    )


def _always(_facts: GateFacts) -> bool:
    return True


def _caller_is_other(facts: GateFacts) -> bool:
    return not facts.content.customer.caller_is_holder


def _computer_needed(facts: GateFacts) -> bool:
    return any(service.needs_computer for service in _services(facts))


def _equipment_named(facts: GateFacts) -> bool:
    return any(service.foreign_equipment for service in _services(facts))


def _residential(facts: GateFacts) -> bool:
    return facts.content.customer.segment is Segment.RESIDENTIAL


def _sharing_asked(facts: GateFacts) -> bool:
    return current(facts.consents, ConsentKind.SCREEN_SHARING) is not None


def _late(facts: GateFacts) -> bool:
    return facts.started_at is not None and work_warning(facts.now, facts.content.customer.territory) is not None


def _services(facts: GateFacts) -> Iterator[Service]:
    found = (facts.catalogue.services.get(line.service) for line in facts.content.lines)
    return (service for service in found if service is not None)


# code, step and field to go to, when it concerns this session, what must be answered
COLLECTED: tuple[tuple[str, Step, str, Callable[[GateFacts], bool], Check], ...] = (
    ("identity", Step.CUSTOMER, "customer.surname", _always, check.identity),
    ("holder", Step.CUSTOMER, "customer.holder_permission", _caller_is_other, check.holder),
    ("subscription", Step.CUSTOMER, "customer.subscription", _always, check.subscription),
    ("platform", Step.PREREQUISITES, "prerequisites.platform", _computer_needed, check.platform),
    ("feasibility", Step.PREREQUISITES, "lines", _equipment_named, check.equipment),
    ("discs", Step.PREREQUISITES, "prerequisites.discs", _always, check.discs),
    ("conformity", Step.PREREQUISITES, "prerequisites.conformity", _always, check.conformity),
    ("virus_tool", Step.PREREQUISITES, "prerequisites.virus_tool", check.removes_virus, check.virus),
    ("warranty", Step.AGREEMENT, "consents.warranty", _always, check.warranty),
    ("backup", Step.AGREEMENT, "consents.backup", _always, check.backup),
    ("early_start", Step.AGREEMENT, "consents.early_start", _residential, check.early_start),
    ("price", Step.AGREEMENT, "consents.price", _always, check.price),
    ("screen_sharing", Step.INTERVENTION, "consents.screen_sharing", _sharing_asked, check.screen_sharing),
    ("after_hours", Step.INTERVENTION, "consents.after_hours", _late, check.after_hours),
)
