"""The agenda's canvas: where hours, rows and call-backs stand, and how they are painted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from agent_desk.actions.agenda_views import Entry
from agent_desk.desktop.agenda_lanes import Lane, Layout, minutes_of
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.painting import LEFT, paint_text
from agent_desk.desktop.theme import with_figures
from agent_desk.desktop.widgets import bold
from agent_desk.formats import format_hour
from agent_desk.rules.appointment import Doubt

NAMES, PAD, AXIS = 190, 14, 26
ROUND = 4.0
BESIDE = 58  # with less room beside a block, initials stand in it


@dataclass(frozen=True, slots=True)
class Ghost:
    """Where a call-back would go."""

    lane: Lane
    starts_at: datetime


class AgendaCanvas(QAbstractScrollArea):
    """Paints only what is in sight."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.layout_ = Layout(())
        self.now: datetime | None = None
        self.current: Entry | None = None
        self.ghost: Ghost | None = None
        self.setObjectName("agenda_grid")
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        desk.themeChanged.connect(self.viewport().update)

    def sizeHint(self) -> QSize:
        """Return room for some rows."""
        return QSize(700, 400)

    def box_of(self, entry: Entry) -> QRect:
        """Return where a call-back stands in the viewport; empty where it is not shown."""
        lane = self.layout_.lane_of(entry)
        one = entry.appointment
        return QRect() if lane is None else self._box(lane, one.starts_at, one.length)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint hours, the rows in sight with their blocks, and what is being moved."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = QFont(with_figures(self.font()))
        small.setPixelSize(12)
        painter.setFont(small)
        scrolled, room = self.verticalScrollBar().value(), self.viewport().height()
        painter.setClipRect(0, AXIS, self.viewport().width(), room - AXIS)
        for lane in self.layout_.lanes:
            if lane.top + lane.height >= scrolled and lane.top - scrolled <= room:
                self._paint_lane(painter, lane)
        if self.ghost is not None and self.current is not None:
            self._paint_ghost(painter, self.ghost, self.current)
        painter.setClipping(False)
        self._paint_axis(painter)
        painter.end()

    def minute_width(self) -> float:
        """Return how many pixels wide a minute is."""
        return max(self.viewport().width() - NAMES - PAD, 60) / ((self.layout_.last - self.layout_.first) * 60)

    def x_of(self, minutes: int) -> int:
        """Return where so many minutes of a day are."""
        return NAMES + round((minutes - self.layout_.first * 60) * self.minute_width())

    def _box(self, lane: Lane, starts_at: datetime, length: timedelta) -> QRect:
        left = self.x_of(minutes_of(starts_at))
        width = max(round(length / timedelta(minutes=1) * self.minute_width()) - 2, 6)
        return QRect(left + 1, AXIS + lane.top - self.verticalScrollBar().value() + 4, width, lane.height - 8)

    def _paint_axis(self, painter: QPainter) -> None:
        theme = self._desk.theme
        painter.fillRect(0, 0, self.viewport().width(), AXIS, theme.colour("surface"))
        painter.fillRect(0, AXIS - 1, self.viewport().width(), 1, theme.colour("line"))
        for hour in range(self.layout_.first, self.layout_.last):
            place = QRect(self.x_of(hour * 60) + 4, 0, 60, AXIS)
            paint_text(
                painter, place, f"{hour}\u00a0h" if self._desk.language == "fr" else f"{hour}:00", theme.colour("muted")
            )

    def _paint_lane(self, painter: QPainter, lane: Lane) -> None:
        theme, width = self._desk.theme, self.viewport().width()
        top = AXIS + lane.top - self.verticalScrollBar().value()
        head = lane.person_id is None
        painter.fillRect(0, top, width, lane.height, theme.colour("sunk" if head or lane.off else "surface"))
        painter.fillRect(0, top + lane.height - 1, width, 1, theme.colour("line"))
        plain = painter.font()
        if head:
            painter.setFont(bold(plain))
        told = head and lane.off and lane.off.casefold() not in lane.title.casefold()  # a Sunday is called so
        title = f"{lane.title} · {lane.off}" if told else lane.title
        room = (width if head else NAMES) - 2 * PAD
        paint_text(painter, QRect(PAD, top, room, lane.height), title, theme.colour("text"))
        painter.setFont(plain)
        if head:
            return
        for hour in range(self.layout_.first, self.layout_.last):
            painter.fillRect(self.x_of(hour * 60), top, 1, lane.height - 1, theme.colour("line"))
        if self.now is not None and self.now.astimezone().date() == lane.day:
            painter.fillRect(self.x_of(minutes_of(self.now)), top, 2, lane.height - 1, theme.colour("live"))
        for place, entry in enumerate(lane.entries):
            following = lane.entries[place + 1 : place + 2]
            end = self.box_of(following[0]).left() - 4 if following else width - PAD
            self._paint_entry(painter, entry, end)

    def _paint_entry(self, painter: QPainter, entry: Entry, end: int) -> None:
        theme, box, one = self._desk.theme, self.box_of(entry), entry.appointment
        tone = "bad" if Doubt.PAST in entry.doubts or one.attempts else "warn" if entry.doubts else "accent"
        chosen = entry == self.current
        painter.setBrush(theme.colour(f"{tone}_soft"))
        painter.setPen(QPen(theme.colour(tone), 2.4 if chosen and self.hasFocus() else 1.6 if chosen else 1.0))
        painter.drawRoundedRect(box, ROUND, ROUND)
        mark = "! " if tone != "accent" else ""
        hour = format_hour(one.starts_at.astimezone(), self._desk.language)
        texts = (f"{mark}{hour}  {one.customer}", f"{mark}{one.customer}")
        place, text = written(painter.fontMetrics(), box, end, texts, initials(one.customer))
        align = Qt.AlignmentFlag.AlignCenter if place == box else LEFT
        paint_text(painter, place, text, theme.colour(f"{tone}_text"), align)

    def _paint_ghost(self, painter: QPainter, ghost: Ghost, entry: Entry) -> None:
        theme = self._desk.theme
        box = self._box(ghost.lane, ghost.starts_at, entry.appointment.length)
        painter.setBrush(theme.colour("accent"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, ROUND, ROUND)
        text = format_hour(ghost.starts_at.astimezone(), self._desk.language)
        width = painter.fontMetrics().horizontalAdvance(text) + 12
        label_box = QRect(box.left() - width - 3, box.top(), width, box.height())
        painter.drawRoundedRect(label_box, ROUND, ROUND)
        paint_text(painter, label_box, text, theme.colour("on_accent"), Qt.AlignmentFlag.AlignCenter)


def written(metrics: QFontMetrics, box: QRect, end: int, texts: Sequence[str], short: str) -> tuple[QRect, str]:
    """Return where the text of a block stands, in it or beside it up to `end`, and which it is.

    The first of `texts` that is whole there; else the last one, cut, and without room for that `short` in the block.
    """
    inside, beside = box.adjusted(7, 0, -4, 0), QRect(box.right() + 6, box.top(), 0, box.height())
    beside.setRight(max(end, box.right() + 5))
    for text in texts:
        for place in (inside, beside):
            if metrics.horizontalAdvance(text) <= place.width():
                return place, text
    return (beside, texts[-1]) if beside.width() >= BESIDE else (box, short)


def initials(name: str) -> str:
    """Return the first letters of a name's first and last words."""
    words = name.split()
    return "".join(word[0].upper() for word in (*words[:1], *words[1:][-1:]))
