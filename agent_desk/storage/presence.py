"""Who is in which session now, by the database's own clock: two desks never agree to the second."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, text

from agent_desk.rules.presence import LIFE, Colleague
from agent_desk.rules.session import Step
from agent_desk.storage.colleague_tables import presence
from agent_desk.storage.ready import Ready
from agent_desk.storage.types import moment

_NOW = text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
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


def shared_now(tx: Connection, here: datetime) -> datetime:
    """Return the moment all desks of this database agree on: the server's, or this machine's where there is none."""
    return here if tx.dialect.name == "sqlite" else moment(tx.execute(_NOW).scalar_one())


def note_presence(tx: Connection, session_id: int, desk: str, name: str, step: Step, at: datetime) -> None:
    """Note that somebody is in a session, and forget those not heard of any more."""
    gone = presence.c.session_id == session_id, presence.c.seen_at < at - LIFE
    tx.execute(delete(presence).where(*gone))
    micros = (at - moment(0)) // timedelta(microseconds=1)
    tx.execute(_NOTE, {"session_id": session_id, "desk": desk, "name": name, "step": int(step), "at": micros})


def forget_presence(tx: Connection, session_id: int, desk: str) -> None:
    """Note that this desk has left the session."""
    tx.execute(delete(presence).where(presence.c.session_id == session_id, presence.c.desk == desk))


def others_there(tx: Connection, session_id: int, desk: str, at: datetime) -> tuple[Colleague, ...]:
    """Return who else is in the session, by name."""
    rows = _OTHERS.all(tx, {"of": session_id, "but": desk, "since": at - LIFE})
    return tuple(Colleague(row.name, Step(row.step)) for row in rows)
