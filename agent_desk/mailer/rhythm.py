"""What a mail worker does again and again, each in a thread of its own: one that takes long holds up no other."""

import threading
from collections.abc import Callable

from agent_desk.logfile import told


class Rhythm:
    """Does a job at once and then every few seconds, whatever happens in it, until it is stopped."""

    def __init__(self, name: str, seconds: float, job: Callable[[], object]) -> None:
        self._seconds, self._job = seconds, job
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, patience: float | None = None) -> None:
        """Do it no more, and wait for what is under way, at most `patience` seconds."""
        self._stop.set()
        self._thread.join(patience)

    def _run(self) -> None:
        while True:
            try:
                self._job()
            except Exception as error:  # noqa: BLE001 (the next time it may succeed)
                told(error)
            if self._stop.wait(self._seconds):
                return
