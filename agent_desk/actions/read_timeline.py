"""One session's whole story, each event checked against the one before."""

from agent_desk.actions.context import Context
from agent_desk.actions.load_session import view
from agent_desk.actions.views import EventView, Timeline
from agent_desk.storage.events import history


def read_timeline(ctx: Context, session_id: int) -> Timeline:
    """Return the session and its events, oldest first; Refusal `not_found`."""
    with ctx.database.read() as tx:
        return Timeline(
            view(ctx, tx, session_id),
            tuple(
                EventView(one.seq, one.kind, one.at, one.actor, one.payload, one.intact)
                for one in history(tx, session_id)
            ),
        )
