"""What was promised in one session."""

from agent_desk.actions.context import Context
from agent_desk.rules.promise import Promise
from agent_desk.storage.promises import session_promises


def look_at_promises(ctx: Context, session_id: int) -> tuple[Promise, ...]:
    """Return what was promised in this session, oldest first."""
    with ctx.database.read() as tx:
        return session_promises(tx, session_id)
