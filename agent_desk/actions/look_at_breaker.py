"""Whether the site only lets tries of codes trickle: what a gateway keeps in memory to refuse the others at once."""

from agent_desk.actions.door import Door
from agent_desk.actions.share_views import Breaker
from agent_desk.rules.guessing import MINUTE, SITE_WINDOW, Counts, is_open, lane_wait
from agent_desk.storage.attempts import read_breaker, site_failures


def look_at_breaker(door: Door) -> Breaker:
    """Return whether the breaker is open, and how long each lane is full."""
    now = door.clock.now()
    with door.database.read() as tx:
        since = read_breaker(tx)
        site = site_failures(tx, now - SITE_WINDOW)
    if not is_open(len(site), before=since is not None):
        return Breaker(open=False)
    recent = [(at, fresh) for at, fresh in site if at > now - MINUTE]
    counts = Counts(
        now=now,
        source=(),
        site=(),
        fresh=[at for at, fresh in recent if fresh],
        known=[at for at, fresh in recent if not fresh],
        open=True,
    )
    return Breaker(True, lane_wait(counts, fresh=True), lane_wait(counts, fresh=False))
