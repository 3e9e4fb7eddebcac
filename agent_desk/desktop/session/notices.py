"""The one line above a step for what must be seen: refusals, what could not be kept, a removal to undo."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from agent_desk.actions.errors import Refusal
from agent_desk.actions.views import Adjusted, Saved
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.icons import icon
from agent_desk.desktop.widgets import set_property, set_text
from agent_desk.rules.catalogue import QUANTITY_MAX
from agent_desk.rules.content_path import read
from agent_desk.rules.feasibility import Question
from agent_desk.rules.gates import Blocker
from agent_desk.rules.session import Content

Holds = Callable[[Content], bool]
LONG = "long"


class Notices(QObject):
    """Shows one sentence at a time; an empty one hides the line."""

    undone = Signal()

    def __init__(self, desk: Desk, ui: Any, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ui = ui
        self._of_page = False
        self._holds: Holds | None = None
        self._blocker: Blocker | None = None
        ui.noticeClose.setIcon(icon("cross"))
        ui.noticeClose.clicked.connect(self.clear)
        ui.noticeAction.clicked.connect(self.undone)

    @property
    def sentence(self) -> str:
        """The sentence that is shown, "" while there is none."""
        return "" if self._ui.notice.isHidden() else str(self._ui.noticeText.text())

    def tell(self, sentence: str, tone: str = "warn", holds: Holds | None = None) -> None:
        """Show `sentence`; hide the line when it is empty. `holds` tells after each save whether it is still true."""
        self._of_page, self._holds, self._blocker = False, holds, None
        self._ui.noticeAction.hide()
        set_property(self._ui.notice, "tone", tone)
        set_text(self._ui.noticeText, sentence)
        self._ui.notice.setAccessibleName(sentence)
        self._ui.notice.setVisible(bool(sentence))

    def tell_of_page(self, sentence: str, tone: str = "warn") -> None:
        """Show what a step says; its silence takes back its own words only."""
        if sentence or self._of_page:
            self.tell(sentence, tone)
            self._of_page = bool(sentence)

    def tell_blocker(self, blocker: Blocker) -> None:
        """Say what is in the way of the next step."""
        self.tell(self._desk.wording.text(f"gates.{blocker.code}"), "warn")
        self._blocker = blocker

    def unblock(self, blockers: Collection[Blocker]) -> None:
        """These are in the way now: take back a sentence about one that no longer is."""
        if self._blocker is not None and self._blocker not in blockers:
            self.clear()

    def tell_adjusted(self, saved: Saved) -> None:
        """Say what could not be kept as typed, or will not be shown whole."""
        long = saved.adjusted and saved.adjusted[0].code == LONG
        self.tell(self.adjusted(saved), "warn", partial(_is_long, saved.adjusted[0]) if long else None)

    def tell_unsaved(self, error: BaseException) -> None:
        """Say why what is on screen is not saved; the next save takes it back, an answer to read stays."""
        self.tell(self._desk.sentence(error), "bad", None if isinstance(error, Refusal) else _never)

    def tell_kept_open(self) -> None:
        """Say what would be lost by closing now."""
        self.tell(self._desk.wording.text("errors.unsaved"), "bad", _never)

    def settle(self, content: Content) -> None:
        """Something was saved: take back a sentence that is true no longer."""
        if self._holds is not None and not self._holds(content):
            self.clear()

    def tell_removed(self, name: str) -> None:
        """Say that a service was taken out, with a way back."""
        self.tell(QCoreApplication.translate("SessionNotices", "%1 taken out.").replace("%1", name), "acc")
        self._ui.noticeAction.setText(QCoreApplication.translate("SessionNotices", "Undo  Ctrl+Z"))
        self._ui.noticeAction.show()

    def tell_answers(self, answers: Sequence[Question]) -> None:
        """Say what was decided meanwhile about what this session asked."""
        text = self._desk.wording.text
        told = [
            f"{one.name}{text('verdicts.colon')}{text(f'verdicts.{one.verdict}')}"
            + (f" — {one.conditions}" if one.conditions else "")
            for one in answers
        ]
        if told:
            self.tell("\n".join(told), "acc")

    def clear(self) -> None:
        """Hide the line."""
        self.tell("")

    def adjusted(self, saved: Saved) -> str:
        """Return the sentence for what could not be kept as typed."""
        wording = self._desk.wording
        if not saved.adjusted:
            return wording.text("errors.clock_back", minutes=saved.clock_back_minutes)
        one = saved.adjusted[0]
        key = f"fields.{one.field}"
        field = wording.text(key) if wording.has(key) else wording.text("fields.lines")
        return wording.text(f"errors.{one.code}", field=field, limit=one.limit or QUANTITY_MAX)


def _never(_content: Content) -> bool:
    return False


def _is_long(one: Adjusted, content: Content) -> bool:
    with suppress(IndexError):  # the line it was typed for is gone
        return len(read(content, one.field)) > one.limit
    return False
