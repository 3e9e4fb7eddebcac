"""A session is opened to be worked on or looked at."""

from agent_desk.actions.context import Context
from agent_desk.actions.load_session import load_session
from agent_desk.actions.views import SessionView
from agent_desk.storage.acting import signed_in, under_rights
from agent_desk.storage.events import append
from agent_desk.storage.sessions import tell_reading


def read_file(ctx: Context, session_id: int) -> SessionView:
    """Return the session; that somebody else's was opened is an event of it. Refusal `not_found`."""
    view = load_session(ctx, session_id)
    note_reading(ctx, view)
    return view


def note_reading(ctx: Context, view: SessionView) -> None:
    """Leave an event in a session that somebody else opened, where the database knows who reads it."""
    name = ctx.settings.agent_name
    if signed_in(ctx.database) is None or view.agent == name:
        return
    with ctx.database.write() as tx:
        if under_rights(tx) is not None:
            tell_reading(tx, view.id)
        else:
            append(tx, view.id, "file_read", {"by": name}, at=ctx.clock.now(), actor="agent")
