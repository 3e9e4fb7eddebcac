"""The agenda in the hand: call-backs are walked along, opened, and moved by dragging, or by M, arrows and Enter."""

from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from agent_desk.actions.agenda_views import Entry
from agent_desk.desktop.agenda_canvas import AXIS, NAMES, AgendaCanvas, Ghost
from agent_desk.desktop.agenda_lanes import LANE, STEP, Lane, Layout, minutes_of, moment_in
from agent_desk.desktop.desk import Desk
from agent_desk.formats import format_hour, format_short_moment

MOVE_KEY, CALL_OFF_KEY = Qt.Key.Key_M, Qt.Key.Key_Delete
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_OPENS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class AgendaGrid(AgendaCanvas):
    """`moved`, `opened` and `called_off` tell what is wanted; nothing changes by itself."""

    opened = Signal(object)  # Entry
    called_off = Signal(object)  # Entry
    moved = Signal(object, object, int)  # Entry, when it is to begin, whose it is to be

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._grip: tuple[QPoint, timedelta] | None = None

    def show_layout(self, layout: Layout, now: datetime) -> None:
        """Show these rows; what was chosen stays chosen where it is still there."""
        kept = self.current.appointment.id if self.current is not None else 0
        self.layout_, self.now, self.ghost, self._grip = layout, now, None, None
        entries = layout.entries
        self.current = next((one for one in entries if one.appointment.id == kept), next(iter(entries), None))
        self._fit()
        self._tell()
        self.viewport().update()

    def lane_at(self, point: QPoint) -> Lane | None:
        """Return the row of an agent there, or None."""
        return self.layout_.lane_at(point.y() - AXIS + self.verticalScrollBar().value()) if point.y() >= AXIS else None

    def entry_at(self, point: QPoint) -> Entry | None:
        """Return the call-back there, or None."""
        lane = self.lane_at(point)
        entries = lane.entries if lane is not None else ()
        return next((one for one in entries if self.box_of(one).contains(point)), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with arrows, open with Enter; M begins to move, then arrows, Enter, or Esc to give up."""
        key = Qt.Key(event.key())
        if self.ghost is not None and self._steer(key):
            return
        entries = self.layout_.entries
        if self.current is None or not entries:
            super().keyPressEvent(event)
        elif key in _ARROWS:
            across, down = _ARROWS[key]
            self._choose(
                self._neighbour(down) if down else entries[_bounded(entries.index(self.current) + across, entries)]
            )
        elif key in _OPENS:
            self.opened.emit(self.current)
        elif key == CALL_OFF_KEY:
            self.called_off.emit(self.current)
        elif key == MOVE_KEY:
            lane = self.layout_.lane_of(self.current)
            if lane is not None:
                self._offer(Ghost(lane, self.current.appointment.starts_at))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is pressed, and perhaps drag it."""
        point = event.position().toPoint()
        entry = self.entry_at(point)
        if event.button() == Qt.MouseButton.LeftButton and entry is not None:
            self._choose(entry)
            self._grip = point, self._moment_at(point) - entry.appointment.starts_at

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where what is dragged would go."""
        point = event.position().toPoint()
        if self._grip is None:
            hand = self.entry_at(point) is not None
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if hand else Qt.CursorShape.ArrowCursor)
            return
        start, held = self._grip
        if self.ghost is None and (point - start).manhattanLength() < QApplication.startDragDistance():
            return
        lane = self.layout_.lane_at(point.y() - AXIS + self.verticalScrollBar().value())
        if lane is not None:
            minutes = minutes_of(self._moment_at(point) - held)
            self._offer(Ghost(lane, _snapped(lane, minutes)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for what was dragged to go where it was let go."""
        self._grip = None
        if self.ghost is not None and event.button() == Qt.MouseButton.LeftButton:
            self._let_go()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what is clicked twice."""
        entry = self.entry_at(event.position().toPoint())
        if entry is not None:
            self.opened.emit(entry)

    def focusOutEvent(self, event: object) -> None:
        """Give up what was being moved by keyboard."""
        if self._grip is None:
            self._offer(None)
        super().focusOutEvent(event)  # type: ignore[arg-type]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scroll as far as there is something."""
        super().resizeEvent(event)
        self._fit()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say beside the pointer what a block stands for."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            entry = self.entry_at(event.pos())
            lane = self.lane_at(event.pos())
            told = self.said(entry) if entry is not None else lane.off if lane is not None else ""
            if told:
                QToolTip.showText(event.globalPos(), told, self)
                return True
        return super().viewportEvent(event)

    def said(self, entry: Entry) -> str:
        """Return what a call-back is, in words."""
        one, words, language = entry.appointment, self._desk.wording, self._desk.language
        when = f"{format_short_moment(one.starts_at.astimezone(), language)} – {format_hour(one.ends_at.astimezone(), language)}"
        tried = [words.text(f"call_ends.{each.end}") for each in one.attempts[-1:]]
        doubts = [words.text(f"doubts.{each}") for each in entry.doubts]
        return " · ".join([when, one.customer, one.phone, one.number, one.person, *tried, *doubts])

    def _steer(self, key: Qt.Key) -> bool:
        ghost = self.ghost
        if ghost is None:
            return False
        if key in _ARROWS:
            across, down = _ARROWS[key]
            lane = self.layout_.beside(ghost.lane, down)
            minutes = minutes_of(ghost.starts_at) + across * (STEP // timedelta(minutes=1))
            self._offer(Ghost(lane, _snapped(lane, minutes)))
        elif key in _OPENS:
            self._let_go()
        elif key == Qt.Key.Key_Escape:
            self._offer(None)
        else:
            return False
        return True

    def _offer(self, ghost: Ghost | None) -> None:
        if ghost != self.ghost:
            self.ghost = ghost
            if ghost is not None:
                self._show_lane(ghost.lane)
            self._tell()
            self.viewport().update()

    def _let_go(self) -> None:
        ghost, entry, self.ghost = self.ghost, self.current, None
        self.viewport().update()
        if ghost is None or entry is None or ghost.lane.person_id is None:
            return
        if (ghost.starts_at, ghost.lane.person_id) != (entry.appointment.starts_at, entry.appointment.person_id):
            self.moved.emit(entry, ghost.starts_at, ghost.lane.person_id)

    def _choose(self, entry: Entry) -> None:
        self.current = entry
        lane = self.layout_.lane_of(entry)
        if lane is not None:
            self._show_lane(lane)
        self._tell()
        self.viewport().update()

    def _neighbour(self, down: int) -> Entry:
        """Return the call-back nearest in time in the next row that has one."""
        current = self.current
        lane = self.layout_.lane_of(current) if current is not None else None
        rows = [one for one in self.layout_.lanes if one.entries]
        if current is None or lane is None:
            return self.layout_.entries[0]
        there = rows[_bounded(rows.index(lane) + down, rows)]
        minutes = minutes_of(current.appointment.starts_at)
        return (
            current
            if there is lane
            else min(there.entries, key=lambda one: abs(minutes_of(one.appointment.starts_at) - minutes))
        )

    def _show_lane(self, lane: Lane) -> None:
        bar, room = self.verticalScrollBar(), self.viewport().height() - AXIS
        bar.setValue(min(max(bar.value(), lane.top + lane.height - room), max(lane.top - LANE, 0)))

    def _fit(self) -> None:
        room = self.viewport().height() - AXIS
        self.verticalScrollBar().setRange(0, max(self.layout_.height - room, 0))
        self.verticalScrollBar().setPageStep(max(room, 1))
        self.verticalScrollBar().setSingleStep(LANE)

    def _tell(self) -> None:
        text = self.said(self.current) if self.current is not None else ""
        if self.ghost is not None:
            text = f"{format_short_moment(self.ghost.starts_at.astimezone(), self._desk.language)} · {self.ghost.lane.title}"
        self.setAccessibleDescription(text)

    def _moment_at(self, point: QPoint) -> datetime:
        lane = self.layout_.lane_at(point.y() - AXIS + self.verticalScrollBar().value()) or self.layout_.lanes[0]
        minutes = self.layout_.first * 60 + round((point.x() - NAMES) / self.minute_width())
        return moment_in(lane.day, max(0, min(minutes, 24 * 60 - 1)))


def _snapped(lane: Lane, minutes: int) -> datetime:
    """Return the nearest quarter of an hour of the row's day."""
    step = STEP // timedelta(minutes=1)
    return moment_in(lane.day, max(0, min(round(minutes / step) * step, 24 * 60 - step)))


def _bounded(place: int, within: "tuple[object, ...] | list[Lane]") -> int:
    return max(0, min(place, len(within) - 1))
