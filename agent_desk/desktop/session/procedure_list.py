"""The points of a procedure, to follow and tick: the space bar or Enter ticks and goes to the next."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.icons import paint_icon

BOX, PAD, GAP = 15, 6, 9
_TICK_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

Index = QModelIndex | QPersistentModelIndex


class ProcedureModel(QAbstractListModel):
    """Items in order; those ticked are known by their place, counted from 1."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: tuple[str, ...] = ()
        self.ticked: frozenset[int] = frozenset()

    def show_items(self, items: Sequence[str], ticked: frozenset[int]) -> None:
        """Show these items; only what differs is painted anew."""
        if tuple(items) != self.items:
            self.beginResetModel()
            self.items, self.ticked = tuple(items), ticked
            self.endResetModel()
        elif ticked != self.ticked:
            self.ticked = ticked
            self.dataChanged.emit(self.index(0), self.index(len(self.items) - 1), [Qt.ItemDataRole.CheckStateRole])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Return how many items there are."""
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return an item's text, or whether it is ticked."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.items[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            done = index.row() + 1 in self.ticked
            return Qt.CheckState.Checked if done else Qt.CheckState.Unchecked
        return None


class ProcedureList(QListView):
    """As high as its items at the width it has."""

    ticked = Signal(int, bool)  # item, counted from 1; done or not

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.procedure = ProcedureModel(self)
        self.setModel(self.procedure)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.procedure.modelReset.connect(self._fit)

    def dress(self, desk: Desk) -> None:
        """Take the theme's colours."""
        self.setItemDelegate(ProcedureDelegate(desk, self))

    def show_items(self, items: Sequence[str], ticked: frozenset[int]) -> None:
        """Show these items, the cursor on the first one still to do."""
        anew = tuple(items) != self.procedure.items
        self.procedure.show_items(items, ticked)
        if anew and items:
            open_item = next((place for place in range(len(items)) if place + 1 not in ticked), 0)
            self.setCurrentIndex(self.procedure.index(open_item))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the item under the cursor and go on."""
        if event.key() in _TICK_KEYS and self.currentIndex().isValid():
            self._toggle(self.currentIndex().row(), go_on=True)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick the item clicked."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self._toggle(index.row(), go_on=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the items are at this width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        width = self.viewport().width()
        metrics = self.fontMetrics()
        self.setFixedHeight(2 + sum(item_height(metrics, item, width) for item in self.procedure.items))

    def _toggle(self, place: int, *, go_on: bool) -> None:
        done = place + 1 not in self.procedure.ticked
        self.ticked.emit(place + 1, done)
        if go_on and done and place + 1 < len(self.procedure.items):
            self.setCurrentIndex(self.procedure.index(place + 1))


class ProcedureDelegate(QStyledItemDelegate):
    """Paints a box and a text of as many lines as it takes; done items step back."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one item."""
        cell = QRect(option.rect)
        done = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
        focused = bool(option.state & option.state.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if focused:
            painter.setPen(QPen(self._colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), 6, 6)
        box = QRect(cell.left() + PAD, cell.top() + PAD, BOX, BOX)
        painter.setPen(QPen(self._colour("ok" if done else "muted"), 1))
        painter.setBrush(self._colour("ok" if done else "surface"))
        painter.drawRoundedRect(box, 4, 4)
        if done:
            paint_icon(painter, "check", self._colour("on_ok"), box.adjusted(1, 1, -1, -1))
        painter.setPen(self._colour("muted" if done else "text"))
        painter.setFont(option.font)
        painter.drawText(_text_rect(cell), _WRAP, str(index.data()))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height the text takes at the list's width."""
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else 300
        return QSize(width, item_height(QFontMetrics(option.font), str(index.data()), width))

    def _colour(self, token: str) -> QColor:
        return QColor(self._desk.colour(token))


def item_height(metrics: QFontMetrics, text: str, width: int) -> int:
    """Return the pixels one item takes at this width."""
    inner = _text_rect(QRect(0, 0, max(width, 80), 4000))
    return max(metrics.boundingRect(inner, _WRAP, text).height(), BOX) + 2 * PAD - 2


def _text_rect(cell: QRect) -> QRect:
    return cell.adjusted(PAD + BOX + GAP, PAD - 1, -PAD, 0)
