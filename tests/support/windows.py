"""Windows that appear by mistake: a widget shown before it stands in another takes the keyboard away."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class WindowWatch(QObject):
    """Notes each window that appears."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a widget that is shown without a window around it."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(repr(watched))
        return False
