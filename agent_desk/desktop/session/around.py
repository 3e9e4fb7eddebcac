"""What was promised in the session on the screen, at the right: each with its clock, and a click away."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from agent_desk import late
from agent_desk.desktop.boxes import RightPanel
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.promise_card import promise_clock
from agent_desk.desktop.widgets import Elided, button, column, line, on_click
from agent_desk.rules.promise import Promise, Urgency, urgency

if TYPE_CHECKING:
    from agent_desk.desktop.session.screen import SessionScreen


class Around(QObject):
    """Asks for the session's promises when it comes to the screen, and when something was promised or kept."""

    def __init__(self, desk: Desk, screen: "SessionScreen", panel: RightPanel) -> None:
        super().__init__(screen)
        self._desk = desk
        self._screen = screen
        self._promises: tuple[Promise, ...] = ()
        self.section = panel.section()
        self.section.hide()
        desk.promisesChanged.connect(self.look)

    def look(self) -> None:
        """Ask what was promised in this session."""
        editor = self._screen.editor
        if editor is None:
            self._show(())
            return
        of = editor.view.id
        self._desk.run(
            lambda ctx: late.look_at_promises(ctx, of), lambda found: self._take(of, found), lambda _e: None, owner=self
        )

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        self.section.set_title(QCoreApplication.translate("SessionAround", "Promised"))
        self._show(self._promises)

    def _take(self, of: int, found: tuple[Promise, ...]) -> None:
        editor = self._screen.editor
        if editor is not None and editor.view.id == of:
            self._show(found)

    def _show(self, promises: tuple[Promise, ...]) -> None:
        self._promises = promises
        self.section.clear()
        self.section.setVisible(bool(promises))
        for one in promises:
            self.section.add(self._row(one))

    def _row(self, one: Promise) -> QWidget:
        words, now = self._desk.wording, self._desk.clock.now()
        go = button(words.text(f"promises.{one.kind}"), "link", name=f"around_{one.id}")
        on_click(go, lambda: self._desk.promiseRequested.emit(one))
        how = promise_clock(self._desk, one, now) if one.end is None else words.text(f"promise_ends.{one.end}")
        bad = urgency(one, now) is Urgency.MISSED
        return column(line(go, None), Elided(text=how, role="bad" if bad else "muted"), spacing=0)
