"""The only bridge between the GUI thread and workers: jobs go out, results come back by a queued signal."""

import logging
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from threading import Condition, Lock
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

WORKERS = 3
_log = logging.getLogger(__name__)

Job = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who wanted a job done; stays in the GUI thread, so that no worker ever holds the last hand on a widget."""

    done: Callable[[Any], None] | None
    failed: Callable[[BaseException], None] | None
    owner: QObject | None


class Background(QObject):
    """Runs jobs in a few threads; jobs with the same `queue` key run one after the other, in order."""

    unclaimed = Signal(object)  # the error of a job nobody answers for, or whose owner is gone
    _finished = Signal(int, object, object)  # ticket, value, error

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="desk")
        self._closed = False
        self._tickets = count()
        self._askers: dict[int, _Asker] = {}
        self._lock = Lock()
        self._idle = Condition()
        self._under_way = 0
        self._queues: dict[Hashable, deque[Callable[[], None]]] = {}
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Tell whether a result is still to come."""
        return bool(self._askers)

    @property
    def closed(self) -> bool:
        """Tell whether no more jobs are taken."""
        return self._closed

    def run(
        self,
        job: Job,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        owner: QObject | None = None,
        queue: Hashable = None,
    ) -> None:
        """Run `job` in a worker; `done(value)` or `failed(error)` follow in the GUI thread while `owner` lives."""
        ticket = next(self._tickets)
        self._askers[ticket] = _Asker(done, failed, owner)
        task = partial(self._work, ticket, job)
        with self._idle:
            self._under_way += 1
        if queue is None:
            self._pool.submit(task)
            return
        with self._lock:
            waiting = self._queues.get(queue)
            if waiting is not None:
                waiting.append(task)
                return
            self._queues[queue] = deque([task])
        self._pool.submit(self._drain, queue)

    def close(self, seconds: float) -> bool:
        """Take no more jobs, wait for those under way: what was typed must reach the disk; False if some still run."""
        self._closed = True
        self._pool.shutdown(wait=False)
        with self._idle:
            return self._idle.wait_for(lambda: not self._under_way, seconds)

    def _drain(self, queue: Hashable) -> None:
        while True:
            with self._lock:
                waiting = self._queues[queue]
                if not waiting:
                    del self._queues[queue]
                    return
                task = waiting.popleft()
            task()

    def _work(self, ticket: int, job: Job) -> None:
        try:
            value, error = job(), None
        except Exception as caught:  # noqa: BLE001 (whatever it is, the asker is told)
            value, error = None, caught
        self._finished.emit(ticket, value, error)
        with self._idle:
            self._under_way -= 1
            self._idle.notify_all()

    @Slot(int, object, object)
    def _deliver(self, ticket: int, value: Any, error: BaseException | None) -> None:
        asker = self._askers.pop(ticket)
        gone = asker.owner is not None and not shiboken6.isValid(asker.owner)
        if error is None:
            if asker.done is not None and not gone:
                asker.done(value)
        elif asker.failed is not None and not gone:
            asker.failed(error)
        else:
            _log.error("a job failed: %s", type(error).__name__)
            self.unclaimed.emit(error)
