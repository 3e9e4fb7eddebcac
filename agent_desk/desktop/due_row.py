"""A clock somebody waits for, with a way to its session."""

from datetime import datetime

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from agent_desk.actions.views import DueItem
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session_list import local_time
from agent_desk.desktop.widgets import Elided, button, label, line, on_click
from agent_desk.formats import format_short_date


class DueRow(QWidget):
    """What, for whom, when; late is said in words, not only in colour."""

    def __init__(self, desk: Desk, item: DueItem, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        late = item.at <= now
        clock = local_time(item.at, now)
        last = item.at - item.at.resolution  # a limit at midnight belongs to the day just ended
        when = clock or format_short_date(last.astimezone().date(), desk.language)
        self.what = Elided(text=desk.wording.text(f"due.{item.kind}"))
        self.when = label(self.tr("late · {0}").format(when) if late else when, "bad" if late else "muted")
        self.link: QPushButton = button(item.session_number, "link", name="due_session")
        on_click(self.link, lambda: desk.openRequested.emit(item.session_id))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 5, 0, 5)
        box.setSpacing(1)
        box.addWidget(line(self.what, None, self.when))
        box.addWidget(line(self.link, Elided(text=item.customer, role="muted"), None))
