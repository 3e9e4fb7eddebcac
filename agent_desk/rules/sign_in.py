"""How often somebody may try a password of an account on one desk; a server has rules of its own."""

from datetime import datetime, timedelta

LOCK_AFTER = 10
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
_DOUBLINGS = 6  # then the longest is reached


def locked_until(failures: int, failed_at: datetime | None, now: datetime) -> datetime | None:
    """Return when an account may be tried again after as many failures in a row; None where it may be now.

    From the tenth on each wait is twice the one before. A last failure that lies ahead, as a clock was set back, is now.
    """
    if failures < LOCK_AFTER or failed_at is None:
        return None
    wait = min(FIRST_WAIT * 2 ** min(failures - LOCK_AFTER, _DOUBLINGS), LONGEST_WAIT)
    until = min(failed_at, now) + wait
    return until if now < until else None
