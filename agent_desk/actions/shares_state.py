"""How the shares of a gateway's own connections stand, whoever moved them."""

from collections.abc import Collection, Mapping

from agent_desk.actions.door import Door
from agent_desk.rules.share import ShareEnd, ShareState
from agent_desk.storage.guest import states


def shares_state(door: Door, share_ids: Collection[int]) -> Mapping[int, tuple[ShareState, ShareEnd | None]]:
    """Return state and end reason of the shares asked for; those that do not exist are left out."""
    if not share_ids:
        return {}
    with door.database.read() as tx:
        found = states(tx, sorted(share_ids))
    return {number: (ShareState(state), ShareEnd(end) if end else None) for number, (state, end) in found.items()}
