"""A list of sessions to take up again: who, what, where it stands, since when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from agent_desk.actions.views import SessionRow
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.painting import RIGHT, paint_chip, paint_text
from agent_desk.desktop.service_names import services_in_short
from agent_desk.desktop.widgets import bold
from agent_desk.formats import format_short_date
from agent_desk.rules.session import State, Step

ROW = Qt.ItemDataRole.UserRole
ROW_HEIGHT = 50
MOST_ROWS = 7
Index = QModelIndex | QPersistentModelIndex
TONES = {State.IN_PROGRESS: "acc", State.FEASIBILITY: "warn", State.AGREED: "ok"}


def local_time(moment: datetime, now: datetime) -> str:
    """Return the clock time of a moment of today, in the zone of this machine; "" for another day."""
    there = moment.astimezone()
    return f"{there:%H:%M}" if there.date() == now.astimezone().date() else ""


class SessionModel(QAbstractListModel):
    """Rows as the action returned them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.rows: tuple[SessionRow, ...] = ()

    def set_rows(self, rows: Sequence[SessionRow]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of sessions."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the row, or what a screen reader says of it."""
        if role == ROW:
            return self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            row = self.rows[index.row()]
            return f"{row.customer} · {row.number} · {self._desk.wording.text(f'states.{row.state}')}"
        return None


class SessionDelegate(QStyledItemDelegate):
    """Name and services at the left; state, step and time at the right."""

    def __init__(self, desk: Desk, nameless: str = "") -> None:
        super().__init__()
        self._desk = desk
        self.nameless = nameless

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of a row."""
        return QSize(100, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one session."""
        theme, row = self._desk.theme, index.data(ROW)
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.fillRect(rect, theme.colour("accent_soft"))
        if focused:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), 6, 6)
        if index.row():
            painter.fillRect(rect.left(), rect.top(), rect.width(), 1, theme.colour("line"))
        inner = rect.adjusted(15, 6, -15, -6)
        self._paint_right(painter, inner, row, chosen=chosen)
        self._paint_left(painter, inner.adjusted(0, 0, -270, 0), row)
        painter.restore()

    def _paint_left(self, painter: QPainter, rect: QRect, row: SessionRow) -> None:
        theme, half = self._desk.theme, rect.height() // 2
        plain = painter.font()
        painter.setFont(bold(plain))
        top = QRect(rect.left(), rect.top(), rect.width(), half)
        paint_text(painter, top, row.customer or self.nameless, theme.colour("text" if row.customer else "muted"))
        painter.setFont(plain)
        services = services_in_short(self._desk, row.services)
        below = QRect(rect.left(), rect.top() + half, rect.width(), half)
        paint_text(painter, below, f"{row.number} · {services}" if services else row.number, theme.colour("muted"))

    def _paint_right(self, painter: QPainter, rect: QRect, row: SessionRow, *, chosen: bool) -> None:
        theme, wording = self._desk.theme, self._desk.wording
        moment = row.parked_at or row.opened_at
        when = local_time(moment, self._desk.clock.now())
        when = when or format_short_date(moment.astimezone().date(), self._desk.language)
        clock = QRect(rect.right() - 90, rect.top(), 90, rect.height())
        paint_text(painter, clock, when, theme.colour("muted"), RIGHT)
        step = f"{int(row.step)} · {wording.text(f'steps.{Step(row.step).name.lower()}')}"
        text = wording.text(f"states.{row.state}") if row.state in TONES else step
        place = QRect(rect.right() - 260, rect.top(), 160, rect.height())
        paint_chip(painter, place, text, TONES.get(row.state, ""), theme, chosen=chosen)


class SessionList(QListView):
    """As high as its rows, up to a few; Enter, Space or a click opens."""

    chosen = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = SessionModel(desk)
        self.delegate = SessionDelegate(desk)
        self.setModel(self.rows)
        self.setItemDelegate(self.delegate)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(lambda index: self.chosen.emit(self.rows.rows[index.row()].id))

    def set_rows(self, rows: Sequence[SessionRow]) -> None:
        """Show these sessions, keeping the place in the list."""
        place = self.currentIndex().row()
        self.rows.set_rows(rows)
        if rows:
            self.setCurrentIndex(self.rows.index(min(max(place, 0), len(rows) - 1)))
            self.clearSelection()
        self.setFixedHeight(min(len(rows), MOST_ROWS) * ROW_HEIGHT + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with the keyboard."""
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and index.isValid():
            self.chosen.emit(self.rows.rows[index.row()].id)
            return
        super().keyPressEvent(event)
