"""Tables as the pictures draw them: whole rows chosen, a thin line under each, chips in cells; painted lazily."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.lines import Lines
from agent_desk.desktop.painting import LEFT, RIGHT, chip_width, paint_chip
from agent_desk.desktop.theme import with_figures
from agent_desk.desktop.widgets import bold

CELL = Qt.ItemDataRole.UserRole
PAD = 10
ROW_HEIGHT = 34
TALL_ROW_HEIGHT = 52
LEAST_STRETCH = 170
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
Row = TypeVar("Row")


class Cell(NamedTuple):
    """What one cell shows: a text, or a chip when `tone` is given; `note` is a chip under the text."""

    text: str
    ink: str = "text"
    heavy: bool = False
    tone: str | None = None
    note: str = ""
    note_tone: str = ""


class Column(NamedTuple):
    """One column: its title, the longest text it holds, a usual one for narrow windows, whether it takes what is left."""

    title: str
    longest: str = ""
    usual: str = ""
    right: bool = False
    stretch: bool = False
    chip: bool = False


class CellModel(QAbstractTableModel):
    """Base of the models: a subclass keeps the rows and turns one of them into cells when it is painted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()

    def cell(self, row: int, column: int) -> Cell:
        """Return what stands in one cell."""
        raise NotImplementedError

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Name the columns."""
        before, self.columns = len(self.columns), tuple(columns)
        if before != len(columns):
            self.beginResetModel()
            self.endResetModel()
        else:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, before - 1)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell, or its text for screen readers."""
        if role == CELL:
            return self.cell(index.row(), index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            cell = self.cell(index.row(), index.column())
            return f"{cell.text}, {cell.note}" if cell.note else cell.text
        if role == Qt.ItemDataRole.ToolTipRole and self.columns[index.column()].stretch:
            return self.cell(index.row(), index.column()).text  # it may be cut
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's title and side."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if self.columns[section].right else LEFT
        return None


class RowModel(CellModel, Generic[Row]):
    """Rows that are there all at once, and for each column what of a row stands in it."""

    def __init__(self, parent: QWidget, cells: Sequence[Callable[[Row], Cell]]) -> None:
        super().__init__(parent)
        self._cells = cells
        self.rows: tuple[Row, ...] = ()

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Return how many there are."""
        return 0 if parent.isValid() else len(self.rows)

    def cell(self, row: int, column: int) -> Cell:
        """Return what stands in one cell."""
        return self._cells[column](self.rows[row])


class CellDelegate(QStyledItemDelegate):
    """Paints cells in the theme's colours."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._font = QFont()
        self._lines: dict[tuple[bool, bool], Lines] = {}  # in that font: heavy or not, right or not

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return room for a row; the view decides the width."""
        return QSize(super().sizeHint(option, index).width(), ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        theme = self._desk.theme
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        model: Any = index.model()
        cell: Cell = model.cell(index.row(), index.column())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, theme.colour("accent_soft"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("line"))
        inner = rect.adjusted(PAD, 0, -PAD, -1)
        right = model.columns[index.column()].right
        if cell.tone is not None:
            paint_chip(painter, inner, cell.text, cell.tone, theme, chosen=chosen)
        else:
            self._paint_text(painter, inner, cell, right=right, chosen=chosen)
        self._paint_focus(painter, rect, index, state)
        painter.restore()

    def _paint_text(self, painter: QPainter, rect: QRect, cell: Cell, *, right: bool, chosen: bool) -> None:
        theme = self._desk.theme
        lines = self._lines_in(painter.font(), heavy=cell.heavy, right=right)
        if cell.note:
            below = QRect(rect.left(), rect.center().y(), rect.width(), rect.height() // 2 - 3)
            paint_chip(painter, below, cell.note, cell.note_tone, theme, chosen=chosen)
            rect = QRect(rect.left(), rect.top() + 5, rect.width(), rect.height() // 2 - 4)
        lines.paint(painter, rect, cell.text, theme.colour(cell.ink), right=right)

    def _lines_in(self, font: QFont, *, heavy: bool, right: bool) -> Lines:
        if font != self._font:
            self._font = font
            self._lines.clear()
        if (heavy, right) not in self._lines:
            steady = with_figures(font) if right else font
            self._lines[heavy, right] = Lines(bold(steady) if heavy else steady)
        return self._lines[heavy, right]

    def _paint_focus(self, painter: QPainter, rect: QRect, index: Index, state: QStyle.StateFlag) -> None:
        """Mark the row the keyboard is on at its left edge, in the first column."""
        view = self.parent()
        on_row = isinstance(view, QTableView) and view.hasFocus() and view.currentIndex().row() == index.row()
        if on_row and index.column() == 0 and state & QStyle.StateFlag.State_Enabled:
            painter.setPen(QPen(self._desk.theme.colour("accent"), 3))
            painter.drawLine(rect.left() + 1, rect.top() + 2, rect.left() + 1, rect.bottom() - 2)


class Table(QTableView):
    """A list of rows; moving in it shows a row, Enter or a double click opens it."""

    rowShown = Signal(int)  # -1: none
    rowOpened = Signal(int)

    def __init__(self, desk: Desk, model: CellModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.cells = model
        self.setModel(model)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setItemDelegate(CellDelegate(desk, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setMinimumSectionSize(30)
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self.rowShown.emit(now.row()))
        self.doubleClicked.connect(lambda index: self.rowOpened.emit(index.row()))

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Name the columns and give each the width of its longest text: measuring a big model would take too long."""
        self.cells.set_columns(columns)
        for number, column in enumerate(columns):
            mode = QHeaderView.ResizeMode.Stretch if column.stretch else QHeaderView.ResizeMode.Fixed
            self.horizontalHeader().setSectionResizeMode(number, mode)
        self._fit_columns()

    def fit_rows(self, most: int = 0) -> None:
        """Be as high as all rows need, or as `most` of them; one where there is none."""
        rows = max(self.cells.rowCount(), 1)
        rows = min(rows, most) if most else rows
        self.setFixedHeight(rows * ROW_HEIGHT + self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the usual widths where the longest ones leave too little for the names."""
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        columns = self.cells.columns
        longest = [0 if column.stretch else self._width(column, column.longest) for column in columns]
        needed = sum(longest) + sum(LEAST_STRETCH for column in columns if column.stretch)
        narrow = needed > self.viewport().width()
        for number, column in enumerate(columns):
            if not column.stretch:
                usual = self._width(column, column.usual or column.longest)
                self.horizontalHeader().resizeSection(number, usual if narrow else longest[number])

    def _width(self, column: Column, text: str) -> int:
        font = QFont(self.font())
        width = chip_width(text, font) if column.chip else QFontMetrics(font).horizontalAdvance(text)
        small = bold(font)
        small.setPixelSize(12)
        return max(width, QFontMetrics(small).horizontalAdvance(column.title)) + 2 * PAD + 4

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the ground first: an opaque list does not have everything behind it painted anew at each key."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._desk.theme.colour("surface"))
        painter.end()
        super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.rowOpened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)
