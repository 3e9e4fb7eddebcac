"""Who asks for help, told to supervisors wherever they are in the program: heard from the server, quietly shown once."""

from PySide6.QtCore import QObject, QTimer, Signal

from agent_desk import late
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.hearing import ANEW
from agent_desk.rules.help_call import HelpCall

CHANNEL = "agent_desk_help"
LOOK_MS = 2500  # where the server's notices do not come through


class CallsForHelp(QObject):
    """Listens for a supervisor who signed in to a server; on one desk nobody else could ask meanwhile."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._known: frozenset[tuple[int, str]] = frozenset()
        desk.hearing.heard.connect(self._heard)
        desk.hearing.listen(wanted=True, by="help")
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look_unless_told)
        self._timer.start()
        self._look()

    def _look_unless_told(self) -> None:
        if not self._desk.hearing.is_told:
            self._look()

    def _heard(self, channel: str, _payload: str) -> None:
        if channel in (CHANNEL, ANEW):
            self._look()

    def _look(self) -> None:
        if not self._desk.link.is_lost and not self._desk.background.closed:
            self._desk.run(lambda ctx: late.look_at_help(ctx), self._take, lambda _error: None, owner=self)  # noqa: PLW0108 (loaded in the worker)

    def _take(self, calls: tuple[HelpCall, ...]) -> None:
        waiting = {(one.session_id, one.asked_at.isoformat()): one for one in calls if not one.coming}
        fresh = [one for key, one in waiting.items() if key not in self._known]
        if self._known != frozenset(waiting):
            self._known = frozenset(waiting)
            self.changed.emit()
        for one in fresh:
            key = "help.asked_for" if one.reason else "help.asked"
            self._desk.told.emit(self._desk.wording.text(key, name=one.name, number=one.number, reason=one.reason))
