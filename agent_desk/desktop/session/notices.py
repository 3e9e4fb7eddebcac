"""The one line above a step for what must be seen: refusals, what could not be kept, a removal to undo."""

from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from agent_desk.actions.views import Saved
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.icons import icon
from agent_desk.desktop.widgets import set_property, set_text
from agent_desk.rules.catalogue import QUANTITY_MAX


class Notices(QObject):
    """Shows one sentence at a time; an empty one hides the line."""

    undone = Signal()

    def __init__(self, desk: Desk, ui: Any, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ui = ui
        ui.noticeClose.setIcon(icon("cross"))
        ui.noticeClose.clicked.connect(self.clear)
        ui.noticeAction.clicked.connect(self.undone)

    def tell(self, sentence: str, tone: str = "warn") -> None:
        """Show `sentence`; hide the line when it is empty."""
        self._ui.noticeAction.hide()
        set_property(self._ui.notice, "tone", tone)
        set_text(self._ui.noticeText, sentence)
        self._ui.notice.setAccessibleName(sentence)
        self._ui.notice.setVisible(bool(sentence))

    def tell_removed(self, name: str) -> None:
        """Say that a service was taken out, with a way back."""
        self.tell(QCoreApplication.translate("SessionNotices", "%1 taken out.").replace("%1", name), "acc")
        self._ui.noticeAction.setText(QCoreApplication.translate("SessionNotices", "Undo  Ctrl+Z"))
        self._ui.noticeAction.show()

    def clear(self) -> None:
        """Hide the line."""
        self.tell("")

    def adjusted(self, saved: Saved) -> str:
        """Return the sentence for what could not be kept as typed."""
        wording = self._desk.wording
        if not saved.adjusted:
            return wording.text("errors.clock_back", minutes=saved.clock_back_minutes)
        one = saved.adjusted[0]
        key = f"fields.{one.field}"
        field = wording.text(key) if wording.has(key) else wording.text("fields.lines")
        return wording.text(f"errors.{one.code}", field=field, limit=one.limit or QUANTITY_MAX)
