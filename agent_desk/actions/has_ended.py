"""A session may end while it stands on a screen: its customer withdrew, or a colleague was there first."""

from agent_desk.actions.context import Context
from agent_desk.storage.sessions import is_over


def has_ended(ctx: Context, session_id: int) -> bool:
    """Tell whether the session has ended; False for one that is out of sight."""
    with ctx.database.read() as tx:
        return is_over(tx, session_id)
