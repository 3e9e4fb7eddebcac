"""A gateway alone on one core, until its standard input ends; prints its port."""

import os
import sys
from datetime import UTC, datetime

from agent_desk.actions.door import Door
from agent_desk.clock import SystemClock
from agent_desk.gateway.facts import facts_of
from agent_desk.settings import Settings
from agent_desk.storage.database import Database
from agent_desk.wiring.console_gateway import be_prompt
from agent_desk.wiring.gateway import serve
from tests.support.desks import CODE_KEY

HURRY = 600_000
EVERYBODY = "0.0.0.0/0"


class HurriedClock:
    """A clock by which ten minutes pass in a millisecond: every limit is asked for, none is ever reached."""

    def __init__(self) -> None:
        self._began = datetime.now(UTC)

    def now(self) -> datetime:
        """Return a moment that runs ahead."""
        return self._began + (datetime.now(UTC) - self._began) * HURRY


def main(url: str, pace: str) -> None:
    """Serve the database at `url`; at the pace of "years" tries lie so far apart that none is refused."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    database = Database.open(url)
    settings = Settings(gateway_listen="127.0.0.1:0", trusted_proxies=EVERYBODY)
    clock = HurriedClock() if pace == "years" else SystemClock()
    running = serve(Door(database, clock, CODE_KEY), settings, facts_of(settings))
    be_prompt()
    print(running.port, flush=True)
    sys.stdin.read()
    running.close()
    database.close()


main(sys.argv[1], sys.argv[2])
