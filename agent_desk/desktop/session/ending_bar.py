"""Giving a session up, inline: what will happen, a reason where one is needed, and a way back."""

from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from agent_desk.desktop.widgets import set_text

CANCEL, WITHDRAW = "cancel", "withdraw"


class EndingBar(QObject):
    """Drives the bar above the footer; nothing ends without its own button."""

    confirmed = Signal(str, str)  # CANCEL or WITHDRAW, reason
    kept = Signal()

    def __init__(self, ui: Any, parent: QWidget) -> None:
        super().__init__(parent)
        self._ui = ui
        self._way = CANCEL
        self._shared = False
        ui.endingConfirm.clicked.connect(self._confirm)
        ui.endingKeep.clicked.connect(self.close)
        ui.endingReason.returnPressed.connect(self._confirm)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), ui.endingBar)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.close)

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        translate = QCoreApplication.translate
        is_cancel = self._way == CANCEL
        asked = (
            translate("SessionEnding", "Cancel this session?")
            if is_cancel
            else translate("SessionEnding", "The customer withdraws from the agreement (art. 10)?")
        )
        shared = translate("SessionEnding", "This cuts the screen share.")
        set_text(self._ui.endingText, f"{asked} {shared}" if self._shared else asked)
        self._ui.endingConfirm.setText(
            translate("SessionEnding", "Cancel the session")
            if is_cancel
            else translate("SessionEnding", "Record the withdrawal")
        )

    def open(self, way: str, *, shared: bool = False) -> None:
        """Ask before ending the session this way, which ends a screen share too."""
        self._way, self._shared = way, shared
        self.retranslate()
        self._ui.endingReason.clear()
        self._ui.endingReason.setVisible(way == CANCEL)
        self._ui.endingBar.show()
        (self._ui.endingReason if way == CANCEL else self._ui.endingKeep).setFocus()

    def close(self) -> None:
        """Keep the session."""
        if not self._ui.endingBar.isHidden():
            self._ui.endingBar.hide()
            self.kept.emit()

    def _confirm(self) -> None:
        reason = self._ui.endingReason.text().strip()
        if self._way == CANCEL and not reason:
            self._ui.endingReason.setFocus()
            return
        self._ui.endingBar.hide()
        self.confirmed.emit(self._way, reason)
