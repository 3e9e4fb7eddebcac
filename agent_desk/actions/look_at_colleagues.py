"""Somebody has come into a session, gone to another step, or left."""

from agent_desk.actions.context import Context
from agent_desk.rules.presence import Colleague
from agent_desk.storage.presence import others_there


def look_at_colleagues(ctx: Context, session_id: int) -> tuple[Colleague, ...]:
    """Return who else is in the session now."""
    with ctx.database.read() as tx:
        return others_there(tx, session_id, ctx.settings.agent_id, ctx.clock.now())
