"""Codes are tried: counted durably many at a time, and refused from memory while the count would refuse them anyway."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from math import ceil
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from agent_desk.gateway.answers import Refused
from agent_desk.logfile import told
from agent_desk.rules.guessing import Answer, Verdict

Count = Callable[[Sequence[str]], Sequence[Verdict]]
Later = Callable[[Callable[[], object]], None]
Compare = Callable[[str, str, str, Later], "Entered"]
Outcome = tuple[Verdict, "Entered | None"]

REMEMBERED_SECONDS = 1.0  # then the database is asked again, by one try for each lane and source
MOST_SOURCES = 100_000
MOST_WAITING = 600  # what is counted within half a second; more than that would be answered too late to be of use
MOST_AT_ONCE = 200
BUSY_SECONDS = 5
LEAST_STEP_SECONDS = 0.03
GRID_SECONDS = 0.01
TRANSACTIONS = 3  # of a wrong code: the count, its own, and one to spare
MOST_STEP_SECONDS = 0.6
WEIGHT_OF_LAST = 0.2
WORKERS = 3
COMPARED_AT_ONCE = 8  # by one thread, so that handing over costs little
if TYPE_CHECKING:
    from agent_desk.actions.share_views import Entered

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


@dataclass(frozen=True, slots=True)
class Try:
    """One code typed by one browser; `outcome` becomes the verdict, and the share where the code was good."""

    digits: str = field(repr=False)
    source: str
    browser: str
    outcome: "asyncio.Future[Outcome]"


class Pace:
    """When answers to tries leave: at multiples of a step that a wrong code keeps as well.

    A wrong code costs a transaction more than an unknown one; how long one takes here and now is what the last ones
    took. So on a slow disk, or a busy machine, all answers take longer, and still the same time.
    """

    def __init__(self) -> None:
        self._usual = 0.0

    def took(self, seconds: float) -> None:
        """Note how long a transaction took."""
        self._usual += (seconds - self._usual) * WEIGHT_OF_LAST

    def rest(self, spent: float) -> float:
        """Return how long an answer that was found after `spent` seconds still waits."""
        step = GRID_SECONDS * ceil(TRANSACTIONS * self._usual / GRID_SECONDS)
        step = min(max(step, LEAST_STEP_SECONDS), MOST_STEP_SECONDS)
        return ceil(spent / step) * step - spent

    async def pause(self, began: float) -> None:
        """Wait until an answer to what came at `began` may leave."""
        await asyncio.sleep(self.rest(monotonic() - began))


class Tries:
    """Counts tries in one thread, whatever waits when it is free in one transaction; others then compare what is allowed."""

    def __init__(self, count: Count, compare: Compare) -> None:
        self._count = count
        self._compare = compare
        self.pace = Pace()
        self._waiting = 0
        self._queue: SimpleQueue[Try | None] = SimpleQueue()
        self._workers = ThreadPoolExecutor(WORKERS, "gateway-tries")
        self._thread = threading.Thread(target=self._work, name="gateway-counter", daemon=True)
        self._thread.start()

    async def make(self, digits: str, source: str, browser: str) -> Outcome:
        """Count a try durably, compare it if it may be, and return both results; Refused when too many wait.

        Refusal where the code is not good, and whatever the database raises: then nobody gets in.
        """
        if self._waiting >= MOST_WAITING:
            raise Refused("site_busy", BUSY_SECONDS)
        made = Try(digits, source, browser, asyncio.get_running_loop().create_future())
        self._waiting += 1
        self._queue.put(made)
        try:
            return await made.outcome
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Let what waits be answered, then end the threads."""
        self._queue.put(None)
        self._thread.join()
        self._workers.shutdown()

    def _work(self) -> None:
        while batch := self._next():
            began = monotonic()
            try:
                verdicts = self._count([made.source for made in batch])
            except Exception as error:  # noqa: BLE001 (whatever it is, nobody gets in)
                _deliver([(made, error) for made in batch])
                continue
            self.pace.took(monotonic() - began)
            judged = list(zip(batch, verdicts, strict=True))
            _deliver([(made, (found, None)) for made, found in judged if found.answer is not Answer.ALLOW])
            allowed = [(made, found) for made, found in judged if found.answer is Answer.ALLOW]
            for start in range(0, len(allowed), COMPARED_AT_ONCE):
                self._workers.submit(self._compare_some, allowed[start : start + COMPARED_AT_ONCE])

    def _compare_some(self, allowed: Sequence[tuple[Try, Verdict]]) -> None:
        compared: list[tuple[Try, Outcome | Exception]] = []
        later: list[Callable[[], object]] = []
        for made, found in allowed:
            try:
                compared.append((made, (found, self._compare(made.digits, made.source, made.browser, later.append))))
            except Exception as error:  # noqa: BLE001 (a refusal, or a fault: each try is told its own)
                compared.append((made, error))
        _deliver(compared)
        for job in later:
            try:
                job()
            except Exception as error:  # noqa: BLE001 (it is counted already; only its words are missing in the log)
                told(error)

    def _next(self) -> list[Try]:
        """Return what waits, once something does; nothing when the thread is to end."""
        batch: list[Try] = []
        one = self._queue.get()
        while one is not None:
            batch.append(one)
            if len(batch) == MOST_AT_ONCE or self._queue.empty():
                return batch
            one = self._queue.get()
        if batch:
            self._queue.put(None)
        return batch


def _deliver(answered: Sequence[tuple[Try, Outcome | Exception]]) -> None:
    """Hand results to the loop their requests wait in, all at once."""
    if answered:
        with suppress(RuntimeError):  # the loop has ended meanwhile, and with it whoever asked
            answered[0][0].outcome.get_loop().call_soon_threadsafe(_settle, answered)


def _settle(answered: Sequence[tuple[Try, Outcome | Exception]]) -> None:
    for made, result in answered:
        if made.outcome.done():
            continue
        if isinstance(result, Exception):
            made.outcome.set_exception(result)
        else:
            made.outcome.set_result(result)


def _keep(memory: OrderedDict[str, Kept], source: str, what: Kept) -> None:
    """Remember, and forget the oldest beyond what memory is given to it."""
    memory[source] = what
    memory.move_to_end(source)
    if len(memory) > MOST_SOURCES:
        memory.popitem(last=False)


def _seconds(wait: float) -> int:
    return max(1, ceil(wait))
