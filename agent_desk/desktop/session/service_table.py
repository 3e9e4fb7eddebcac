"""The list of services: matches first, what is already chosen marked; painted by hand to answer within a keystroke."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.painting import WRAP, chip_font, chip_size, wrapped
from agent_desk.desktop.widgets import bold

SERVICE, DOMAIN, UNIT, PRICE, QUANTITY = range(5)
ROW = 34
LEAST_NAME = 232
ROW_ROLE = Qt.ItemDataRole.UserRole
PAD = 10

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service, its texts ready; `quantity` is 0 where it is not chosen, `note` a chip with its tone."""

    code: str
    label: str
    domain: str
    unit: str
    price: str
    quantity: int
    note: str = ""
    note_tone: str = ""
    allowed: bool = True


class ServiceModel(QAbstractTableModel):
    """The rows shown now."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[ServiceRow, ...] = ()
        self._titles: tuple[str, ...] = ("",) * 5

    def set_rows(self, rows: Sequence[ServiceRow]) -> bool:
        """Show these rows; False where they are those already shown."""
        if tuple(rows) == self.rows:
            return False
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()
        return True

    def set_titles(self, titles: Sequence[str]) -> None:
        """Name the columns."""
        self._titles = tuple(titles)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, SERVICE, QUANTITY)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Return how many services are shown."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._titles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, or its row."""
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            quantity = str(row.quantity) if row.quantity else "–"
            return (row.label, row.domain, row.unit, row.price, quantity)[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (row.label, row.note, row.price, str(row.quantity or ""))))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's title."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None


class ServiceTable(QTableView):
    """A list as high as its rows, up to `ceiling`; a click or Enter chooses."""

    picked = Signal(str)  # code of the service to add or show
    dropped = Signal(str)  # code of the service to take out

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = ServiceModel(self)
        self.setModel(self.services)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().sectionResized.connect(self._on_section)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(lambda index: self.picked.emit(self.services.rows[index.row()].code))
        self._ceiling = 330
        self._heights: dict[tuple[str, bool, bool, int], int] = {}
        self._widths: dict[int, tuple[int, ...]] = {}  # of each column's longest text, and of its longest word
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def dress(self, desk: Desk) -> None:
        """Take the theme's colours."""
        self.setItemDelegate(ServiceDelegate(desk, self))

    def set_titles(self, titles: Sequence[str]) -> None:
        """Name the columns; they are as wide as their longest text."""
        self.services.set_titles(titles)

    def set_rows(self, rows: Sequence[ServiceRow], current: int = 0) -> None:
        """Show these rows, with the cursor on `current`."""
        if self.services.set_rows(rows):
            self._fit_rows()
        if rows:
            self.selectRow(min(max(current, 0), len(rows) - 1))

    def step(self, by: int) -> None:
        """Move the cursor."""
        place = min(max(self.currentIndex().row() + by, 0), len(self.services.rows) - 1)
        self.selectRow(place)

    def current_code(self) -> str:
        """Return the service under the cursor, "" where there is none."""
        place = self.currentIndex().row()
        return self.services.rows[place].code if 0 <= place < len(self.services.rows) else ""

    def sizeHint(self) -> QSize:
        """Return the height of the rows, up to what leaves room for the cards below."""
        rows = sum(self.rowHeight(place) for place in range(len(self.services.rows)))
        return QSize(300, self.horizontalHeader().sizeHint().height() + 2 + min(max(rows, ROW), self._ceiling))

    def minimumSizeHint(self) -> QSize:
        """Return the same: the step scrolls, the list does not shrink."""
        return self.sizeHint()

    def keyPressEvent(self, event: Any) -> None:
        """Choose with Enter or the space bar, take out with Delete."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self.current_code())
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.dropped.emit(self.current_code())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width among the columns."""
        super().resizeEvent(event)
        self._share_width()

    def _on_section(self, column: int, _old: int, _new: int) -> None:
        if column == SERVICE:
            self._fit_rows()

    def _fit_rows(self) -> None:
        """Give each row the lines its name needs; measured once for each name and width."""
        width = self.columnWidth(SERVICE) - 2 * PAD
        for place, row in enumerate(self.services.rows):
            key = (row.label, bool(row.note), bool(row.quantity), width)
            if key not in self._heights:
                weight = QFont.Weight.Bold if row.quantity else QFont.Weight.Normal
                self._heights[key] = row_height(bold(self.font(), weight), row, width)
            if self.rowHeight(place) != self._heights[key]:
                self.setRowHeight(place, self._heights[key])
        self.updateGeometry()

    def fit_columns(self, rows: Sequence[ServiceRow]) -> None:
        """Make the columns as wide as the longest of all these texts, so that they stand still while one types."""
        self._heights.clear()
        header, metrics = self.horizontalHeader(), QFontMetrics(self.font())
        texts = {
            DOMAIN: [row.domain for row in rows],
            UNIT: [row.unit for row in rows],
            PRICE: [row.price for row in rows],
            QUANTITY: [],
        }
        for column, found in texts.items():
            title = str(self.services.headerData(column, Qt.Orientation.Horizontal))
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self._widths[column] = tuple(
                2 * (PAD + 1) + max(metrics.horizontalAdvance(part) for part in parts)
                for parts in ((*found, title), [word for text in (*found, title) for word in text.split()])
            )
        header.setSectionResizeMode(SERVICE, QHeaderView.ResizeMode.Stretch)
        self._share_width()

    def _share_width(self) -> None:
        """Take what the names miss from domains and units, down to their longest word: they may stand on two lines."""
        wanted = sum(whole for whole, _word in self._widths.values())
        missing = max(LEAST_NAME + wanted - self.viewport().width(), 0)
        for column, (whole, word) in self._widths.items():
            spared = min(missing, whole - word) if column in (DOMAIN, UNIT) else 0
            missing -= spared
            self.horizontalHeader().resizeSection(column, whole - spared)


class ServiceDelegate(QStyledItemDelegate):
    """Paints one cell: chosen rows on the accent ground and in bold, a chip under the name, the cursor as a bar."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        row: ServiceRow = index.data(ROW_ROLE)
        cell = QRect(option.rect)
        current = bool(option.state & option.state.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = "accent_soft" if row.quantity else "sunk" if current else "surface"
        painter.fillRect(cell, self._colour(ground))
        painter.setPen(QPen(self._colour("line")))
        painter.drawLine(cell.bottomLeft(), cell.bottomRight())
        if current and index.column() == SERVICE:
            painter.fillRect(QRect(cell.left(), cell.top(), 3, cell.height() - 1), self._colour("accent"))
        self._text(painter, option, index, row, cell.adjusted(PAD, 0, -PAD, 0))
        painter.restore()

    def _text(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, row: ServiceRow, cell: QRect
    ) -> None:
        strong = index.column() in (PRICE, QUANTITY) or (index.column() == SERVICE and row.allowed)
        font = QFont(option.font)
        font.setWeight(QFont.Weight.Bold if row.quantity and index.column() == SERVICE else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(self._colour("text" if strong and row.allowed else "muted"))
        place = cell
        if row.note and index.column() == SERVICE:
            chip = chip_size(row.note, option.font, cell.width())
            place = cell.adjusted(0, 5, 0, -chip.height() - 6)
            self._chip(painter, row, QRect(cell.left(), place.bottom() + 2, chip.width(), chip.height()))
            painter.setFont(font)
            painter.setPen(self._colour("text" if row.allowed else "muted"))
        painter.drawText(place, int(_alignment(index.column())) | WRAP, str(index.data()))

    def _chip(self, painter: QPainter, row: ServiceRow, box: QRect) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour(f"{row.note_tone}_soft" if row.note_tone else "sunk"))
        painter.drawRoundedRect(box, 9, 9)
        painter.setPen(self._colour(f"{row.note_tone}_text" if row.note_tone else "muted"))
        painter.setFont(chip_font(painter.font()))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter) | WRAP, row.note)

    def _colour(self, token: str) -> QColor:
        return QColor(self._desk.colour(token))


def row_height(font: QFont, row: ServiceRow, width: int) -> int:
    """Return the pixels a row takes: one line or more of its name, and its chip."""
    inner = wrapped(row.label, font, width).height()
    return max(ROW, inner + 18) if not row.note else inner + chip_size(row.note, font, width).height() + 18


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in (PRICE, QUANTITY) else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
