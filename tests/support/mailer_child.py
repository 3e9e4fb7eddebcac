"""A mail worker in a process of its own, whose time runs faster: `… mailer_child DATABASE_URL PORT START PACE`.

All that the worker measures by the wall, leases, heartbeat and looks, goes PACE times as fast; what relays may take does not.
"""

import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import time

from agent_desk.adapters.smtp import RelayAddress, SmtpRelay
from agent_desk.mailer import lanes
from agent_desk.rules.mail import HEARTBEAT
from agent_desk.storage.database import Database
from agent_desk.wiring import mailer
from agent_desk.wiring.service import until_told
from tests.support.desks import MemorySecrets, context


@dataclass(frozen=True, slots=True)
class HurriedClock:
    """A clock that was right at `start` (seconds since 1970) and runs `pace` times as fast since."""

    start: float
    pace: float

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.start, UTC) + timedelta(seconds=(time() - self.start) * self.pace)


def main(url: str, port: int, start: float, pace: float) -> None:
    """Send until SIGTERM."""
    vars(mailer)["HEARTBEAT"] = HEARTBEAT / pace
    mailer.LOOK_SECONDS /= pace
    mailer.ENDINGS_SECONDS /= pace
    lanes.REST_SECONDS /= pace
    database = Database.open(url, connections=9, kept=5)
    ctx = context(database, clock=HurriedClock(start, pace))
    relay = SmtpRelay(RelayAddress("127.0.0.1", port, "none"), MemorySecrets())
    with until_told() as wait, closing(database), closing(mailer.start_mailer(ctx, relay)):
        _say("runs")
        wait()
    _say("stopped")


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]))
