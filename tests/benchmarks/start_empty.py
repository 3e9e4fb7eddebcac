"""The limit of every start: an empty QMainWindow in the same Python."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.benchmarks.child import memory_kib, since_start, tell


class Empty(QMainWindow):
    """Ends after its first paint."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell when it was painted."""
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: tell(painted=since_start(), memory=memory_kib()))


app = QApplication([])
window = Empty()
window.resize(1280, 800)
window.show()
app.exec()
