"""What has to be kept next while Today is in front: told by the server where it concerns who looks, else looked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from agent_desk import late
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.hearing import ANEW

if TYPE_CHECKING:
    from agent_desk.actions.views import Promised

CHANNEL = "agent_desk_promise"
LOOK_MS = 60_000  # clocks are told to the minute
SETTLE_MS = 1500  # several changes of one moment are looked at once


class PromiseWatch(QObject):
    """Passes on what comes next, each minute and each time it may be otherwise."""

    def __init__(self, desk: Desk, parent: QObject, then: "Callable[[Promised], None]") -> None:
        super().__init__(parent)
        self._desk = desk
        self._then = then
        self._ears: frozenset[str] = frozenset()
        self._minute = QTimer(self)
        self._minute.setInterval(LOOK_MS)
        self._minute.timeout.connect(self._look)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SETTLE_MS)
        self._soon.timeout.connect(self._look)
        desk.hearing.heard.connect(self._heard)
        desk.promisesChanged.connect(self._look_if_watched)

    def watch(self, *, watched: bool) -> None:
        """Look from now on, or no more."""
        (self._minute.start if watched else self._minute.stop)()
        if not watched:
            self._soon.stop()

    def know(self, ears: frozenset[str]) -> None:
        """Learn what the server calls whoever looks."""
        self._ears = ears

    def _heard(self, channel: str, payload: str) -> None:
        mine = channel == ANEW or (channel == CHANNEL and payload in self._ears)
        if mine and self._minute.isActive() and not self._soon.isActive():
            self._soon.start()

    def _look_if_watched(self) -> None:
        if self._minute.isActive():
            self._look()

    def _look(self) -> None:
        if self._desk.ready and not self._desk.link.is_lost and not self._desk.background.closed:
            self._desk.run(lambda ctx: late.look_at_next(ctx), self._then, lambda _error: None, owner=self)  # noqa: PLW0108 (loaded in the worker)
