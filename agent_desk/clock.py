"""Clocks: this machine's, and a server's, which all programs of one database share."""

import sys
import threading
import time
from datetime import UTC, datetime, timedelta

# What goes on counting while the machine sleeps. Python's `monotonic` does so on Windows only: clock_gettime(2) of Linux,
# clock_gettime(3) of macOS, "Acquiring high-resolution time stamps" of Windows.
_COUNTING = {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC"}
_STANDS_STILL = timedelta(seconds=1)  # rather than go back by less
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SystemClock:
    """Time as the machine tells it."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


def running() -> int:
    """Return the microseconds since some moment, time asleep included; whoever sets the machine's clock moves nothing."""
    counter = getattr(time, _COUNTING.get(sys.platform, ""), None)
    nanoseconds: int = time.monotonic_ns() if counter is None else time.clock_gettime_ns(counter)
    return nanoseconds // 1000


class SharedClock:
    """The server's time: heard along with its other answers, never asked for; any thread may read it at no cost.

    What it was told first serves as long as later answers allow it, so that it does not jump with each round trip's luck.
    Until the first one it is the machine's.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ahead = (SystemClock().now() - _EPOCH) // timedelta(microseconds=1) - running()
        self._latest = _EPOCH

    def now(self) -> datetime:
        """Return the server's present moment, aware, in UTC; never one before the last, unless the server was set back."""
        with self._lock:
            at = _EPOCH + timedelta(microseconds=self._ahead + running())
            self._latest = self._latest if at < self._latest < at + _STANDS_STILL else at
            return self._latest

    def hear(self, there: int, asked: int, answered: int) -> None:
        """Learn that the server's clock showed `there`, microseconds since 1970, between two readings of `running`."""
        least, most = there - answered, there - asked
        with self._lock:
            if not least <= self._ahead <= most:
                self._ahead = (least + most) // 2
