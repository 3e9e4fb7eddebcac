"""Whether the database answers: asked while a session is open, and as soon as some work has failed; else never."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from agent_desk import late
from agent_desk.wording import Wording

if TYPE_CHECKING:
    from datetime import datetime

    from agent_desk.desktop.desk import Desk

QUIET_MS = 1500  # after which it is asked whether it is still there
ANSWER_MS = 1000  # how long the answer may take; with the above, an agent knows within three seconds
AGAIN_MS = 1000  # between two questions while it is away
AWAY = frozenset({"unreachable", "unsettled", "away", "no_primary", "server_full"})


class Away(Exception):
    """Work was not even begun: the database does not answer. `code` is a key of the wording table `errors`."""

    code = "away"


def says_away(words: Wording, sentence: str) -> bool:
    """Tell whether `sentence` is true only while the database does not answer."""
    keys = (f"errors.{code}" for code in AWAY)
    return any(words.has(key) and words.text(key) == sentence for key in keys)


class Link(QObject):
    """Knows since when the database does not answer; any work that succeeds is an answer too."""

    lost = Signal()
    back = Signal()

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self.since: datetime | None = None
        self._watched = False
        self._suspected = False
        self._asking = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_lost(self) -> bool:
        """Tell whether the database does not answer."""
        return self.since is not None

    @property
    def is_awake(self) -> bool:
        """Tell whether it asks, or will."""
        return self._asking or self._timer.isActive()

    def watch(self, *, watched: bool) -> None:
        """A session is open on the screen, or none any more."""
        if watched != self._watched:
            self._watched = watched
            self._rest()

    def suspect(self) -> None:
        """Some work failed for want of an answer: ask at once."""
        self._suspected = True
        self._ask()

    def hear(self) -> None:
        """It answered."""
        self._suspected = False
        if self.since is not None:
            self.since = None
            self.back.emit()
        self._rest()

    def _rest(self) -> None:
        """Wait until the next question is due, if there is to be one."""
        if self._asking:
            return
        if self.is_lost:
            self._timer.start(AGAIN_MS)
        elif self._watched or self._suspected:
            self._timer.start(QUIET_MS)
        else:
            self._timer.stop()

    def _go_on(self) -> None:
        if self._asking:
            self._lose()  # whenever the answer comes, it is an answer
        else:
            self._ask()

    def _ask(self) -> None:
        if self._asking or not self._desk.ready or self._desk.background.closed:
            return
        self._asking = True
        self._timer.start(ANSWER_MS)
        self._desk.run(lambda ctx: late.ask_database(ctx), self._answered, self._failed, owner=self, away=True)  # noqa: PLW0108 (loaded in the worker)

    def _answered(self, _nothing: Any) -> None:
        self._asking = False
        self.hear()

    def _failed(self, error: BaseException) -> None:
        self._asking = False
        if is_away(error):
            self._lose()
            self._rest()
        else:  # it answered, if only to say no
            self.hear()

    def _lose(self) -> None:
        if self.since is None:
            self.since = self._desk.clock.now()
            self.lost.emit()


def is_away(error: BaseException) -> bool:
    """Tell whether work failed because the database does not answer."""
    return getattr(error, "code", "") in AWAY
