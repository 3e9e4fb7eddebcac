"""Who asks for help now: at most one row a session, gone with its reason; the log keeps what was asked and answered."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, text, update

from agent_desk.rules.help_call import HelpCall
from agent_desk.storage.acting import under_rights
from agent_desk.storage.colleague_tables import help_call
from agent_desk.storage.events import append
from agent_desk.storage.tables import session

_ANSWER = text("SELECT desk_answer_help(:session)")
_OPEN = (
    select(
        help_call.c.session_id,
        session.c.number,
        help_call.c.name,
        help_call.c.asked_at,
        help_call.c.reason,
        help_call.c.coming,
    )
    .join(session, session.c.id == help_call.c.session_id)
    .order_by(help_call.c.coming != "", help_call.c.asked_at, help_call.c.session_id)
)


def open_help(tx: Connection) -> tuple[HelpCall, ...]:
    """Return who asks for help, nobody is coming to first, then the longest waiting."""
    return tuple(HelpCall(*row) for row in tx.execute(_OPEN))


def help_of(tx: Connection, session_id: int) -> HelpCall | None:
    """Return what is asked in this session, or None."""
    row = tx.execute(_OPEN.where(help_call.c.session_id == session_id)).one_or_none()
    return None if row is None else HelpCall(*row)


def add_help(tx: Connection, session_id: int, mark: str, name: str, reason: str, at: datetime) -> None:
    """Insert what somebody asks; there is none of this session."""
    tx.execute(insert(help_call).values(session_id=session_id, asked_at=at, mark=mark, name=name, reason=reason))


def set_reason(tx: Connection, session_id: int, reason: str) -> None:
    """Say for what, or otherwise."""
    tx.execute(update(help_call).where(help_call.c.session_id == session_id).values(reason=reason))


def forget_help(tx: Connection, session_id: int) -> bool:
    """Take back what is asked in this session; False where nothing was."""
    return tx.execute(delete(help_call).where(help_call.c.session_id == session_id)).rowcount == 1


def answer_help(tx: Connection, session_id: int, name: str, at: datetime) -> bool:
    """Note who is coming, with an event of the session; False where nobody asks, or somebody is coming already."""
    if under_rights(tx) is not None:
        return bool(tx.execute(_ANSWER, {"session": session_id}).scalar_one())
    waits = help_call.c.session_id == session_id, help_call.c.coming == ""
    if tx.execute(update(help_call).where(*waits).values(coming=name)).rowcount != 1:
        return False
    append(tx, session_id, "help_answered", {"by": name}, at=at, actor="agent")
    return True
