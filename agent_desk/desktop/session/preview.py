"""What the screen says about a session before anything is written: the same rules the actions apply, no I/O."""

from dataclasses import dataclass
from datetime import date, datetime

from agent_desk.actions.views import SessionView
from agent_desk.reference import Reference
from agent_desk.rules.billing import Case, CaseLine, Decision, InvalidCase, decide, needs_visit
from agent_desk.rules.catalogue import Catalogue
from agent_desk.rules.gates import Blocker, GateFacts, Item, blockers, to_collect
from agent_desk.rules.money import vat_included
from agent_desk.rules.session import ENDED, Content, HomeVisit, State, Step
from agent_desk.rules.territories import local
from agent_desk.settings import Settings


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One service of the running total; `amount_cents` is decided once its outcome is known."""

    service: str
    amount_cents: int
    full_cents: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything shown beside the step: prices, what to collect, what blocks."""

    facts: GateFacts
    day: date  # whose prices and texts these are
    lines: tuple[PricedLine, ...]
    total_cents: int
    vat_cents: int
    decision: Decision | None
    items: tuple[Item, ...]
    target: State | None  # what the next change of state leads to; None once the session has ended
    blockers: tuple[Blocker, ...]  # before that target

    def blocking(self, step: Step) -> tuple[Blocker, ...]:
        """Return what keeps the agent from going on from `step`."""
        return tuple(blocker for blocker in self.blockers if blocker.step <= step)


def preview(view: SessionView, content: Content, reference: Reference, settings: Settings, now: datetime) -> Preview:
    """Return what the session would cost, still has to collect, and is blocked by, as things stand on screen."""
    facts = gate_facts(view, content, reference, settings, now)
    decision = view.decision or decided(content, facts.catalogue)
    lines = _priced(content, facts.catalogue, decision)
    target = next_state(view.state)
    return Preview(
        facts=facts,
        day=day_of(view, content, now),
        lines=lines,
        total_cents=sum(line.amount_cents for line in lines),
        vat_cents=sum(vat_included(line.amount_cents, facts.catalogue.vat_permille) for line in lines),
        decision=decision,
        items=to_collect(facts),
        target=target,
        blockers=blockers(target, facts) if target else (),
    )


def gate_facts(
    view: SessionView, content: Content, reference: Reference, settings: Settings, now: datetime
) -> GateFacts:
    """Return what the gates look at, from the screen rather than the database."""
    return GateFacts(
        content=content,
        consents=view.consents,
        catalogue=catalogue_of(view, content, reference, now),
        platforms=reference.platforms,
        now=now,
        agreed_at=view.agreed_at,
        started_at=view.started_at,
        extra_days=settings.extra_holidays,
        published_days=settings.withdrawal_published_days,
    )


def catalogue_of(view: SessionView, content: Content, reference: Reference, now: datetime) -> Catalogue:
    """Return the catalogue whose prices the session keeps."""
    return reference.catalogue_on(day_of(view, content, now))


def day_of(view: SessionView, content: Content, now: datetime) -> date:
    """Return the day whose prices and texts hold: of acceptance, of today before that, on the customer's calendar."""
    return local(view.price_date or now, content.customer.territory).date()


def next_state(state: State) -> State | None:
    """Return what F9 leads to from `state`; None once it has ended."""
    if state in ENDED:
        return None
    if state is State.IN_PROGRESS:
        return State.CLOSED
    return State.IN_PROGRESS if state in (State.AGREED, State.SCHEDULED) else State.AGREED


def decided(content: Content, catalogue: Catalogue) -> Decision | None:
    """Return what would be billed, once every line has an outcome; None before, or when the case cannot be sold."""
    if not content.lines or any(line.outcome is None for line in content.lines):
        return None
    lines = tuple(
        CaseLine(line.service, line.quantity, line.outcome, line.operations, line.machines)
        for line in content.lines
        if line.outcome is not None
    )
    customer = content.customer
    try:
        return decide(Case(customer.territory, customer.segment, content.closing.home_visit, lines), catalogue)
    except InvalidCase:
        return None


def may_offer_visit(content: Content) -> bool:
    """Tell whether a technician may be offered (4.8), or was and must be taken back."""
    outcomes = [line.outcome for line in content.lines if line.outcome is not None]
    return needs_visit(outcomes) or content.closing.home_visit is not HomeVisit.NONE


def _priced(content: Content, catalogue: Catalogue, decision: Decision | None) -> tuple[PricedLine, ...]:
    sold = [(line, catalogue.services[line.service]) for line in content.lines if line.service in catalogue.services]
    full = [service.price_cents * max(1, line.quantity) for line, service in sold]
    amounts = [line.amount_cents for line in decision.lines] if decision and len(decision.lines) == len(sold) else full
    return tuple(
        PricedLine(line.service, amount, price) for (line, _), amount, price in zip(sold, amounts, full, strict=True)
    )


def done_steps(shown: Preview, view: SessionView, step: Step) -> frozenset[Step]:
    """Return the steps that miss nothing, of those the session has been through."""
    missing = {blocker.step for blocker in blockers(State.IN_PROGRESS, shown.facts)}
    reached = Step.AGREEMENT if view.agreed_at is not None else Step(max(step - 1, 1))
    done = {one for one in Step if one <= min(reached, Step.AGREEMENT) and one not in missing}
    if step is Step.CUSTOMER and view.state is State.DRAFT:
        done.discard(Step.CUSTOMER)
    if view.state is State.CLOSED or (view.state is State.IN_PROGRESS and step is Step.CLOSING):
        done.add(Step.INTERVENTION)
    return frozenset(done | {Step.CLOSING} if view.state is State.CLOSED else done)
