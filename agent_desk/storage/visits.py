"""Home visits as rows: booked, moved, done or not, and decided; one that ended never changes."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from agent_desk.rules.session import Territory
from agent_desk.rules.visit import Visit, VisitState, VisitTerms, Window
from agent_desk.storage.decisions import Kept, columns_of, kept_in
from agent_desk.storage.refused import RefusedByRights
from agent_desk.storage.tables import person, session
from agent_desk.storage.visit_tables import AT_ITS_END, billed_visit, visit, visit_decision

AT_ONCE = 1000
DECIDED = "visit_decided"
_DECISIONS = select(visit_decision, session.c.number.label("session_number")).join(
    session, session.c.id == visit_decision.c.session_id
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDecisionRecord(Kept):
    """What a visit cost, as kept."""

    visit_id: int


@dataclass(frozen=True, slots=True)
class UnbilledVisit:
    """A visit's decision that is in no batch yet."""

    decision_id: int
    session_number: str
    customer_number: str
    decided_at: datetime
    catalogue_version: str
    inputs: str
    result: str


def add_visit(
    tx: Connection,
    session_id: int,
    promise_id: int,
    window: Window,
    terms: VisitTerms,
    fee_cents: int,
    *,
    at: datetime,
    asked_at: datetime,
    accepted_at: datetime,
    agent: str,
    severe_weather: bool,
    after_id: int | None = None,
) -> int:
    """Insert a booked visit and return its id; RefusedByRights `visit_there` where the session has one already."""
    row = {
        "session_id": session_id,
        "promise_id": promise_id,
        "after_id": after_id,
        "state": VisitState.BOOKED,
        "territory": terms.territory,
        "begins_at": window.begins,
        "ends_at": window.ends,
        "fee_cents": fee_cents,
        "ceiling_cents": terms.ceiling_cents,
        "vat_permille": terms.vat_permille,
        "asked_at": asked_at,
        "accepted_at": accepted_at,
        "booked_at": at,
        "agent": agent,
        "severe_weather": int(severe_weather),
    }
    try:
        return int(tx.execute(insert(visit).values(**row).returning(visit.c.id)).scalar_one())
    except IntegrityError as error:
        raise RefusedByRights("visit_there") from error


def session_visits(tx: Connection, session_id: int) -> tuple[Visit, ...]:
    """Return the session's visits, oldest first."""
    query = select(visit).where(visit.c.session_id == session_id).order_by(visit.c.id)
    return tuple(map(_visit, tx.execute(query)))


def booked_visit(tx: Connection, session_id: int) -> Visit | None:
    """Return the session's visit that is booked, or None."""
    query = select(visit).where(visit.c.session_id == session_id, visit.c.state == VisitState.BOOKED)
    row = tx.execute(query).one_or_none()
    return None if row is None else _visit(row)


def stands(tx: Connection, session_id: int) -> bool:
    """Tell whether the session has a visit that is booked or was done."""
    states = (VisitState.BOOKED, VisitState.DONE)
    query = select(exists().where(visit.c.session_id == session_id, visit.c.state.in_(states)))
    return bool(tx.execute(query).scalar_one())


def is_theirs(tx: Connection, session_id: int, mark: str) -> bool:
    """Tell whether that person, of a team or of none, sees to what follows the session."""
    own = select(person.c.team_id).where(person.c.mark == mark).scalar_subquery()
    others = exists().where(session.c.id == session_id, session.c.team_id != own)  # true of neither without a team
    return not tx.execute(select(others)).scalar_one()


def end_visit(
    tx: Connection,
    visit_id: int,
    state: VisitState,
    *,
    at: datetime,
    reason: str,
    severe_weather: bool,
    customer_wish: bool,
) -> bool:
    """End a booked visit as `state`; False where it has ended meanwhile. The weather of the booking stands."""
    booked = update(visit).where(visit.c.id == visit_id, visit.c.state == VisitState.BOOKED)
    weather = case((visit.c.severe_weather == 0, AT_ITS_END if severe_weather else 0), else_=visit.c.severe_weather)
    changed = booked.values(
        state=state, ended_at=at, reason=reason, severe_weather=weather, customer_wish=int(customer_wish)
    )
    return tx.execute(changed).rowcount == 1


def add_visit_decision(tx: Connection, kept: VisitDecisionRecord) -> None:
    """Insert what a visit cost; a second time is refused by the database."""
    tx.execute(insert(visit_decision).values(**columns_of(kept)))


def read_visit_decisions(tx: Connection, after_id: int, limit: int) -> tuple[tuple[int, VisitDecisionRecord], ...]:
    """Return up to `limit` decisions on visits with their ids, ids above `after_id`, oldest first."""
    query = _DECISIONS.where(visit_decision.c.id > after_id).order_by(visit_decision.c.id).limit(limit)
    return tuple((row.id, kept_in(row, VisitDecisionRecord)) for row in tx.execute(query))


def decision_on_visit(tx: Connection, session_id: int) -> VisitDecisionRecord | None:
    """Return what the session's visit cost; None where none was done."""
    row = tx.execute(_DECISIONS.where(visit_decision.c.session_id == session_id)).one_or_none()
    return None if row is None else kept_in(row, VisitDecisionRecord)


def unbilled_visits(tx: Connection, until: datetime, most: int) -> Generator[UnbilledVisit, None, None]:
    """Yield up to `most` decisions on visits made before `until` that are in no batch, oldest first."""
    query = (
        select(visit_decision, session.c.number, session.c.customer_number)
        .join(session, session.c.id == visit_decision.c.session_id)
        .outerjoin(billed_visit, billed_visit.c.decision_id == visit_decision.c.id)
        .where(visit_decision.c.decided_at < until, billed_visit.c.decision_id.is_(None))
        .order_by(visit_decision.c.id)
        .limit(most)
    )
    with tx.execute(query.execution_options(yield_per=AT_ONCE)) as found:
        for row in found:
            yield UnbilledVisit(
                decision_id=row.id,
                session_number=row.number,
                customer_number=row.customer_number,
                decided_at=row.decided_at,
                catalogue_version=row.catalogue_version,
                inputs=row.inputs,
                result=row.result,
            )


def _visit(row: Row[Any]) -> Visit:
    return Visit(
        id=row.id,
        session_id=row.session_id,
        promise_id=row.promise_id,
        after_id=row.after_id,
        state=VisitState(row.state),
        window=Window(row.begins_at, row.ends_at),
        terms=VisitTerms(Territory(row.territory), row.ceiling_cents, row.vat_permille),
        fee_cents=row.fee_cents,
        asked_at=row.asked_at,
        accepted_at=row.accepted_at,
        booked_at=row.booked_at,
        agent=row.agent,
        severe_weather=bool(row.severe_weather),
        ended_at=row.ended_at,
        reason=row.reason,
    )
