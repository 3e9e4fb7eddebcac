"""The way a case went from team to team."""

from agent_desk.actions.context import Context
from agent_desk.rules.escalation import Escalation
from agent_desk.storage.escalations import session_escalations


def look_at_path(ctx: Context, session_id: int) -> tuple[Escalation, ...]:
    """Return every stretch of the session's path, in order."""
    with ctx.database.read() as tx:
        return session_escalations(tx, session_id)
