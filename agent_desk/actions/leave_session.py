"""The session is on this desk's screen no more."""

from agent_desk.actions.context import Context
from agent_desk.storage.presence import forget_presence


def leave_session(ctx: Context, session_id: int) -> None:
    """Let others see at once that this desk has left; one that dies is forgotten some seconds later."""
    with ctx.database.write() as tx:
        forget_presence(tx, session_id, ctx.settings.agent_id)
