"""Promises as rows: made, listed in the order in which they must be kept, moved on, and found missed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, literal, select, text, tuple_, update

from agent_desk.rules.people import Role
from agent_desk.rules.promise import Promise, PromiseEnd, PromiseKind, in_order
from agent_desk.rules.session import Territory
from agent_desk.storage import events
from agent_desk.storage.acting import under_rights
from agent_desk.storage.promise_tables import promise
from agent_desk.storage.ready import Ready
from agent_desk.storage.refused import RefusedByRights, refusals
from agent_desk.storage.tables import person, session, team
from agent_desk.storage.types import microseconds, moment

_ORDER = (promise.c.on_top.desc(), promise.c.due_at, promise.c.id)
_OPEN_OF_TEAM = (
    select(promise)
    .where(promise.c.team_id == bindparam("team"), promise.c.ended_at.is_(None))
    .order_by(*_ORDER)
    .limit(bindparam("most"))
)
_OF_TEAM = Ready(_OPEN_OF_TEAM)
_OF_PERSON = Ready(_OPEN_OF_TEAM.where(promise.c.person_mark == bindparam("mark")))
_STEP = text("SELECT desk_step_promise(:of, :version, :event, :reason, :said, :mark)")
# In words of its own: Today asks, before whose first row no table of visits is defined.
_VISITS = text(f"""
    SELECT p.number, v.begins_at, v.territory FROM promise p JOIN visit v ON v.promise_id = p.id AND v.state = 'booked'
    WHERE p.kind = '{PromiseKind.VISIT}' AND p.due_at >= :since AND p.due_at < :until AND p.team_id = :team
    ORDER BY p.due_at LIMIT :most
""")
_MISSED_PER_TURN = 500
NO_TEAM = 0  # on a desk where nobody signs in


@dataclass(frozen=True, slots=True)
class PromiseStep:
    """What may happen to a promise: the event that tells it, and what becomes of the row."""

    event: str
    end: PromiseEnd | None = None
    on_top: bool = False


STEPS: Mapping[str, PromiseStep] = {
    one.event: one
    for one in (
        PromiseStep("promise_kept", PromiseEnd.KEPT),
        PromiseStep("promise_moved", PromiseEnd.MOVED),
        PromiseStep("promise_cancelled", PromiseEnd.CANCELLED),
        PromiseStep("promise_returned", PromiseEnd.RETURNED),
        PromiseStep("promise_failed", on_top=True),  # an attempt that went wrong: cut off
        PromiseStep("promise_attempted"),
        PromiseStep("promise_taken"),  # by a person of the team
    )
}


def add_promise(
    tx: Connection,
    session_id: int,
    kind: PromiseKind,
    *,
    subject: str,
    at: datetime,
    due_at: datetime,
    late_at: datetime,
    team_id: int | None,
    person: tuple[str, str] = ("", ""),
) -> int:
    """Insert a promise and return its id; without a team it is the session's, `person` is a mark and a name."""
    of = tx.execute(
        select(session.c.number, session.c.customer, session.c.callback_number, session.c.team_id).where(
            session.c.id == session_id
        )
    ).one()
    row = {
        "session_id": session_id,
        "kind": kind,
        "team_id": (of.team_id or NO_TEAM) if team_id is None else team_id,
        "person_mark": person[0],
        "person": person[1],
        "number": of.number,
        "customer": of.customer,
        "phone": of.callback_number,
        "subject": subject,
        "made_at": at,
        "due_at": due_at,
        "late_at": late_at,
    }
    return int(tx.execute(insert(promise).values(**row).returning(promise.c.id)).scalar_one())


def read_promise(tx: Connection, promise_id: int) -> Promise | None:
    """Return one promise as far as whoever asks may see it, or None."""
    row = tx.execute(select(promise).where(promise.c.id == promise_id)).one_or_none()
    return None if row is None else _promise(row)


def session_promises(tx: Connection, session_id: int, *, open_only: bool = False) -> tuple[Promise, ...]:
    """Return the session's promises, oldest first."""
    query = select(promise).where(promise.c.session_id == session_id).order_by(promise.c.id)
    if open_only:
        query = query.where(promise.c.ended_at.is_(None))
    return tuple(map(_promise, tx.execute(query)))


def team_of(tx: Connection, mark: str) -> int:
    """Return the team of that person, 0 without one."""
    found = tx.execute(select(person.c.team_id).where(person.c.mark == mark)).scalar_one_or_none()
    return found or NO_TEAM


def teams(tx: Connection) -> tuple[int, ...]:
    """Return every team there is."""
    return tuple(tx.execute(select(team.c.id).order_by(team.c.id)).scalars())


def visits_between(
    tx: Connection, since: datetime, until: datetime, team_id: int, most: int
) -> tuple[tuple[str, datetime, Territory], ...]:
    """Return number, beginning and territory of the visits of a team that are booked in a span."""
    values = {"since": microseconds(since), "until": microseconds(until), "team": team_id, "most": most}
    return tuple((row.number, moment(row.begins_at), Territory(row.territory)) for row in tx.execute(_VISITS, values))


def next_promises(
    tx: Connection, team_ids: Sequence[int], marks: Sequence[str] | None, most: int
) -> tuple[Promise, ...]:
    """Return what those teams, there those persons ("": nobody yet, None: whoever), have to keep next, in order.

    Each team and person is asked for by itself: then an index gives them in order, and no more of them than are shown.
    """
    found: list[Any] = []
    for team_id in team_ids:
        if marks is None:
            found += _OF_TEAM.all(tx, {"team": team_id, "most": most})
        else:
            for mark in marks:
                found += _OF_PERSON.all(tx, {"team": team_id, "mark": mark, "most": most})
    return tuple(sorted(map(_promise, found), key=in_order)[:most])


def count_open(tx: Connection, team_ids: Sequence[int], marks: Sequence[str] | None, cap: int) -> int:
    """Return how many promises wait for those teams and persons, at most `cap`."""
    waiting = select(promise.c.id).where(promise.c.team_id.in_(team_ids), promise.c.ended_at.is_(None))
    if marks is not None:
        waiting = waiting.where(promise.c.person_mark.in_(marks))
    return tx.execute(select(func.count()).select_from(waiting.limit(cap).subquery())).scalar_one()


def step_promise(
    tx: Connection,
    before: Promise,
    event: str,
    *,
    at: datetime,
    by: str,
    actor: str = "agent",
    reason: str = "",
    said: Mapping[str, object] | None = None,
    taker: tuple[str, str] | None = None,
) -> None:
    """Let one of STEPS happen, with its event in the session's chain, which may be another team's.

    RefusedByRights `promise_over` where it has ended, `promise_changed` where somebody was first, `promise_not_yours`.
    """
    step, more = STEPS[event], dict(said or {})
    who = under_rights(tx)
    if who is not None and who.role is not Role.MAILER:  # who ends those of sessions customers withdrew from
        values = {
            "of": before.id,
            "version": before.version,
            "event": event,
            "reason": reason,
            "said": json.dumps(more),
        }
        with refusals():
            tx.execute(_STEP, values | {"mark": taker[0] if taker else ""})
        return
    columns: dict[str, Any] = {"version": before.version + 1}
    if step.end is not None:
        columns |= {"ended_at": at, "end": step.end, "on_top": 0}
    if step.on_top:
        columns["on_top"] = 1
    if taker is not None:
        columns |= {"person_mark": taker[0], "person": taker[1]}
    same = promise.c.id == before.id, promise.c.version == before.version
    if before.ended_at is not None:
        raise RefusedByRights("promise_over")
    if tx.execute(update(promise).where(*same).values(**columns)).rowcount != 1:
        raise RefusedByRights("promise_changed")
    named = {"by": by} if actor == "agent" else {}
    told = named | {"promise": before.id, "kind": before.kind} | ({"reason": reason} if reason else {}) | more
    events.append(tx, before.session_id, event, told, at=at, actor=actor)


def lately_missed(tx: Connection, at: datetime, after: Promise | None = None) -> tuple[Promise, ...]:
    """Return promises whose time is over and of which nobody was told, behind `after`, locked, some hundreds at most."""
    query = (
        select(promise)
        .where(promise.c.ended_at.is_(None), promise.c.missed_at.is_(None), promise.c.late_at <= at)
        .order_by(promise.c.late_at, promise.c.id)
        .limit(_MISSED_PER_TURN)
        .with_for_update(skip_locked=True)
    )
    if after is not None:
        query = query.where(
            tuple_(promise.c.late_at, promise.c.id) > tuple_(literal(after.late_at, promise.c.late_at.type), after.id)
        )
    return tuple(map(_promise, tx.execute(query)))


def note_missed(tx: Connection, one: Promise, at: datetime) -> bool:
    """Note that a promise was missed, with an event; it stays open, before all others. False where it may not be marked."""
    changed = update(promise).where(promise.c.id == one.id, promise.c.missed_at.is_(None))
    if tx.execute(changed.values(missed_at=at, on_top=1, version=one.version + 1)).rowcount != 1:
        return False
    told = {"promise": one.id, "kind": one.kind}
    events.append(tx, one.session_id, "promise_missed", told, at=at, actor="system")
    return True


def _promise(row: Any) -> Promise:
    return Promise(
        id=row.id,
        kind=PromiseKind(row.kind),
        session_id=row.session_id,
        number=row.number,
        customer=row.customer,
        phone=row.phone,
        subject=row.subject,
        team_id=row.team_id,
        person=row.person,
        person_mark=row.person_mark,
        made_at=row.made_at,
        due_at=row.due_at,
        late_at=row.late_at,
        version=row.version,
        on_top=bool(row.on_top),
        missed_at=row.missed_at,
        ended_at=row.ended_at,
        end=PromiseEnd(row.end) if row.end else None,
    )
