"""What colleagues send one while Today is in front, where people sign in to a server: heard from it, or looked for."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from agent_desk import late
from agent_desk.actions.views import Waiting
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.hearing import ANEW

CHANNELS = frozenset({"agent_desk_handover", "agent_desk_review", ANEW})
LOOK_MS = 2500  # where the server's notices do not come through


class WaitingWatch(QObject):
    """Passes on what waits for whoever signed in, each time it may be otherwise."""

    def __init__(self, desk: Desk, parent: QObject, then: Callable[[Waiting], None]) -> None:
        super().__init__(parent)
        self._desk = desk
        self._then = then
        self._watched = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look_unless_told)
        desk.hearing.heard.connect(self._heard)
        desk.becameReady.connect(self._follow)

    def watch(self, *, watched: bool) -> None:
        """Hear from now on, or no more."""
        self._watched = watched
        self._follow()

    def _follow(self) -> None:
        desk = self._desk
        # On one desk, and where nobody signed in, nobody else is there to send anything.
        wanted = self._watched and desk.ready and bool(desk.context.person) and desk.context.leaves_sending
        desk.hearing.listen(wanted=wanted, by="today")
        (self._timer.start if wanted else self._timer.stop)()

    def _look_unless_told(self) -> None:
        if not self._desk.hearing.is_told:
            self._look()

    def _heard(self, channel: str, _payload: str) -> None:
        if channel in CHANNELS and self._timer.isActive():
            self._look()

    def _look(self) -> None:
        if not self._desk.link.is_lost and not self._desk.background.closed:
            self._desk.run(lambda ctx: late.look_at_waiting(ctx), self._then, lambda _error: None, owner=self)  # noqa: PLW0108 (loaded in the worker)
