"""How long nobody has touched keyboard or mouse, in whatever window of this program: a minute before the end it says so."""

from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

from agent_desk.ports import Clock

NOTICE = timedelta(minutes=1)
_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)


class IdleWatch(QObject):
    """Looks at what windows are given, before any widget is: a filter on the whole program would be asked of every event."""

    warned = Signal(bool)  # True a minute before, False once somebody is there again
    idle = Signal()

    def __init__(self, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._clock = clock
        self._limit = timedelta(0)
        self._last = clock.now()
        self._warning = False
        self._watched: list[QWindow] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)  # noqa: S101 - there is one while there are windows
        application.focusWindowChanged.connect(self._watch)

    def start(self, minutes: int) -> None:
        """Count from now on; never idle with 0."""
        self._limit = timedelta(minutes=minutes)
        self._watch(QGuiApplication.focusWindow())
        self.touch()
        if minutes:
            self.look()
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Count no more."""
        self.start(0)

    def touch(self) -> None:
        """Note that somebody is there."""
        self._last = self._clock.now()
        if self._warning:
            self._warn(warning=False)

    def look(self) -> None:
        """Tell how things stand, and look again when that may be otherwise."""
        if not self._limit:
            return
        unused = self._unused(self._clock.now())
        if unused >= self._limit:
            self._warn(warning=False)
            self._timer.stop()
            self.idle.emit()
            return
        until = self._limit - NOTICE - unused
        if until <= timedelta(0):
            self._warn(warning=True)
            until = self._limit - unused
        self._timer.start(max(until // timedelta(milliseconds=1), 1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note input; it goes on to whom it is for."""
        if event.type() in _INPUT:
            was_warned = self._warning
            self.touch()
            if was_warned:
                self.look()
        return super().eventFilter(watched, event)

    def _unused(self, now: datetime) -> timedelta:
        """Return since when nobody was there; a clock that was set back begins anew."""
        self._last = min(self._last, now)
        return now - self._last

    def _warn(self, *, warning: bool) -> None:
        if warning != self._warning:
            self._warning = warning
            self.warned.emit(warning)

    def _watch(self, window: QWindow | None) -> None:
        if window is not None and window not in self._watched:
            self._watched.append(window)
            window.installEventFilter(self)
            window.destroyed.connect(lambda: self._watched.remove(window))
