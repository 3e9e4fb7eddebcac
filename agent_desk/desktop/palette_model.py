"""What the palette lists: entries in groups, and how a row of it is painted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.icons import paint_icon
from agent_desk.desktop.widgets import bold

ENTRY = Qt.ItemDataRole.UserRole
ROW_HEIGHT = 36
GROUP_HEIGHT = 27
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: something to do, or the name of the group below it when `run` is None."""

    text: str
    run: Callable[[], None] | None = None
    hint: str = ""
    icon: str = ""
    keys: tuple[str, ...] = ()


class EntryModel(QAbstractListModel):
    """The rows of the palette."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[Entry, ...] = ()

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.entries = tuple(entries)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the entry, or what a screen reader says of it."""
        if role == ENTRY:
            return self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.entries[index.row()].text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            entry = self.entries[index.row()]
            return " · ".join(part for part in (entry.text, entry.hint, "+".join(entry.keys)) if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Group names cannot be chosen."""
        if self.entries[index.row()].run is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class EntryDelegate(QStyledItemDelegate):
    """Paints icon, text, a grey hint, and the shortcut as key caps."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row; the width is the list's."""
        entry: Entry = index.data(ENTRY)
        return QSize(100, GROUP_HEIGHT if entry.run is None else ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        entry: Entry = index.data(ENTRY)
        rect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry.run is None:
            self._paint_group(painter, rect, entry.text)
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            self._paint_entry(painter, rect, entry, chosen=chosen)
        painter.restore()

    def _paint_group(self, painter: QPainter, rect: QRect, text: str) -> None:
        font = bold(painter.font())
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(self._desk.theme.colour("muted"))
        painter.drawText(rect.adjusted(16, 4, -16, 0), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_entry(self, painter: QPainter, rect: QRect, entry: Entry, *, chosen: bool) -> None:
        theme = self._desk.theme
        if chosen:
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(rect.adjusted(8, 1, -8, -1), 7, 7)
        inner = rect.adjusted(18, 0, -18, 0)
        if entry.icon:
            ink = theme.colour("accent_text" if chosen else "muted")
            paint_icon(painter, entry.icon, ink, QRect(inner.left(), inner.center().y() - 8, 18, 18))
        inner.setLeft(inner.left() + 28)
        inner.setRight(self._paint_keys(painter, inner, entry.keys))
        metrics = painter.fontMetrics()
        text = metrics.elidedText(entry.text, Qt.TextElideMode.ElideRight, inner.width())
        painter.setPen(theme.colour("text"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, text)
        inner.setLeft(inner.left() + metrics.horizontalAdvance(text) + 12)
        if inner.width() > 30:
            painter.setPen(theme.colour("muted"))
            hint = metrics.elidedText(entry.hint, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, hint)

    def _paint_keys(self, painter: QPainter, rect: QRect, keys: Sequence[str]) -> int:
        font = QFont(painter.font())
        font.setPixelSize(11)
        metrics = QFontMetrics(font)
        right = rect.right()
        plain = painter.font()
        painter.setFont(font)
        for key in reversed(keys):
            width = max(metrics.horizontalAdvance(key) + 11, 19)
            cap = QRect(right - width, rect.center().y() - 9, width, 19)
            painter.setPen(self._desk.theme.colour("edge"))
            painter.setBrush(self._desk.theme.colour("surface"))
            painter.drawRoundedRect(cap, 4, 4)
            painter.setPen(self._desk.theme.colour("muted"))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
            right -= width + 5
        painter.setFont(plain)
        return right - 8
