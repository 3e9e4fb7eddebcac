"""The gates as actions pass them: inside the transaction, on what the database says."""

from dataclasses import dataclass
from datetime import date, datetime

from agent_desk.actions.errors import Refusal
from agent_desk.actions.prices import session_catalogue
from agent_desk.actions.record import Held
from agent_desk.actions.site_catalogue import price_day, reference_of
from agent_desk.reference import Reference
from agent_desk.rules.catalogue import Catalogue
from agent_desk.rules.clocks import within_work_hours
from agent_desk.rules.gate_checks import STATEMENTS, early_start, work_hours
from agent_desk.rules.gates import Blocker, GateFacts, blockers
from agent_desk.rules.lifecycle import may_become
from agent_desk.rules.session import Consent, ConsentKind, Content, State
from agent_desk.storage.consents import read_consents
from agent_desk.storage.decisions import PricedLine, read_lines


@dataclass(frozen=True, slots=True)
class Standing:
    """What a held session stands on: its prices, the texts it is read, and the customer's answers."""

    reference: Reference
    day: date  # of the agreement, today before it
    catalogue: Catalogue
    agreed: tuple[PricedLine, ...]
    consents: tuple[Consent, ...]


def standing(held: Held) -> Standing:
    """Return the session's catalogue, agreed lines and consents."""
    agreed = read_lines(held.tx, held.id)
    accepted = held.record.agreed_at or held.now
    day = price_day(accepted, held.record.content.customer.territory)
    reference = reference_of(held.ctx, held.tx)
    catalogue = session_catalogue(reference, day, agreed)
    return Standing(reference, day, catalogue, agreed, read_consents(held.tx, held.id))


def pass_gate(
    held: Held, target: State, ground: Standing, *, content: Content | None = None, agreed_at: datetime | None = None
) -> None:
    """Refuse `wrong_state` or `blocked` unless the session may become `target` now; `agreed_at` replaces the kept one."""
    if not may_become(held.record.state, target):
        raise Refusal("wrong_state")
    check_gate(held, target, ground, content=content, agreed_at=agreed_at)


def check_gate(
    held: Held, target: State, ground: Standing, *, content: Content | None = None, agreed_at: datetime | None = None
) -> None:
    """Refuse `blocked`, naming everything that is missing for `target`; closing itself ends a live code and a share."""
    _refuse(blockers(target, _facts(held, ground, content, agreed_at)))


def check_hours(held: Held) -> None:
    """Refuse `blocked` outside the working hours, unless the customer has said this evening that work goes on (3.2)."""
    if not within_work_hours(held.now, held.record.content.customer.territory):
        _refuse(tuple(work_hours(_facts(held, standing(held)))))


def open_statements(held: Held, ground: Standing) -> tuple[ConsentKind, ...]:
    """Return the statements the customer has still to make before work may begin (10)."""
    return tuple(STATEMENTS[blocker.code] for blocker in early_start(_facts(held, ground)))


def _facts(
    held: Held, ground: Standing, content: Content | None = None, agreed_at: datetime | None = None
) -> GateFacts:
    settings = held.ctx.settings
    return GateFacts(
        content=content or held.record.content,
        consents=ground.consents,
        catalogue=ground.catalogue,
        platforms=held.ctx.reference.platforms,
        now=held.now,
        agreed_at=agreed_at or held.record.agreed_at,
        started_at=held.record.started_at,
        extra_days=settings.extra_holidays,
        published_days=settings.withdrawal_published_days,
    )


def _refuse(missing: tuple[Blocker, ...]) -> None:
    if missing:
        raise Refusal("blocked", fields=tuple(blocker.field for blocker in missing), blockers=missing)
