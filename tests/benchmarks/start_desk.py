"""The program as an agent starts it, watched from inside: painted with its palette answering, then Today filled."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from agent_desk.__main__ import main
from agent_desk.desktop.main_window import MainWindow
from tests.benchmarks.child import memory_kib, since_start, tell

moments: dict[str, float] = {}
run = QApplication.exec


def watched() -> int:
    """Watch the window that has just been shown, then run as ever."""
    window = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow))

    def painted() -> None:
        shortcut = next(one for one in window.findChildren(QShortcut) if one.key() == QKeySequence("Ctrl+K"))
        shortcut.activated.emit()
        assert window._palette.isVisible()
        moments["painted"] = since_start()
        window._palette.close()

    def filled() -> None:
        assert window.screen_named("today")._view is not None
        moments["today"] = since_start()
        tell(**moments, memory=memory_kib())

    window.painted.connect(painted)
    window.desk.firstLook.connect(lambda _view: QTimer.singleShot(0, filled))
    return run()


QApplication.exec = staticmethod(watched)  # type: ignore[method-assign]  # the only place from which a start can be seen
main()
