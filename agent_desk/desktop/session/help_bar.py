"""Asking a supervisor for help, inline: one key asks, a word says for what, the same key takes it back."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from agent_desk import late
from agent_desk.desktop.boxes import Frame
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.hearing import ANEW
from agent_desk.desktop.session.texts import short_time
from agent_desk.desktop.widgets import Elided, button, label, on_click, set_text
from agent_desk.rules.help_call import REASON_MAX, HelpCall

if TYPE_CHECKING:
    from agent_desk.desktop.session.screen import SessionScreen

HELP_KEY = "F12"
CHANNEL = "agent_desk_help"
LOOK_MS = 2000  # where the database tells nothing by itself


class HelpBar(Frame):
    """Stands above the footer while help is asked: since when, for what, and who is coming."""

    def __init__(self) -> None:
        super().__init__("footer", (18, 8, 18, 8), 8)
        self.setObjectName("help_bar")
        self.state = Elided(role="strong")
        self.reason_label = label()
        self.reason = QLineEdit()
        self.reason.setObjectName("help_reason")
        self.reason.setMaxLength(REASON_MAX)
        self.reason_label.setBuddy(self.reason)
        self.take_back = button("", name="help_take_back")
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.state)
        row.addWidget(self.reason_label)
        row.addWidget(self.reason, 1)
        row.addWidget(self.take_back)
        self.box.addLayout(row)
        self.hide()


class Helping(QObject):
    """Asks, says for what and takes back for the session on the screen, and hears who is coming."""

    def __init__(self, desk: Desk, screen: "SessionScreen") -> None:
        super().__init__(screen)
        self._desk = desk
        self._screen = screen
        self._session: int | None = None
        self.call: HelpCall | None = None
        self.bar = HelpBar()
        screen.ui.rootLayout.insertWidget(2, self.bar)
        on_click(self.bar.take_back, self.toggle)
        self.bar.reason.editingFinished.connect(self._say)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        desk.hearing.heard.connect(self._heard)

    def attend(self, session_id: int | None) -> None:
        """Another session is on the screen, or none."""
        if session_id != self._session:
            self._session = session_id
            self._take(None)
            if session_id is not None and self.may():
                self._look()

    def may(self) -> bool:
        """Tell whether there may be somebody to ask: a desk where nobody signed in is alone."""
        editor = self._screen.editor
        return self._desk.ready and bool(self._desk.context.person) and editor is not None and editor.is_open

    def toggle(self) -> None:
        """Ask for help, or take it back."""
        if self.may():
            self._ask(None if self.call is not None else "")

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        translate = QCoreApplication.translate
        set_text(self.bar.reason_label, translate("SessionHelp", "For what"))
        self.bar.reason.setPlaceholderText(translate("SessionHelp", "Optional: a few words for the supervisor"))
        self.bar.take_back.setText(translate("SessionHelp", "No longer needed") + f"   {HELP_KEY}")
        self._show()

    def _say(self) -> None:
        if self.call is not None and self.bar.reason.text() != self.call.reason:
            self._ask(self.bar.reason.text())

    def _ask(self, reason: str | None) -> None:
        session = self._session
        if session is None:
            return
        asked_first = self.call is None

        def taken(call: HelpCall | None) -> None:
            if session == self._session:
                self._take(call)
                if call is not None and asked_first:
                    self.bar.reason.setFocus(Qt.FocusReason.OtherFocusReason)

        # In a queue: leaving the field by a click on the button says for what, then takes it back.
        self._desk.run(lambda ctx: late.ask_help(ctx, session, reason), taken, owner=self, queue="help")

    def _look(self) -> None:
        session = self._session
        if session is None or self._desk.link.is_lost or self._desk.background.closed:
            return

        def looked(found: tuple[HelpCall, ...]) -> None:
            if session == self._session:
                self._take(found[0] if found else None)

        self._desk.run(
            lambda ctx: late.look_at_help(ctx, session), looked, lambda _error: None, owner=self, queue="help"
        )

    def _heard(self, channel: str, payload: str) -> None:
        if (channel, payload) in ((CHANNEL, str(self._session)), (ANEW, ANEW)) and self.may():
            self._look()

    def _take(self, call: HelpCall | None) -> None:
        if call != self.call:
            self.call = call
            self._show()
        waits = call is not None and not call.coming and not self._desk.hearing.is_told
        (self._timer.start if waits else self._timer.stop)()

    def _show(self) -> None:
        call, translate = self.call, QCoreApplication.translate
        self.bar.setVisible(call is not None)
        if call is None:
            self.bar.reason.clear()
            return
        asked = translate("SessionHelp", "Help asked at %1").replace("%1", short_time(call.asked_at))
        coming = translate("SessionHelp", "%1 is coming").replace("%1", call.coming)
        self.bar.state.set_whole(coming if call.coming else asked)
        if not self.bar.reason.hasFocus():
            self.bar.reason.setText(call.reason)
