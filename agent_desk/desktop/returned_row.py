"""A review that waits for this person's answer, with a way to it."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from agent_desk.actions.views import JournalFilter, Returned
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.widgets import Elided, button, chip, label, on_click
from agent_desk.formats import format_short_date


class ReturnedRow(QWidget):
    """Which session, and by when an answer is awaited; it is read and answered beside its story."""

    def __init__(self, desk: Desk, one: Returned, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        until = format_short_date(one.until.astimezone().date(), desk.language)
        late = one.until <= desk.clock.now()
        self.open = button(self.tr("Read and answer"), "primary", name=f"answer_{one.session_id}")
        wanted, title = JournalFilter(text=one.number), self.tr("Review")
        on_click(self.open, lambda: desk.listRequested.emit(wanted, title))
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 9, 15, 9)
        row.setSpacing(8)
        row.addWidget(Elided(text=one.customer, role="strong"))
        row.addWidget(chip(one.number))
        row.addWidget(label(self.tr("answer by {0}").format(until), "bad" if late else "muted"))
        row.addStretch(1)
        row.addWidget(self.open)
