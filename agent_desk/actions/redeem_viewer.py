"""The agent's viewer joins a share with the one-time token the agent's desk was given."""

from agent_desk.actions.door import Door
from agent_desk.actions.errors import Refusal
from agent_desk.actions.guests import LONGEST_TOKEN, fingerprint
from agent_desk.actions.share_views import ViewerSeat
from agent_desk.rules.share import VIEWER_TOKEN_LIFE
from agent_desk.storage.codes import SKEW
from agent_desk.storage.guest import ask
from agent_desk.storage.types import microseconds


def redeem_viewer(door: Door, viewer_token: str) -> ViewerSeat:
    """Return whose viewer of which share it is, once; Refusal `share_viewer` for a used, old or forged token."""
    if len(viewer_token) > LONGEST_TOKEN:
        raise Refusal("share_viewer")
    with door.database.write() as tx:
        now = door.clock.now()
        found = ask(
            tx,
            "seat",
            viewer=fingerprint(viewer_token),
            now=microseconds(now),
            latest=microseconds(now + VIEWER_TOKEN_LIFE + SKEW),
        )
    if not found:
        raise Refusal("share_viewer")
    return ViewerSeat(found[0].id, found[0].session_id, found[0].viewer_by)
