"""When the checks of the night are due."""

from datetime import datetime, time, timedelta

from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local

NIGHT = time(2)  # in the mainland's time: nobody works


def night_check_is_due(last: datetime | None, now: datetime) -> bool:
    """Tell whether nothing was checked since two o'clock last came; a night that was missed is made up for."""
    if last is None:
        return True
    there = local(now, Territory.METROPOLE)
    latest = there.replace(hour=NIGHT.hour, minute=0, second=0, microsecond=0)
    if latest > there:
        latest = latest - timedelta(days=1)
    return last < latest <= there
