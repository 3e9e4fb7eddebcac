"""What every action of the agent on a screen share has in common: how it ends, and how it is shown."""

from datetime import datetime

from sqlalchemy import Connection

from agent_desk.actions.errors import Refusal
from agent_desk.actions.guessing import guessing_since
from agent_desk.actions.record import Held
from agent_desk.actions.share_views import ShareView
from agent_desk.rules.share import ShareEnd, ShareState, is_on_page
from agent_desk.storage.events import Entry
from agent_desk.storage.shares import ShareRecord, end_share, latest_share


def unended_share(held: Held) -> ShareRecord:
    """Return the session's share; Refusal `share_gone` where none is under way."""
    share = latest_share(held.tx, held.id)
    if share is None or share.state is ShareState.ENDED:
        raise Refusal("share_gone")
    return share


def end_session_share(held: Held, reason: ShareEnd, actor: str = "") -> None:
    """End the session's share, if one is under way."""
    held.append(*end_share_quietly(held, reason, actor))


def end_share_quietly(held: Held, reason: ShareEnd, actor: str = "") -> tuple[Entry, ...]:
    """Do the same, and return the event still to append, if there is one."""
    share = latest_share(held.tx, held.id)
    if share is None or not end_share(held.tx, share.id, reason, held.now):
        return ()
    return (held.entry("share_ended", actor, end=reason),)


def share_view(tx: Connection, share: ShareRecord, now: datetime) -> ShareView:
    """Return the share as the agent sees it now."""
    return ShareView(
        share_id=share.id,
        state=share.state,
        end_reason=share.end_reason,
        choices=share.words if share.state is ShareState.WAITING else (),
        opened_at=share.opened_at,
        admitted_at=share.admitted_at,
        live_at=share.live_at,
        ended_at=share.ended_at,
        on_page=is_on_page(share.facts, now),
        second_browser=share.reused_at is not None,
        alarm=guessing_since(tx, now) is not None,
    )


def shown(held: Held) -> ShareView:
    """Return the held session's latest share as the agent sees it after an action."""
    share = latest_share(held.tx, held.id)
    if share is None:
        raise Refusal("share_gone")
    return share_view(held.tx, share, held.now)
