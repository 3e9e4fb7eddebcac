"""Who else has the session on the screen: told by the database where it can, looked at every second and a half where not."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from agent_desk import late
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.hearing import ANEW
from agent_desk.rules.presence import SIGN, Colleague
from agent_desk.rules.session import Step

if TYPE_CHECKING:
    from agent_desk.desktop.session.editor import Editor

LOOK_MS = 1400  # where the database tells nothing by itself; below `link.QUIET_MS`, so that nobody else asks it
MOVED_MS = 300  # somebody who walks through the steps is told of where they stop
CHANNEL = "agent_desk_presence"


class Neighbours(QObject):
    """Attends the session on the screen, as long as it is open, and knows who else does."""

    changed = Signal()
    ended = Signal()  # whoever ended it, it was not this desk

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._session: int | None = None
        self._step = Step.CUSTOMER
        self.colleagues: tuple[Colleague, ...] = ()
        self._sign = self._timer(int(SIGN.total_seconds() * 1000), self._attend)
        self._look = self._timer(LOOK_MS, self._look_around)
        self._moved = self._timer(MOVED_MS, self._attend)
        self._moved.setSingleShot(True)
        desk.hearing.heard.connect(self._heard)
        desk.link.back.connect(self._attend)
        desk.promisesChanged.connect(self._look_whether_ended)

    def follow(self, editor: "Editor | None", step: Step) -> None:
        """Be where the agent is: in this session at this step, or in none that is open; then nothing is asked."""
        wanted = editor.view.id if editor is not None and editor.is_open else None
        self._desk.link.watch(watched=wanted is not None)
        self._desk.hearing.listen(wanted=wanted is not None, by="session")
        if wanted != self._session:
            self.leave()
            self._session, self._step = wanted, step
            if wanted is not None:
                self._sign.start()
                self._attend()
        elif step is not self._step and wanted is not None:
            self._step = step
            self._moved.start()

    def leave(self) -> None:
        """Nobody is in the session here any more."""
        left, self._session = self._session, None
        for timer in (self._sign, self._look, self._moved):
            timer.stop()
        self._take(())
        if left is not None and not self._desk.link.is_lost and not self._desk.background.closed:
            self._desk.run(lambda ctx: late.leave_session(ctx, left), None, lambda _error: None)

    def _attend(self) -> None:
        session, step = self._session, self._step
        if session is not None and not self._desk.link.is_lost:
            self._ask(lambda ctx: late.attend_session(ctx, session, step))
            self._look_whether_ended()
            if not self._desk.hearing.is_told:
                self._look.start()

    def _look_around(self) -> None:
        session = self._session
        if session is not None and not self._desk.link.is_lost:
            self._ask(lambda ctx: late.look_at_colleagues(ctx, session))

    def _look_whether_ended(self) -> None:
        session = self._session
        if session is not None and not self._desk.link.is_lost and not self._desk.background.closed:
            self._desk.run(
                lambda ctx: late.has_ended(ctx, session),
                lambda over: self.ended.emit() if over and session == self._session else None,
                lambda _error: None,
                owner=self,
            )

    def _heard(self, channel: str, payload: str) -> None:
        if (channel, payload) in ((CHANNEL, str(self._session)), (ANEW, ANEW)):
            self._look.stop()
            self._look_around()

    def _ask(self, job: Any) -> None:
        if self._desk.background.closed:
            return
        session = self._session
        self._desk.run(
            job, lambda found: self._take(found) if session == self._session else None, lambda _error: None, owner=self
        )

    def _take(self, colleagues: tuple[Colleague, ...]) -> None:
        if colleagues != self.colleagues:
            self.colleagues = colleagues
            self.changed.emit()

    def _timer(self, milliseconds: int, then: Any) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.timeout.connect(then)
        return timer
