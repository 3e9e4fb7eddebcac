"""The program for a minute with a session open and nobody typing: how much of a core it takes."""

import resource
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from agent_desk.__main__ import main
from agent_desk.desktop.main_window import MainWindow
from tests.benchmarks.child import tell

SETTLED_AFTER_MS = 5_000
WATCHED_MS = 60_000
run = QApplication.exec


def used() -> float:
    """Return the processor seconds taken so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def watched() -> int:
    """Open a session once everything is loaded, wait until it has settled, then watch a minute."""
    window = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow))
    window.desk.becameReady.connect(window.start_session)

    def begin() -> None:
        began, spent = time.monotonic(), used()
        QTimer.singleShot(WATCHED_MS, lambda: tell(cpu_percent=100 * (used() - spent) / (time.monotonic() - began)))

    QTimer.singleShot(SETTLED_AFTER_MS, begin)
    return run()


QApplication.exec = staticmethod(watched)  # type: ignore[method-assign]  # the only place from which to watch
main()
