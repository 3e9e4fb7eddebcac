"""Charts painted by hand: bars across with their names, and columns of days; each bar can be opened."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFont, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from agent_desk.actions.views import JournalFilter
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.painting import LEFT, RIGHT, paint_text
from agent_desk.desktop.theme import with_figures
from agent_desk.desktop.widgets import bold

LINE = 28
BAR = 8
GAP = 12
NAME_SHARE = 0.42
SHORTEST = 130  # of the longest bar, where names are long
COLUMNS_HEIGHT = 190
AXIS = 24
TOP = 22
WIDEST_COLUMN = 46
ROUND = 3.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its length, what it says, the part of it that failed, and the list behind it with its title."""

    name: str
    value: int
    text: str
    part: int = 0
    tip: str = ""
    wanted: JournalFilter | None = None
    title: str = ""


class Chart(QWidget):
    """Bars one can walk through with the arrow keys and open with Enter or a click."""

    opened = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.bars: tuple[Bar, ...] = ()
        self.current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        desk.themeChanged.connect(self.update)

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show these bars."""
        self.bars = tuple(bars)
        self.current = min(self.current, max(len(self.bars) - 1, 0))
        self._tell()
        self.updateGeometry()
        self.update()

    def box_of(self, number: int) -> QRect:
        """Return the room of a bar with its texts."""
        raise NotImplementedError

    def bar_at(self, point: QPoint) -> int:
        """Return the number of the bar there, -1 for none."""
        return next((number for number in range(len(self.bars)) if self.box_of(number).contains(point)), -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with arrows, Home and End; open with Enter or Space."""
        last = len(self.bars) - 1
        moves = {
            Qt.Key.Key_Left: self.current - 1,
            Qt.Key.Key_Up: self.current - 1,
            Qt.Key.Key_Right: self.current + 1,
            Qt.Key.Key_Down: self.current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        key = Qt.Key(event.key())
        if key in moves and self.bars:
            self.current = max(0, min(moves[key], last))
            self._tell()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.bars:
            self._open(self.current)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the bar that is clicked."""
        number = self.bar_at(event.position().toPoint())
        if number >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.current = number
            self._tell()
            self.update()
            self._open(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what can be opened."""
        number = self.bar_at(event.position().toPoint())
        hand = number >= 0 and self.bars[number].wanted is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        """Say beside the pointer what a bar stands for."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number = self.bar_at(event.pos())
            if number >= 0:
                QToolTip.showText(event.globalPos(), self._said(number), self, self.box_of(number))
                return True
        return super().event(event)

    def _open(self, number: int) -> None:
        if self.bars[number].wanted is not None:
            self.opened.emit(number)

    def _said(self, number: int) -> str:
        bar = self.bars[number]
        return (
            f"{bar.tip or bar.name}: {bar.text}"
            if self._desk.language != "fr"
            else f"{bar.tip or bar.name} : {bar.text}"
        )

    def _tell(self) -> None:
        self.setAccessibleDescription(self._said(self.current) if self.bars else "")

    def _paint_bar(self, painter: QPainter, box: QRectF, bar: Bar, part: QRectF) -> None:
        """Paint a bar, and hatched on it the part that failed: it is told from the rest without colours."""
        theme = self._desk.theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(box, ROUND, ROUND)
        if bar.part and not part.isEmpty():
            painter.setBrush(theme.colour("bad"))
            painter.drawRoundedRect(part, ROUND, ROUND)
            painter.setBrush(QBrush(theme.colour("surface"), Qt.BrushStyle.BDiagPattern))
            painter.drawRoundedRect(part, ROUND, ROUND)

    def _paint_focus(self, painter: QPainter, number: int) -> None:
        if self.hasFocus() and number == self.current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._desk.theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.box_of(number)).adjusted(1, 1, -1, -1), 6, 6)


class Bars(Chart):
    """Bars across, each with its name at the left and what it says at the right."""

    def sizeHint(self) -> QSize:
        """Return room for every bar."""
        return QSize(280, max(len(self.bars), 1) * LINE + 2)

    def minimumSizeHint(self) -> QSize:
        """Return the same height: a bar is never cut."""
        return QSize(200, self.sizeHint().height())

    def box_of(self, number: int) -> QRect:
        """Return the line of a bar."""
        return QRect(0, number * LINE + 1, self.width(), LINE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint every bar against the longest."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._desk.theme
        steady = bold(with_figures(self.font()))
        said = max((QFontMetrics(steady).horizontalAdvance(bar.text) for bar in self.bars), default=0)
        names = self._names_width(said)
        longest = max((abs(bar.value) for bar in self.bars), default=0)
        for number, bar in enumerate(self.bars):
            box = self.box_of(number).adjusted(6, 0, -6, 0)
            painter.setFont(self.font())
            paint_text(painter, QRect(box.left(), box.top(), names, box.height()), bar.name, theme.colour("text"), LEFT)
            painter.setFont(steady)
            paint_text(painter, box, bar.text, theme.colour("text"), RIGHT)
            track = QRectF(box).adjusted(names + GAP, (LINE - BAR) / 2, -said - GAP, -(LINE - BAR) / 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("sunk"))
            painter.drawRoundedRect(track, ROUND, ROUND)
            if longest and bar.value:
                length = max(track.width() * abs(bar.value) / longest, 3.0)
                part = QRectF(track.left(), track.top(), length * bar.part / abs(bar.value), BAR)
                self._paint_bar(painter, QRectF(track.left(), track.top(), length, BAR), bar, part)
            self._paint_focus(painter, number)
        painter.end()

    def _names_width(self, said: int) -> int:
        """Return the room for names: what the longest wants, as long as bars keep theirs."""
        metrics = QFontMetrics(self.font())
        wanted = max((metrics.horizontalAdvance(bar.name) for bar in self.bars), default=0) + 4  # metrics round
        room = self.width() - said - 2 * GAP - 12
        return min(wanted, max(int(room * NAME_SHARE), room - SHORTEST))


class Columns(Chart):
    """One column for each day or month, the failed part hatched at its foot."""

    def sizeHint(self) -> QSize:
        """Return a height that shows differences."""
        return QSize(400, COLUMNS_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the same height."""
        return QSize(240, COLUMNS_HEIGHT)

    def box_of(self, number: int) -> QRect:
        """Return the strip of a column, from top to bottom."""
        step = self.width() / max(len(self.bars), 1)
        return QRect(round(number * step), 0, max(round((number + 1) * step) - round(number * step), 1), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the columns against the highest, and as many names and numbers as there is room for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._desk.theme
        foot = self.height() - AXIS
        painter.fillRect(0, foot, self.width(), 1, theme.colour("line"))
        small = QFont(with_figures(self.font()))
        small.setPixelSize(11)
        every = self._name_every(QFontMetrics(small))
        highest = max((bar.value for bar in self.bars), default=0)
        for number, bar in enumerate(self.bars):
            strip = self.box_of(number)
            width = min(strip.width() * 0.66, float(WIDEST_COLUMN))
            left = strip.left() + (strip.width() - width) / 2
            height = (foot - TOP) * bar.value / highest if highest else 0.0
            box = QRectF(left, foot - height, width, height)
            part = (
                QRectF(left, foot - height * bar.part / bar.value, width, height * bar.part / bar.value)
                if bar.value
                else box
            )
            self._paint_bar(painter, box, bar, part)
            painter.setFont(small)
            if (len(self.bars) - 1 - number) % every == 0:
                name = strip.adjusted(-200, foot + 4, 200, 0)
                painter.setPen(theme.colour("muted"))
                painter.drawText(name, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, bar.name)
            if bar.value and QFontMetrics(small).horizontalAdvance(bar.text) < strip.width() + 4:
                above = QRect(strip.left() - 20, int(box.top()) - 17, strip.width() + 40, 15)
                painter.setPen(theme.colour("text"))
                painter.drawText(above, Qt.AlignmentFlag.AlignCenter, bar.text)
            self._paint_focus(painter, number)
        painter.end()

    def _name_every(self, metrics: QFontMetrics) -> int:
        """Return of how many columns one can be named, so that no name runs into the next."""
        widest = max((metrics.horizontalAdvance(bar.name) for bar in self.bars), default=0) + 10
        step = self.width() / max(len(self.bars), 1)
        return max(1, -(-widest // max(int(step), 1)))
