"""The agent puts a code out, and with it the share it may have opened."""

from agent_desk.actions.context import Context
from agent_desk.actions.live_codes import end_live_code
from agent_desk.actions.load_session import view
from agent_desk.actions.record import take
from agent_desk.actions.shares import end_session_share
from agent_desk.actions.views import SessionView
from agent_desk.rules.share import ShareEnd


def revoke_code(ctx: Context, session_id: int) -> SessionView:
    """End the session's live code and its share; without either nothing changes."""
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        end_live_code(held, "revoked")
        end_session_share(held, ShareEnd.BY_AGENT)
        return view(ctx, tx, session_id)
