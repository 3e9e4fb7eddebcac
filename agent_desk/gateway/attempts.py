"""Codes are tried: counted durably many at a time, and refused from memory while the count would refuse them anyway."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from time import monotonic
from typing import TypeVar

from agent_desk.gateway.answers import Refused
from agent_desk.rules.guessing import Answer, Verdict

Count = Callable[[Sequence[str]], Sequence[Verdict]]

REMEMBERED_SECONDS = 1.0  # then the database is asked again, by one try for each lane and source
MOST_SOURCES = 100_000
MOST_WAITING = 600  # what is counted within half a second; more than that would be answered too late to be of use
MOST_AT_ONCE = 200
BUSY_SECONDS = 5
Kept = TypeVar("Kept")
CODES = {Answer.SOURCE_LIMIT: "source_busy", Answer.SITE_LIMIT: "site_busy"}


@dataclass(frozen=True, slots=True)
class Closed:
    """A refusal that holds until `until`; `opens` is when the next try may be allowed."""

    code: str
    until: float
    opens: float


class Gate:
    """Remembers refusals for a second, so that those who hammer cost no transaction; used in the loop's thread only.

    A lane of the site's breaker is remembered as a whole: until its next place is free nobody in it gets one.
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._lanes: dict[bool, Closed] = {}
        self._sources: OrderedDict[str, Closed] = OrderedDict()
        self._known: OrderedDict[str, None] = OrderedDict()

    def refusal(self, source: str) -> tuple[str, int] | None:
        """Return why `source` is refused at once and after how many seconds it may come back; None: it is counted."""
        if not self._sources and not self._lanes:
            return None
        now = self._now()
        closed = self._sources.get(source)
        if closed is not None and closed.until > now:
            return closed.code, _seconds(closed.opens - now)
        fresh = source not in self._known
        lane = self._lanes.get(fresh)
        if lane is None:
            return None
        if lane.until > now:
            return lane.code, _seconds(lane.opens - now)
        if lane.opens > now:  # this one asks the database again; the others need not
            self._lanes[fresh] = Closed(lane.code, now + REMEMBERED_SECONDS, lane.opens)
        return None

    def learn(self, source: str, verdict: Verdict) -> None:
        """Remember what the database said about one source."""
        if not verdict.fresh:
            _keep(self._known, source, None)
        if verdict.answer is Answer.ALLOW:
            self._sources.pop(source, None)
            self._lanes.pop(verdict.fresh, None)
            return
        now = self._now()
        wait = max(verdict.retry_after, 1)
        closed = Closed(CODES[verdict.answer], now + min(wait, REMEMBERED_SECONDS), now + wait)
        if verdict.answer is Answer.SITE_LIMIT:
            self._lanes[verdict.fresh] = closed
        else:
            _keep(self._sources, source, closed)

    def failed(self, source: str) -> None:
        """Remember that a source has tried a wrong code, so that it counts in the other lane from now on."""
        _keep(self._known, source, None)


class Counter:
    """Counts tries in one thread: whatever waits when it is free goes into one transaction."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._waiting = 0
        self._queue: SimpleQueue[tuple[str, asyncio.Future[Verdict]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="gateway-counter", daemon=True)
        self._thread.start()

    async def count(self, source: str) -> Verdict:
        """Count one try durably and return whether it may be compared; Refused when too many wait."""
        if self._waiting >= MOST_WAITING:
            raise Refused("site_busy", BUSY_SECONDS)
        future: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._waiting += 1
        self._queue.put((source, future))
        try:
            return await future
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Let what waits be counted, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        batch = self._next()
        while batch:
            loop = batch[0][1].get_loop()
            try:
                verdicts = self._count([source for source, _ in batch])
            except Exception as error:  # noqa: BLE001 (whatever it is, nobody gets in)
                loop.call_soon_threadsafe(_fail, batch, error)
            else:
                loop.call_soon_threadsafe(_settle, batch, verdicts)
            batch = self._next()

    def _next(self) -> list[tuple[str, asyncio.Future[Verdict]]]:
        """Return what waits, once something does; nothing when the thread is to end."""
        batch = []
        one = self._queue.get()
        while one is not None:
            batch.append(one)
            if len(batch) == MOST_AT_ONCE or self._queue.empty():
                return batch
            one = self._queue.get()
        self._queue.put(None) if batch else None
        return batch


def _settle(batch: Sequence[tuple[str, asyncio.Future[Verdict]]], verdicts: Sequence[Verdict]) -> None:
    for (_, future), verdict in zip(batch, verdicts, strict=True):
        if not future.done():
            future.set_result(verdict)


def _fail(batch: Sequence[tuple[str, asyncio.Future[Verdict]]], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)


def _keep(memory: OrderedDict[str, Kept], source: str, what: Kept) -> None:
    """Remember, and forget the oldest beyond what memory is given to it."""
    memory[source] = what
    memory.move_to_end(source)
    if len(memory) > MOST_SOURCES:
        memory.popitem(last=False)


def _seconds(wait: float) -> int:
    return max(1, round(wait + 0.5))
