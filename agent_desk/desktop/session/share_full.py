"""The customer's screen over the whole of the agent's; the key that cuts acts here too."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QScreen, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent_desk.desktop.widgets import button, label, line, on_click

FULL_KEY, CUT_KEY = "F11", "Ctrl+F12"


class FullScreen(QWidget):
    """A window of its own with the picture, and below it how to leave and how to cut."""

    left = Signal()

    def __init__(self, parent: QWidget, cut: Callable[[], None]) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("fullScreen")
        self.setProperty("role", "full")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box = QVBoxLayout()
        self._leave = on_click(button(name="leaveFull"), self.leave)
        self._cut = on_click(button(kind="danger", name="cutFull"), cut)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self.box, 1)
        self._bar = line(label(), None, self._leave, self._cut)
        self._bar.setContentsMargins(8, 6, 8, 6)
        outer.addWidget(self._bar)
        for key, action in ((FULL_KEY, self.leave), ("Esc", self.leave), (CUT_KEY, cut)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(action)
        self.retranslate()

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        translate = QCoreApplication.translate
        self.setWindowTitle(translate("SessionIntervention", "The customer’s screen"))
        leave, esc = (
            translate("SessionIntervention", "Leave full screen"),
            translate("SessionIntervention", "Esc", "key"),
        )
        cut = translate("SessionIntervention", "Cut the share")
        self._leave.setText(f"{leave}  {esc}")
        self._cut.setText(f"{cut}  {CUT_KEY}")

    def open_on(self, screen: QScreen) -> None:
        """Cover this screen and take the keyboard."""
        self.setScreen(screen)
        self.showFullScreen()
        self.activateWindow()
        self.setFocus()

    def leave(self) -> None:
        """Close the window."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the picture back."""
        self.left.emit()
        super().closeEvent(event)
