"""Call-backs at an agreed hour as rows: who may be booked, who is busy when, and what became of each."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, literal_column, select, text, update
from sqlalchemy.exc import IntegrityError

from agent_desk.rules.appointment import LONGEST, Agent, Appointment, AppointmentState, Attempt, Busy, CallEnd
from agent_desk.rules.people import Role
from agent_desk.rules.session import Step, Territory
from agent_desk.storage.appointment_tables import appointment, call_attempt
from agent_desk.storage.refused import refusals
from agent_desk.storage.tables import draft, person, session, team
from agent_desk.storage.types import microseconds

BOOKED = AppointmentState.BOOKED
NEVER_TWICE = "ex_appointment_person"
# One row for each agent: in four weeks of three hundred there are tens of thousands of calls, and Python would read them
# one by one. A call that began before the span may still go on in it.
_BUSY = """
    SELECT person_id, {join} AS spans FROM appointment
    WHERE team_id = :team AND state = 'booked' AND starts_at >= :since AND starts_at < :until GROUP BY person_id
"""
_GO_ON = text("SELECT desk_go_on(:of, :taken_up, :step, :seconds)")
_SPAN = "CAST(starts_at / 900000000 AS TEXT) || ' ' || CAST(ends_at / 900000000 AS TEXT)"
_JOIN = {"postgresql": f"string_agg({_SPAN}, ' ')", "sqlite": f"group_concat({_SPAN}, ' ')"}
_BUSY_ON = {dialect: text(_BUSY.format(join=join)) for dialect, join in _JOIN.items()}


@dataclass(frozen=True, slots=True)
class Booked:
    """What the clock of a session that waits for a call-back depends on."""

    accepted_at: datetime
    ends_at: datetime


# A draft leaves out what is as usual.
_PLACE_ON: dict[str, ColumnElement[Any]] = {
    "postgresql": literal_column("(draft.content::jsonb #>> '{customer,territory}')"),
    "sqlite": literal_column("json_extract(draft.content, '$.customer.territory')"),
}


class SlotTaken(Exception):
    """Somebody else has booked that agent meanwhile; nothing was written."""


def agents_of(tx: Connection, team_id: int) -> tuple[Agent, ...]:
    """Return the agents of a team who may be booked, by name."""
    query = select(person.c.id, person.c.mark, person.c.name).where(person.c.active, person.c.role == Role.AGENT)
    theirs = person.c.team_id == team_id if team_id else person.c.team_id.is_(None)
    return tuple(Agent(row.id, row.mark, row.name) for row in tx.execute(query.where(theirs).order_by(person.c.name)))


def team_of_session(tx: Connection, session_id: int) -> int:
    """Return whose team a session is in, 0 where nobody signs in."""
    return tx.execute(select(session.c.team_id).where(session.c.id == session_id)).scalar_one_or_none() or 0


def team_name(tx: Connection, team_id: int) -> str:
    """Return what a team is called, "" for none."""
    query = select(team.c.name).where(team.c.id == team_id)
    return (tx.execute(query).scalar_one_or_none() or "") if team_id else ""


def agent_marked(tx: Connection, mark: str) -> Agent | None:
    """Return the person the log calls by that mark, or None."""
    query = select(person.c.id, person.c.mark, person.c.name).where(person.c.mark == mark, person.c.active)
    row = tx.execute(query).one_or_none()
    return None if row is None else Agent(row.id, row.mark, row.name)


def busy(tx: Connection, team_id: int, agents: Sequence[Agent], base: int, span: tuple[datetime, datetime]) -> Busy:
    """Return for each agent the quarters of an hour in which they are booked, as bits from quarter `base` on."""
    found = {one.id: "" for one in agents}
    since, until = microseconds(span[0] - LONGEST), microseconds(span[1])
    for row in tx.execute(_BUSY_ON[tx.dialect.name], {"team": team_id, "since": since, "until": until}):
        if row.person_id in found:
            found[row.person_id] = row.spans
    return Busy(found, base)


@contextmanager
def slot_may_be_taken() -> Iterator[None]:
    """Raise SlotTaken where the database refuses to book somebody twice; the transaction is lost then."""
    try:
        yield
    except IntegrityError as error:
        if NEVER_TWICE in str(error.orig):
            raise SlotTaken from error
        raise


def add_appointment(tx: Connection, **columns: Any) -> int:
    """Insert a booked call-back and return its id; SlotTaken."""
    with slot_may_be_taken():
        made = tx.execute(insert(appointment).values(state=BOOKED, **columns).returning(appointment.c.id))
        return int(made.scalar_one())


def read_appointment(tx: Connection, appointment_id: int) -> Appointment | None:
    """Return one as far as whoever asks may see it, with its attempts, or None."""
    row = tx.execute(select(appointment).where(appointment.c.id == appointment_id)).one_or_none()
    return None if row is None else _appointment(row, _attempts(tx, [row.id]).get(row.id, ()))


def booked_in(tx: Connection, session_id: int) -> Appointment | None:
    """Return the call-back a session waits for, or None."""
    query = select(appointment).where(appointment.c.session_id == session_id, appointment.c.state == BOOKED)
    row = tx.execute(query).one_or_none()
    return None if row is None else _appointment(row, _attempts(tx, [row.id]).get(row.id, ()))


def territories_now(tx: Connection, session_ids: Sequence[int]) -> dict[int, Territory]:
    """Return where the customers of these sessions live by what is typed now, as far as whoever asks may see it."""
    place = _PLACE_ON[tx.dialect.name].label("place")
    query = select(draft.c.session_id, place).where(draft.c.session_id.in_(session_ids))
    rows = tx.execute(query) if session_ids else ()
    return {row.session_id: Territory(row.place or Territory.METROPOLE) for row in rows}


def booked_for(tx: Connection, session_ids: Sequence[int]) -> dict[int, Booked]:
    """Return, for those of these sessions that wait for a call-back, what their clock depends on."""
    columns = appointment.c.session_id, appointment.c.accepted_at, appointment.c.ends_at
    query = select(*columns).where(appointment.c.session_id.in_(session_ids), appointment.c.state == BOOKED)
    return {row.session_id: Booked(row.accepted_at, row.ends_at) for row in tx.execute(query)} if session_ids else {}


def session_appointments(tx: Connection, session_id: int) -> tuple[Appointment, ...]:
    """Return all call-backs ever agreed in a session, oldest first."""
    rows = tx.execute(
        select(appointment).where(appointment.c.session_id == session_id).order_by(appointment.c.id)
    ).all()
    return _all(tx, rows)


def booked_between(
    tx: Connection,
    since: datetime,
    until: datetime,
    team_id: int | None = None,
    person_id: int | None = None,
    most: int = 5000,
) -> tuple[Appointment, ...]:
    """Return the call-backs that wait in a span, in order; of one team or person where told."""
    query = (
        select(appointment)
        .where(
            appointment.c.state == BOOKED, appointment.c.starts_at >= since - LONGEST, appointment.c.starts_at < until
        )
        .order_by(appointment.c.starts_at, appointment.c.id)
        .limit(most)
    )
    if team_id is not None:
        query = query.where(appointment.c.team_id == team_id)
    if person_id is not None:
        query = query.where(appointment.c.person_id == person_id)
    return tuple(one for one in _all(tx, tx.execute(query).all()) if one.ends_at > since)


def end_appointment(tx: Connection, one: Appointment, state: AppointmentState, at: datetime, reason: str = "") -> bool:
    """Let a booked call-back end as `state`; False where somebody changed it meanwhile."""
    return _change(tx, one, {"state": state, "ended_at": at, "reason": reason})


def call_again(tx: Connection, one: Appointment, at: datetime) -> bool:
    """Note when to call again; False where somebody changed the call-back meanwhile."""
    return _change(tx, one, {"next_at": at})


def _change(tx: Connection, one: Appointment, columns: Mapping[str, Any]) -> bool:
    same = appointment.c.id == one.id, appointment.c.version == one.version, appointment.c.state == BOOKED
    return tx.execute(update(appointment).where(*same).values(version=one.version + 1, **columns)).rowcount == 1


def go_on(tx: Connection, session_id: int, step: Step, seconds: int, *, taken_up: bool) -> None:
    """Let the session go on without its call-back, as a supervisor: who signed in as one changes no session otherwise.

    `seconds` is how long its `step` was in front until it was put aside.
    """
    values = {"of": session_id, "taken_up": taken_up, "step": int(step), "seconds": seconds}
    with refusals():
        tx.execute(_GO_ON, values)


def add_attempt(tx: Connection, appointment_id: int, at: datetime, end: CallEnd, by: tuple[str, str]) -> None:
    """Note an attempt to call; `by` is a mark and a name."""
    values = {"appointment_id": appointment_id, "at": at, "end": end, "by_mark": by[0], "by": by[1]}
    tx.execute(insert(call_attempt).values(**values))


def _attempts(tx: Connection, ids: Sequence[int]) -> dict[int, tuple[Attempt, ...]]:
    found: dict[int, tuple[Attempt, ...]] = {}
    query = select(call_attempt).where(call_attempt.c.appointment_id.in_(ids)).order_by(call_attempt.c.id)
    for row in tx.execute(query) if ids else ():
        found[row.appointment_id] = (*found.get(row.appointment_id, ()), Attempt(row.at, CallEnd(row.end), row.by))
    return found


def _all(tx: Connection, rows: Sequence[Any]) -> tuple[Appointment, ...]:
    attempts = _attempts(tx, [row.id for row in rows])
    return tuple(_appointment(row, attempts.get(row.id, ())) for row in rows)


def _appointment(row: Any, attempts: tuple[Attempt, ...]) -> Appointment:
    return Appointment(
        id=row.id,
        session_id=row.session_id,
        number=row.number,
        customer=row.customer,
        phone=row.phone,
        promise_id=row.promise_id,
        team_id=row.team_id,
        person_id=row.person_id,
        person_mark=row.person_mark,
        person=row.person,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        territory=Territory(row.territory),
        booked_at=row.booked_at,
        accepted_at=row.accepted_at,
        limit_at=row.limit_at,
        state=AppointmentState(row.state),
        uid=row.uid,
        sequence=row.sequence,
        version=row.version,
        next_at=row.next_at,
        reason=row.reason,
        attempts=attempts,
    )
