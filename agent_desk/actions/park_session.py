"""A session is put aside to be taken up later."""

from agent_desk.actions.context import Context
from agent_desk.actions.load_session import view
from agent_desk.actions.record import take
from agent_desk.actions.views import SessionView
from agent_desk.storage.help_calls import forget_help
from agent_desk.storage.sessions import change_session


def park_session(ctx: Context, session_id: int) -> SessionView:
    """Put the session aside, its state unchanged; an already parked one stays as it is."""
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        if held.record.parked_at is None:
            forget_help(tx, session_id)
            change_session(tx, session_id, parked_at=held.now)
            held.note("session_parked")
        return view(ctx, tx, session_id)
