"""The agent looks at the session's screen share, several times a second."""

from agent_desk.actions.context import Context
from agent_desk.actions.door import door_of
from agent_desk.actions.end_due_shares import end_due_shares
from agent_desk.actions.record import EVERY_STATE, take
from agent_desk.actions.share_views import ShareView
from agent_desk.actions.shares import end_session_share, share_view
from agent_desk.rules.share import end_due
from agent_desk.storage.acting import is_confined
from agent_desk.storage.shares import latest_share


def look_at_share(ctx: Context, session_id: int) -> ShareView | None:
    """Return the session's latest share, None when there never was one; one that is due is ended first."""
    now = ctx.clock.now()
    with ctx.database.read() as tx:
        share = latest_share(tx, session_id)
        shown = None if share is None else share_view(tx, share, now)
    if share is None or end_due(share.facts, now) is None:
        return shown
    _end_due(ctx, session_id)  # also where no gateway runs any more
    with ctx.database.read() as tx:
        share = latest_share(tx, session_id)
        return None if share is None else share_view(tx, share, now)


def _end_due(ctx: Context, session_id: int) -> None:
    """End what is due: all of the site's, or the session's alone where the database keeps its agent to a team."""
    if not is_confined(ctx.database):
        end_due_shares(door_of(ctx))
        return
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, states=EVERY_STATE)
        share = latest_share(tx, session_id)
        reason = None if share is None else end_due(share.facts, held.now)
        if reason is not None:
            end_session_share(held, reason, actor="system")
