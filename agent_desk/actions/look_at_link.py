"""The customer opens a personal link; looking changes nothing, for mail scanners follow links too."""

from agent_desk.actions.door import Door
from agent_desk.actions.errors import Refusal
from agent_desk.actions.link_seal import opened
from agent_desk.actions.personal_links import fingerprint
from agent_desk.rules.links import Purpose
from agent_desk.storage.links import LinkRow, guest_keys, guest_link


def look_at_link(door: Door, token: str, purpose: Purpose) -> LinkRow:
    """Return the link, used or not; Refusal `link_gone` for one that is over, forged, or for something else."""
    with door.database.read() as tx:
        signed = opened(token, guest_keys(tx))
        row = guest_link(tx, fingerprint(token))
    if signed is None or row is None or row.purpose is not purpose or row.expires_at <= door.clock.now():
        raise Refusal("link_gone")
    return row
