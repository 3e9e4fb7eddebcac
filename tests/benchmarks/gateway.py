"""A gateway on one core, hammered from the others: codes counted durably, refused by the breaker, pages that wait."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy import insert, select
from websockets.asyncio.client import connect

from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.guests import fingerprint
from agent_desk.actions.page_json import page_to_json
from agent_desk.actions.share_views import PageFacts
from agent_desk.storage.database import Database
from agent_desk.storage.tables import code, session, share
from agent_desk.storage.upgrade import upgrade
from tests.benchmarks.figure import Figure
from tests.benchmarks.hammer import Blows, hammer
from tests.benchmarks.screen import ROOT
from tests.support.desks import NOON, context

SECONDS = 6.0
CONNECTIONS = 32
WARM_UP_SECONDS = 1.0
PAGES = 500
IDLE_SECONDS = 15.0
BROWSER = "Firefox"


@dataclass(frozen=True, slots=True)
class Alone:
    """A running gateway."""

    pid: int
    port: int

    def cpu_seconds(self) -> float:
        """Return the processor time it has taken."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mib(self) -> float:
        """Return its proportional share of memory (PSS)."""
        lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def measure() -> list[Figure]:
    """Return the figures of a gateway alone."""
    with new_database() as url:
        with alone(url, "years") as gateway:
            counted = struck(gateway)
        assert set(counted.statuses) == {403}, counted.statuses
        with alone(url, "now") as gateway:
            idle = idling(gateway)
            hammer(gateway.port, WARM_UP_SECONDS, CONNECTIONS)  # opens the breaker
            refused = struck(gateway)
            assert refused.statuses[429] > 0.99 * len(refused.times), refused.statuses
        with alone(url, "now") as gateway:
            memory = waiting(gateway, url)
    return [
        Figure("gateway: codes counted durably, on one core", counted.rate, "/s", 800, at_least=True),
        Figure("  99 of 100 answered within", counted.p99 * 1000, "ms", 50),
        Figure("gateway: codes refused by the breaker, on one core", refused.rate, "/s", 5000, at_least=True),
        Figure(f"gateway: memory with {PAGES} waiting pages (PSS)", memory, "MiB", 150),
        Figure("gateway: nobody there", idle, "% of a core", 0.1),
    ]


@contextmanager
def new_database() -> Iterator[str]:
    """Give the address of a database with sessions whose shares can be waited for."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/desk.sqlite3"
        database = Database.open(url)
        upgrade(database)
        create_sample_data(context(database), PAGES, bulk=True)
        database.close()
        yield url


@contextmanager
def alone(url: str, pace: str) -> Iterator[Alone]:
    """Run a gateway on the first core, this process on the others."""
    mine = os.sched_getaffinity(0)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.gateway_child", url, pace],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        port = int(process.stdout.readline())
        os.sched_setaffinity(0, mine - {min(mine)} or mine)
        try:
            yield Alone(process.pid, port)
        finally:
            os.sched_setaffinity(0, mine)
            process.stdin.close()


def struck(gateway: Alone) -> Blows:
    """Return what a hammer hears, after a moment that does not count."""
    hammer(gateway.port, WARM_UP_SECONDS, CONNECTIONS)
    return hammer(gateway.port, SECONDS, CONNECTIONS)


def idling(gateway: Alone) -> float:
    """Return how much of a core it takes while nobody is there, in percent."""
    sleep(1)
    before, began = gateway.cpu_seconds(), monotonic()
    sleep(IDLE_SECONDS)
    return 100 * (gateway.cpu_seconds() - before) / (monotonic() - began)


def waiting(gateway: Alone, url: str) -> float:
    """Return the memory it takes with many pages that wait for their words to be picked, in MiB."""
    return asyncio.run(_waiting(gateway, open_shares(url)))


async def _waiting(gateway: Alone, tokens: list[str]) -> float:
    async with AsyncExitStack() as pages:
        for token in tokens:
            page = await pages.enter_async_context(
                connect(
                    f"ws://127.0.0.1:{gateway.port}/customer",
                    additional_headers={"Origin": f"http://127.0.0.1:{gateway.port}", "Cookie": f"share={token}"},
                    user_agent_header=BROWSER,
                    compression=None,
                )
            )
            assert '"waiting"' in str(await page.recv())
        await asyncio.sleep(2)
        return gateway.memory_mib()


def open_shares(url: str) -> list[str]:
    """Write a waiting share for each session and return their tokens."""
    database = Database.open(url)
    with database.write() as tx:
        ids = list(tx.execute(select(session.c.id)).scalars())
        tokens = [f"token-{number}" for number in ids]
        codes = [
            {
                "id": number,
                "session_id": number,
                "locator": "000",
                "mac": b"",
                "issued_at": NOON,
                "expires_at": NOON,
                "state": "redeemed",
            }
            for number in ids
        ]
        page = page_to_json(PageFacts("Nadia", "Assistance", "0001", 7900))
        shares = [
            {
                "session_id": number,
                "code_id": number,
                "state": "waiting",
                "page": page,
                "words": '[["un","deux"],["trois","quatre"],["cinq","six"]]',
                "right_pair": 0,
                "token_sha256": fingerprint(token),
                "browser_sha256": fingerprint(BROWSER),
                "opened_at": datetime.now(UTC),
            }
            for number, token in zip(ids, tokens, strict=True)
        ]
        tx.execute(insert(code), codes)
        tx.execute(insert(share), shares)
    database.close()
    return tokens
