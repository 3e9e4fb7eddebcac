"""Old beside new, place by place: what people read today, and what they would read."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent_desk.actions.change_views import Beside
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.widgets import clear_layout, label, rule

SHOWN_LINES = 12


class ChangePlaces(QWidget):
    """One block for each place where a change shows."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)

    def show_places(self, places: Sequence[Beside], table: str = "change_places") -> None:
        """Show these places, called by a table of the wording; none empties the view."""
        clear_layout(self._box)
        for one in places:
            self._box.addWidget(rule())
            self._box.addWidget(label(self._desk.wording.text(f"{table}.{one.place}"), "section"))
            self._add(self.tr("Before: {0}"), one.before, "muted")
            self._add(self.tr("After: {0}"), one.after, "")

    def _add(self, frame: str, lines: Sequence[str], role: str) -> None:
        if not lines:
            return
        shown = [*lines[:SHOWN_LINES], *(["…"] if len(lines) > SHOWN_LINES else [])]
        made = label(frame.format("\n".join(shown)), role, wrap=True)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._box.addWidget(made)
