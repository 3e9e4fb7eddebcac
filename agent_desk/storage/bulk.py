"""Many sessions at once, for measurements: rows straight into the tables, without events."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from agent_desk.storage.tables import draft, session, session_line


def next_session_id(tx: Connection) -> int:
    """Return the id after the highest."""
    return int(tx.execute(select(func.coalesce(func.max(session.c.id), 0))).scalar_one()) + 1


def add_rows(
    tx: Connection,
    sessions: Sequence[dict[str, Any]],
    drafts: Sequence[dict[str, Any]],
    lines: Sequence[dict[str, Any]],
) -> None:
    """Insert sessions with ids of their own, their drafts and lines; the counter of ids goes on after them."""
    tx.execute(insert(session), sessions)
    tx.execute(insert(draft), drafts)
    tx.execute(insert(session_line), lines)
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT setval(pg_get_serial_sequence('session', 'id'), (SELECT max(id) FROM session))"))
