"""What somebody wrote who handed the session over."""

from agent_desk.actions.context import Context
from agent_desk.rules.handover import Handover
from agent_desk.storage.acting import signed_in
from agent_desk.storage.handovers import latest_handover


def look_at_handover(ctx: Context, session_id: int) -> Handover | None:
    """Return the session's last hand-over, taken or not; None where there was none, or nobody signed in."""
    if signed_in(ctx.database) is None:
        return None
    with ctx.database.read() as tx:
        return latest_handover(tx, session_id)
