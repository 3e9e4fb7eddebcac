"""How a session on the screen is handed over, and what the colleague wrote who handed it over before."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from agent_desk import late
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.handover_bar import HandoverBar, HandoverNote
from agent_desk.desktop.session.texts import short_time
from agent_desk.formats import format_short_date
from agent_desk.rules.handover import Handover, Receiver, Words

if TYPE_CHECKING:
    from agent_desk.desktop.session.screen import SessionScreen


class Handing(QObject):
    """The bar above the footer and the note above the step; on a single desk neither is ever seen."""

    def __init__(self, desk: Desk, screen: "SessionScreen", handed: Callable[[], None]) -> None:
        super().__init__(screen)
        self._desk = desk
        self._screen = screen
        self._done = handed
        self._handed: Handover | None = None
        self.people: tuple[Receiver, ...] = ()
        self.bar = HandoverBar()
        self.note = HandoverNote()
        screen.ui.rootLayout.insertWidget(2, self.bar)
        screen.ui.middleLayout.insertWidget(1, self.note)
        self.bar.confirmed.connect(self._hand_over)
        self.bar.kept.connect(lambda: screen.page.focus_field("") if screen.page is not None else None)

    def attend(self, handed: Handover | None) -> None:
        """Another session is on the screen, with what was written when it was handed over."""
        self._handed = handed
        self.bar.close_bar()
        self._show()
        self._desk.run(lambda ctx: late.list_receivers(ctx), self._take, lambda _error: None, owner=self)  # noqa: PLW0108 (loaded in the worker)

    def may(self) -> bool:
        """Tell whether there is somebody to hand this session over to."""
        editor = self._screen.editor
        return bool(self.people) and editor is not None and editor.is_open

    def offer(self) -> None:
        """Ask to whom the session goes."""
        editor = self._screen.editor
        if editor is not None and self.may():
            self._screen.ending.close()
            self.bar.open_bar(self.people, shared=editor.watch.is_shared)

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        self.bar.retranslate()
        self._show()

    def _hand_over(self, to: Receiver, words: Words) -> None:
        self._screen.flow.hand_over(to, words, self._done)

    def _take(self, receivers: tuple[Receiver, ...]) -> None:
        self.people = receivers

    def _show(self) -> None:
        one = self._handed
        if one is None:
            self.note.show_handover("", None)
            return
        day = format_short_date(one.at.astimezone().date(), self._desk.language)
        head = QCoreApplication.translate("SessionHandover", "Handed over by %1, %2")
        self.note.show_handover(
            head.replace("%2", f"{day} {short_time(one.at)}").replace("%1", one.from_name), one.words
        )
