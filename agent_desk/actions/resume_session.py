"""A session put aside is taken up again."""

from agent_desk.actions.context import Context
from agent_desk.actions.load_session import view
from agent_desk.actions.record import take
from agent_desk.actions.views import SessionView
from agent_desk.storage.sessions import change_session


def resume_session(ctx: Context, session_id: int) -> SessionView:
    """Take the session up again; one that is not parked stays as it is."""
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        if held.record.parked_at is not None:
            change_session(tx, session_id, parked_at=None)
            held.note("session_resumed")
        return view(ctx, tx, session_id)
