"""The customer stops, or closes the browser."""

from agent_desk.actions.door import Door
from agent_desk.actions.guests import as_it_is, guest
from agent_desk.actions.share_views import GuestShare
from agent_desk.rules.share import ShareEnd

REASONS = frozenset({ShareEnd.BY_CUSTOMER, ShareEnd.BROWSER_CLOSED})


def leave_share(door: Door, token: str, browser: str, reason: ShareEnd) -> GuestShare:
    """End the share, once, however often it is asked for; ValueError for a reason that is not the customer's."""
    if reason not in REASONS:
        raise ValueError(reason)
    with door.database.write() as tx:
        taken = guest(door, tx, token, browser)
        if not taken.lapsed():
            taken.end(reason)
        return as_it_is(tx, token)
