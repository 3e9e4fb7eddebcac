"""Each gate as one question to the facts, yielding what is missing."""

from collections.abc import Callable, Iterator, Mapping

from agent_desk.rules.billing import needs_visit
from agent_desk.rules.catalogue import REMOVAL, VIRUS_REMOVAL, FaultCode, Service, lines_faults
from agent_desk.rules.clocks import withdrawal, withdrawal_over, within_work_hours
from agent_desk.rules.gate_facts import Blocker, Gate, GateFacts, answered, current, may_see_screen, price_fingerprint
from agent_desk.rules.identity import equipment_key, is_callback_number, is_customer_number, is_email
from agent_desk.rules.session import (
    Answer,
    ConsentKind,
    Customer,
    Feasibility,
    HomeVisit,
    Line,
    Outcome,
    Segment,
    Step,
    VirusTool,
)
from agent_desk.rules.sms import mobile_number
from agent_desk.rules.territories import local

Check = Callable[[GateFacts], Iterator[Blocker]]

_FAULT_GATES: Mapping[FaultCode, Gate] = {
    FaultCode.NO_LINES: Gate.SERVICES,
    FaultCode.TOO_MANY_LINES: Gate.SERVICES,
    FaultCode.UNKNOWN_SERVICE: Gate.UNKNOWN_SERVICE,
    FaultCode.PRO_ONLY: Gate.PRO_ONLY,
    FaultCode.QUANTITY_OUT_OF_RANGE: Gate.QUANTITY,
    FaultCode.QUANTITY_ALWAYS_ONE: Gate.QUANTITY,
    FaultCode.OPERATIONS_MISSING: Gate.OPERATIONS,
    FaultCode.OPERATIONS_UNKNOWN: Gate.OPERATIONS,
    FaultCode.OPERATIONS_TWICE: Gate.OPERATIONS,
    FaultCode.MACHINES_OUT_OF_RANGE: Gate.MACHINES,
}
STATEMENTS: Mapping[Gate, ConsentKind] = {
    Gate.EARLY_START: ConsentKind.EARLY_START,
    Gate.EARLY_START_WAIVER: ConsentKind.EARLY_START_WAIVER,
}
_IDENTITY: tuple[tuple[Gate, str, Callable[[Customer], bool]], ...] = (
    (Gate.SURNAME, "surname", lambda customer: bool(customer.surname.strip())),
    (Gate.FIRST_NAME, "first_name", lambda customer: bool(customer.first_name.strip())),
    (Gate.ADDRESS, "address", lambda customer: bool(customer.address.strip())),
    (Gate.ADDRESS, "postcode", lambda customer: bool(customer.postcode.strip())),
    (Gate.ADDRESS, "city", lambda customer: bool(customer.city.strip())),
    (Gate.LOGIN, "login", lambda customer: bool(customer.login.strip())),
    (Gate.CUSTOMER_NUMBER, "customer_number", lambda customer: is_customer_number(customer.customer_number)),
    (Gate.CALLBACK_NUMBER, "callback_number", lambda customer: is_callback_number(customer.callback_number)),
    (
        Gate.EMAIL,
        "email",
        lambda customer: is_email(customer.email) if customer.email else bool(customer.no_email_reason),
    ),
)


def identity(facts: GateFacts) -> Iterator[Blocker]:
    """3.2: who the customer is; e-mail, or why there is none."""
    for code, field, good in _IDENTITY:
        if not good(facts.content.customer):
            yield Blocker(code, Step.CUSTOMER, f"customer.{field}", "4.7" if code is Gate.EMAIL else "3.2")


def holder(facts: GateFacts) -> Iterator[Blocker]:
    """3.2: a caller who is not the holder is named, and has the holder's permission."""
    customer = facts.content.customer
    if customer.caller_is_holder:
        return
    if not customer.caller_name.strip():
        yield Blocker(Gate.CALLER, Step.CUSTOMER, "customer.caller_name", "3.2")
    if not customer.holder_permission:
        yield Blocker(Gate.HOLDER_PERMISSION, Step.CUSTOMER, "customer.holder_permission", "3.2")


def subscription(facts: GateFacts) -> Iterator[Blocker]:
    """2.1: the customer holds the subscription."""
    if not facts.content.customer.subscription:
        yield Blocker(Gate.SUBSCRIPTION, Step.CUSTOMER, "customer.subscription", "2.1")


def services(facts: GateFacts) -> Iterator[Blocker]:
    """3.3: at least one service, each sold to this segment in this quantity."""
    content = facts.content
    for fault in lines_faults(content.lines, content.customer.segment, facts.catalogue):
        yield Blocker(_FAULT_GATES[fault.code], Step.REQUEST, fault.path, "3.3")


def platform(facts: GateFacts) -> Iterator[Blocker]:
    """4.1: where a service needs a computer, its system is supported, or was found feasible."""
    if not any(service.needs_computer for _, _, service in _sold(facts)):
        return
    prerequisites = facts.content.prerequisites
    system = facts.platforms.get(prerequisites.platform)
    if system is None:
        yield Blocker(Gate.PLATFORM, Step.PREREQUISITES, "prerequisites.platform", "4.1")
    elif not system.ready and prerequisites.platform_feasibility is not Feasibility.YES:
        refused = prerequisites.platform_feasibility is Feasibility.NO
        code = Gate.NOT_FEASIBLE if refused else Gate.PLATFORM_FEASIBILITY
        yield Blocker(code, Step.PREREQUISITES, "prerequisites.platform_feasibility", "4.1")


def equipment(facts: GateFacts) -> Iterator[Blocker]:
    """4.4: equipment bought elsewhere is named and was found feasible, now or earlier."""
    feasible = facts.known_equipment | {
        equipment_key(line.equipment) for line in facts.content.lines if line.feasibility is Feasibility.YES
    }
    for position, line, service in _sold(facts):
        if not service.foreign_equipment:
            continue
        key = equipment_key(line.equipment)
        if not key:
            yield Blocker(Gate.EQUIPMENT, Step.PREREQUISITES, f"lines[{position}].equipment", "4.4")
        elif line.feasibility is Feasibility.NO:
            yield Blocker(Gate.NOT_FEASIBLE, Step.PREREQUISITES, f"lines[{position}].feasibility", "4.4")
        elif key not in feasible:
            yield Blocker(Gate.EQUIPMENT_FEASIBILITY, Step.PREREQUISITES, f"lines[{position}].feasibility", "4.4")


def discs(facts: GateFacts) -> Iterator[Blocker]:
    """3.3: installation discs, drivers and leaflets are at hand."""
    if not facts.content.prerequisites.discs:
        yield Blocker(Gate.DISCS, Step.PREREQUISITES, "prerequisites.discs", "3.3")


def conformity(facts: GateFacts) -> Iterator[Blocker]:
    """4.2: hardware, software and wiring are as their makers want them."""
    if not facts.content.prerequisites.conformity:
        yield Blocker(Gate.CONFORMITY, Step.PREREQUISITES, "prerequisites.conformity", "4.2")


def virus(facts: GateFacts) -> Iterator[Blocker]:
    """3.3: removing a virus needs the Internet, and a free tool or one the customer has the licence of."""
    if not removes_virus(facts):
        return
    prerequisites = facts.content.prerequisites
    if not prerequisites.internet_working:
        yield Blocker(Gate.INTERNET, Step.PREREQUISITES, "prerequisites.internet_working", "3.3")
    if prerequisites.virus_tool is VirusTool.UNKNOWN:
        yield Blocker(Gate.VIRUS_TOOL, Step.PREREQUISITES, "prerequisites.virus_tool", "3.3")
    if prerequisites.virus_tool is VirusTool.OWN_UNLICENSED:
        yield Blocker(Gate.VIRUS_LICENCE, Step.PREREQUISITES, "prerequisites.virus_tool", "3.3")


def warranty(facts: GateFacts) -> Iterator[Blocker]:
    """4.10: the customer heard what the work may do to the maker's guarantee."""
    if not answered(facts.consents, ConsentKind.WARRANTY, Answer.YES):
        yield Blocker(Gate.WARRANTY, Step.AGREEMENT, "consents.warranty", "4.10")


def price(facts: GateFacts) -> Iterator[Blocker]:
    """3.3: the price of exactly these services was accepted; after a change, again."""
    consent = current(facts.consents, ConsentKind.PRICE)
    if consent is None or consent.answer is not Answer.YES:
        yield Blocker(Gate.PRICE, Step.AGREEMENT, "consents.price", "3.3")
    elif consent.covers != price_fingerprint(facts.content.lines, facts.catalogue):
        yield Blocker(Gate.PRICE_CHANGED, Step.AGREEMENT, "consents.price", "3.3")


def backup(facts: GateFacts) -> Iterator[Blocker]:
    """4.3: everything is backed up, or the customer bears the consequences."""
    if not answered(facts.consents, ConsentKind.BACKUP, Answer.DONE, Answer.NONE_ACCEPTED):
        yield Blocker(Gate.BACKUP, Step.AGREEMENT, "consents.backup", "4.3")


def early_start(facts: GateFacts) -> Iterator[Blocker]:
    """Article 10: a residential customer's withdrawal period is over, or both statements are recorded."""
    if facts.content.customer.segment is Segment.PRO or withdrawal_has_ended(facts):
        return
    if not answered(facts.consents, ConsentKind.EARLY_START, Answer.YES):
        yield Blocker(Gate.EARLY_START, Step.AGREEMENT, "consents.early_start", "10")
    if not answered(facts.consents, ConsentKind.EARLY_START_WAIVER, Answer.YES):
        yield Blocker(Gate.EARLY_START_WAIVER, Step.AGREEMENT, "consents.early_start_waiver", "10")


def statements_given(facts: GateFacts) -> Iterator[Blocker]:
    """Article 10: work for a residential customer has had both statements once, whoever they were taken for at first.

    Taking a statement back afterwards does not undo the work it allowed.
    """
    given = {consent.kind for consent in facts.consents if consent.answer is Answer.YES}
    yield from (blocker for blocker in early_start(facts) if STATEMENTS[blocker.code] not in given)


def work_hours(facts: GateFacts) -> Iterator[Blocker]:
    """3.2: work begins between 8 and 21 h on the customer's clock; what has begun goes on later with their yes."""
    if within_work_hours(facts.now, facts.content.customer.territory):
        return
    if facts.started_at is not None:
        yield from after_hours(facts)
    else:
        yield Blocker(Gate.OUTSIDE_HOURS, Step.INTERVENTION, "call.started_at", "3.2")


def screen_sharing(facts: GateFacts) -> Iterator[Blocker]:
    """2.2, 4.6: the screen is seen only with the customer's yes, given on the page."""
    if not may_see_screen(facts.consents):
        yield Blocker(Gate.SCREEN_SHARING, Step.INTERVENTION, "consents.screen_sharing", "2.2")


def after_hours(facts: GateFacts) -> Iterator[Blocker]:
    """3.2: going on after 21 h needs the customer's yes of the same evening."""
    consent = current(facts.consents, ConsentKind.AFTER_HOURS)
    territory = facts.content.customer.territory
    same_day = consent is not None and local(consent.at, territory).date() == local(facts.now, territory).date()
    if consent is None or consent.answer is not Answer.YES or not same_day:
        yield Blocker(Gate.AFTER_HOURS, Step.INTERVENTION, "consents.after_hours", "3.2")


def outcomes(facts: GateFacts) -> Iterator[Blocker]:
    """5: every line says how it ended."""
    for position, line in enumerate(facts.content.lines):
        if line.outcome is None:
            yield Blocker(Gate.OUTCOME, Step.CLOSING, f"lines[{position}].outcome", "5")


def home_visit(facts: GateFacts) -> Iterator[Blocker]:
    """4.8: a technician comes only where something begun was not solved."""
    noted = [line.outcome for line in facts.content.lines if line.outcome is not None]
    if facts.content.closing.home_visit is HomeVisit.ACCEPTED and not needs_visit(noted):
        yield Blocker(Gate.HOME_VISIT, Step.CLOSING, "closing.home_visit", "4.8")


def protection(facts: GateFacts) -> Iterator[Blocker]:
    """4.5: firewall and antivirus that were switched off are on again."""
    off, on = facts.content.closing.protection_off_at, facts.content.closing.protection_on_at
    if off is not None and (on is None or on < off):
        yield Blocker(Gate.PROTECTION, Step.CLOSING, "closing.protection_on_at", "4.5")


def access_ended(facts: GateFacts) -> Iterator[Blocker]:
    """4.6, 2.2: no code waits and no screen is shared any more."""
    if facts.code_live:
        yield Blocker(Gate.CODE, Step.INTERVENTION, "code", "4.6")
    if facts.share_live:
        yield Blocker(Gate.SHARE, Step.INTERVENTION, "share", "2.2")


def confirmation(facts: GateFacts) -> Iterator[Blocker]:
    """4.7: the confirmation can go by mail, or it is said why not and by what else it goes."""
    customer, way = facts.content.customer, facts.content.closing.confirmation
    by_mail = way == "email" and is_email(customer.email)
    otherwise = way in ("letter", "sms") and bool(customer.no_email_reason)
    if not (by_mail or otherwise):
        yield Blocker(Gate.CONFIRMATION, Step.CLOSING, "closing.confirmation", "4.7")
    elif way == "sms" and not mobile_number(customer.callback_number):
        yield Blocker(Gate.MOBILE, Step.CLOSING, "closing.confirmation", "4.7")


def may_withdraw(facts: GateFacts) -> Iterator[Blocker]:
    """Article 10: only residential customers withdraw, and in time."""
    if facts.content.customer.segment is Segment.PRO:
        yield Blocker(Gate.WITHDRAWAL_PRO, Step.CUSTOMER, "customer.segment", "10")
    elif withdrawal_has_ended(facts):
        yield Blocker(Gate.WITHDRAWAL_OVER, Step.AGREEMENT, "consents.price", "10")


def withdrawal_has_ended(facts: GateFacts) -> bool:
    """Tell whether the offer was accepted so long ago that the right to withdraw has run out."""
    if facts.agreed_at is None:
        return False
    territory = facts.content.customer.territory
    terms = withdrawal(facts.agreed_at, territory, facts.extra_days, facts.published_days)
    return withdrawal_over(terms, facts.now, territory)


def removes_virus(facts: GateFacts) -> bool:
    """Tell whether a line asks to remove viruses, not only to optimise."""
    return any(line.service == VIRUS_REMOVAL and REMOVAL in line.operations for _, line, _ in _sold(facts))


def _sold(facts: GateFacts) -> Iterator[tuple[int, Line, Service]]:
    """Yield the lines with their services; once work has begun, one that is not performed needs nothing any more."""
    for position, line in enumerate(facts.content.lines):
        service = facts.catalogue.services.get(line.service)
        dropped = facts.started_at is not None and line.outcome is Outcome.NOT_PERFORMED
        if service is not None and not dropped:
            yield position, line, service
