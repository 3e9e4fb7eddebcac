"""The agent puts a code out before anybody has used it."""

from agent_desk.actions.code_seal import end_live_code
from agent_desk.actions.context import Context
from agent_desk.actions.load_session import view
from agent_desk.actions.record import take
from agent_desk.actions.views import SessionView


def revoke_code(ctx: Context, session_id: int) -> SessionView:
    """End the session's live code; without one nothing changes."""
    with ctx.database.write() as tx:
        end_live_code(take(ctx, tx, session_id), "revoked")
        return view(ctx, tx, session_id)
