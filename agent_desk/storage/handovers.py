"""Sessions handed over: rows in, frozen facts out; who may is seen to by actions, and by the database where it can."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, text, update

from agent_desk.rules.handover import Handover, Receiver, Words
from agent_desk.rules.people import Role
from agent_desk.storage.acting import Acting, under_rights
from agent_desk.storage.colleague_tables import handover
from agent_desk.storage.facts import Fact
from agent_desk.storage.tables import person, session, team

# Any number, as long as all programs take the same one, and a session's beside it; its lower half will do.
_TURN = text("SELECT pg_advisory_xact_lock(418507263, (:session % 2147483647)::integer)")
_MOVE = text("SELECT desk_hand_over(:session, :team)")
_SHOWN = (
    select(
        handover.c.id,
        handover.c.session_id,
        session.c.number,
        session.c.customer,
        handover.c.at,
        handover.c.from_name,
        handover.c.to_name,
        handover.c.tried,
        handover.c.seen,
        handover.c.promised,
        handover.c.taken_at,
    )
    .join(session, session.c.id == handover.c.session_id)
    .order_by(handover.c.id.desc())
)
_OPEN = handover.c.taken_at.is_(None)


def receivers(tx: Connection, but: str) -> tuple[Receiver, ...]:
    """Return teams and then agents, each by name, without the one whose mark is `but`."""
    teams = tx.execute(select(team.c.id, team.c.name).order_by(team.c.name)).all()
    agents = (
        select(person.c.id, person.c.name, person.c.team_id)
        .where(person.c.active, person.c.role == Role.AGENT, person.c.team_id.is_not(None), person.c.mark != but)
        .order_by(person.c.name, person.c.id)
    )
    found = [Receiver(row.id, row.name, row.id, is_team=True) for row in teams]
    return (*found, *(Receiver(row.id, row.name, row.team_id, is_team=False) for row in tx.execute(agents)))


def add_handover(tx: Connection, session_id: int, who: Acting, to: Receiver, words: Words, at: datetime) -> Fact:
    """Insert one that waits to be taken, of which a session has at most one; return by what the transaction is known.

    Who gave it still sees this row when session and log are out of sight.
    """
    _take_turn(tx, session_id)
    made = tx.execute(
        insert(handover)
        .values(
            session_id=session_id,
            at=at,
            from_mark=who.mark,
            from_name=who.name,
            to_person_id=None if to.is_team else to.id,
            to_team_id=to.id if to.is_team else None,
            to_name=to.name,
            tried=words.tried,
            seen=words.seen,
            promised=words.promised,
        )
        .returning(handover.c.id)
    ).scalar_one()
    return Fact(partial(_stands, session_id, made, who.mark, at))


def _stands(session_id: int, handover_id: int, mark: str, at: datetime, tx: Connection) -> bool:
    """Tell whether this very hand-over was made, once nobody is making one of this session any more."""
    _take_turn(tx, session_id)
    its = handover.c.id == handover_id, handover.c.session_id == session_id, handover.c.from_mark == mark
    return tx.execute(select(handover.c.id).where(*its, handover.c.at == at)).first() is not None


def _take_turn(tx: Connection, session_id: int) -> None:
    if tx.dialect.name != "sqlite":  # where whoever writes is alone anyway
        tx.execute(_TURN, {"session": session_id})


def give_to_team(tx: Connection, session_id: int, team_id: int) -> None:
    """Let the session be that team's from now on; where the database sees to rights it may be out of sight then."""
    if under_rights(tx) is not None:
        tx.execute(_MOVE, {"session": session_id, "team": team_id})
    else:
        tx.execute(update(session).where(session.c.id == session_id).values(team_id=team_id))


def latest_handover(tx: Connection, session_id: int) -> Handover | None:
    """Return the session's last one, taken or not, or None."""
    row = tx.execute(_SHOWN.where(handover.c.session_id == session_id).limit(1)).one_or_none()
    return None if row is None else _handover(row)


def waiting_for(tx: Connection, mark: str) -> tuple[Handover, ...]:
    """Return what waits for that person or their team, newest first."""
    rows = tx.execute(_SHOWN.where(_OPEN, session.c.ended_at.is_(None), _is_for(mark)))
    return tuple(_handover(row) for row in rows)


def on_their_way(tx: Connection, session_ids: Sequence[int]) -> frozenset[int]:
    """Return which of these sessions wait to be taken by somebody."""
    if not session_ids:
        return frozenset()
    return frozenset(
        tx.execute(select(handover.c.session_id).where(_OPEN, handover.c.session_id.in_(session_ids))).scalars()
    )


def take_handover(tx: Connection, session_id: int, who: Acting, at: datetime) -> bool:
    """Note that a session was taken by whom it is for, or back by who gave it; False where it is for somebody else."""
    mine = or_(_is_for(who.mark), handover.c.from_mark == who.mark)
    taken = update(handover).where(handover.c.session_id == session_id, _OPEN, mine)
    return tx.execute(taken.values(taken_at=at, taken_by=who.name)).rowcount == 1


def _is_for(mark: str) -> ColumnElement[bool]:
    me = select(person.c.id).where(person.c.mark == mark).scalar_subquery()
    mine = select(person.c.team_id).where(person.c.mark == mark).scalar_subquery()
    return or_(handover.c.to_person_id == me, handover.c.to_team_id == func.coalesce(mine, 0))


def _handover(row: Any) -> Handover:
    words = Words(row.tried, row.seen, row.promised)
    return Handover(row.session_id, row.number, row.customer, row.at, row.from_name, row.to_name, words, row.taken_at)
