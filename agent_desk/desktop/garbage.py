"""Garbage is collected in the thread that paints, never by a worker: taking a widget apart elsewhere ends the program."""

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 1000


class Garbage(QObject):
    """Stops Python's own collecting, which happens in whatever thread makes objects; `start` begins ours."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(collect_due)

    def start(self) -> None:
        """Look for garbage from now on, without ever looking at what the start has loaded; once."""
        if not self._timer.isActive():
            gc.freeze()
            self._timer.start()


def collect_due() -> None:
    """Collect in this thread what Python would have collected by now: the oldest generation that is due."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return
