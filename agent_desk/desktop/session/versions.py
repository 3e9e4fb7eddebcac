"""Two versions of one session: what was typed here, and what somebody has saved elsewhere meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from agent_desk.actions.errors import Refusal
from agent_desk.actions.views import SessionView
from agent_desk.rules.content_path import read
from agent_desk.rules.late_typing import Difference, compare
from agent_desk.rules.session import ENDED, Content

CHOOSE_FIRST = "choose_first"  # how everything else is refused while a choice is open
_STALE = frozenset({"changed_elsewhere", "already_closed", "already_ended"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be typed again after a choice, and what not."""

    kept: Mapping[str, object] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()


class Versions(QObject):
    """The places where both differ, until somebody has chosen."""

    differed = Signal()  # `differences` are others: a choice is wanted, or made

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.differences: tuple[Difference, ...] = ()

    @property
    def differ(self) -> bool:
        """Tell whether a choice is open."""
        return bool(self.differences)

    @property
    def typed(self) -> dict[str, object]:
        """What was typed here where both differ: it stays on screen until the choice."""
        return {one.path: one.mine for one in self.differences}

    def compare(self, view: SessionView, base: Content, mine: Content, paths: tuple[str, ...]) -> dict[str, object]:
        """Find what differs from `view`, and return what can be typed again at once: nobody else has touched it.

        Into a session that has ended nothing can be typed: there all that was is shown.
        """
        theirs = view.content
        compared = compare(base, mine, paths, theirs)
        free, differing = dict(compared.free), compared.differing
        if view.state in ENDED:
            differing += tuple(Difference(path, value, read(theirs, path)) for path, value in free.items())
            free = {}
        if differing != self.differences:
            self.differences = differing
            self.differed.emit()
        return free

    def choose(self, *, mine: bool) -> Chosen:
        """End the choice."""
        typed, self.differences = self.typed, ()
        self.differed.emit()
        return Chosen(kept=typed) if mine else Chosen(dropped=frozenset(typed))


def is_stale(error: Exception) -> bool:
    """Tell whether the session is another one by now than this screen shows."""
    return isinstance(error, Refusal) and error.code in _STALE
