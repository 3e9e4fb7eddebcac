"""The agent cuts the screen share."""

from agent_desk.actions.context import Context
from agent_desk.actions.record import EVERY_STATE, take
from agent_desk.actions.share_views import ShareView
from agent_desk.actions.shares import end_session_share, shown
from agent_desk.rules.share import ShareEnd


def stop_share(ctx: Context, session_id: int, reason: ShareEnd = ShareEnd.BY_AGENT) -> ShareView:
    """End the session's share, once, however often it is asked for; Refusal `share_gone` when there never was one."""
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, states=EVERY_STATE)
        end_session_share(held, reason)
        return shown(held)
