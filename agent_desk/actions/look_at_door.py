"""The customer's browser asks how its share stands: after a reload, a lost network, or because something changed."""

from agent_desk.actions.door import Door
from agent_desk.actions.guests import guest, guest_share
from agent_desk.actions.share_views import GuestShare


def look_at_door(door: Door, token: str, browser: str) -> GuestShare:
    """Return the share of this browser's token, ended or not; Refusal `share_gone` for anybody else."""
    with door.database.read() as tx:
        return guest_share(guest(door, tx, token, browser, lock=False).row)
