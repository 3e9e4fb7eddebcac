"""Who is in which session now, by the clock that all desks share."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, text

from agent_desk.rules.presence import LIFE, Colleague
from agent_desk.rules.session import Step
from agent_desk.storage.colleague_tables import presence
from agent_desk.storage.ready import Ready
from agent_desk.storage.types import microseconds

_NOTE = text(
    "INSERT INTO presence (session_id, desk, name, step, seen_at) VALUES (:session_id, :desk, :name, :step, :at) "
    "ON CONFLICT (session_id, desk) DO UPDATE SET name = excluded.name, step = excluded.step, seen_at = excluded.seen_at"
)

_OTHERS = Ready(
    select(presence.c.name, presence.c.step)
    .where(
        presence.c.session_id == bindparam("of"),
        presence.c.desk != bindparam("but"),
        presence.c.seen_at >= bindparam("since"),
    )
    .order_by(presence.c.name, presence.c.desk)
)


def note_presence(tx: Connection, session_id: int, desk: str, name: str, step: Step, at: datetime) -> None:
    """Note that somebody is in a session, and forget those not heard of any more."""
    gone = presence.c.session_id == session_id, presence.c.seen_at < at - LIFE
    tx.execute(delete(presence).where(*gone))
    tx.execute(_NOTE, {"session_id": session_id, "desk": desk, "name": name, "step": int(step), "at": microseconds(at)})


def forget_presence(tx: Connection, session_id: int, desk: str) -> None:
    """Note that this desk has left the session."""
    tx.execute(delete(presence).where(presence.c.session_id == session_id, presence.c.desk == desk))


def others_there(tx: Connection, session_id: int, desk: str, at: datetime) -> tuple[Colleague, ...]:
    """Return who else is in the session, by name."""
    rows = _OTHERS.all(tx, {"of": session_id, "but": desk, "since": at - LIFE})
    return tuple(Colleague(row.name, Step(row.step)) for row in rows)
