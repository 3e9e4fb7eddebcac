"""The one-time code: issued, dictated digit by digit, copied, and how it stands; the digits live on this screen only."""

from datetime import timedelta
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QScrollArea

from agent_desk import late
from agent_desk.actions.views import IssuedCode, SessionView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.editor import Editor
from agent_desk.desktop.widgets import set_property, set_text
from agent_desk.rules.code import group, groups, normalise
from agent_desk.rules.lifecycle import may_issue_code
from agent_desk.rules.share import VIEWED
from agent_desk.settings import Settings

ISSUE_KEY, COPY_KEY = "Ctrl+G", "Ctrl+Shift+C"
LIVE, REDEEMED = "live", "redeemed"
NARROW = 560  # pixels of a page that has no room for two cards side by side
SHORT = 10  # digits of a code that are shown in the large size
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
HURRY = timedelta(minutes=2)
_TONES = {"redeemed": "ok", "burned": "bad", "expired": "bad", "replaced": "", "revoked": ""}


def why_unreached(settings: Settings) -> str:
    """Return why customers cannot open the page, as a key of the wording table `share_notes`; "" where they may."""
    if settings.gateway_mode == "site":
        return "" if settings.gateway_url else "no_gateway"
    host = settings.gateway_listen.rpartition(":")[0].strip("[]")
    only_here = host in LOOPBACK or not settings.tls_certificate  # browsers show no screen without https
    return "unreachable" if not settings.public_url and only_here else ""


class CodeCard(QObject):
    """Drives the code card of the Intervention form."""

    issued = Signal()
    copied = Signal()

    def __init__(self, desk: Desk, ui: Any, parent: QScrollArea) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ui = ui
        self._page = parent
        self._codes: dict[int, IssuedCode] = {}
        self.editor: Editor | None = None
        self._fault = ""  # why the page is not served, as a key of the wording table `share_notes`
        ui.codeIssue.clicked.connect(self.issue)
        ui.codeCopy.clicked.connect(self.copy)
        ui.codeSettings.clicked.connect(lambda: desk.screenRequested.emit("settings"))
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._count_down)

    def retranslate(self) -> None:
        """Show the keys beside what they do."""
        self._ui.codeCopy.setText(f"{self._ui.codeCopy.text()}  {COPY_KEY}")
        self._label_issue(has_code=False)

    def _label_issue(self, *, has_code: bool) -> None:
        translate = QCoreApplication.translate
        first, again = translate("SessionIntervention", "Issue a code"), translate("SessionIntervention", "New code")
        self._ui.codeIssue.setText(f"{again if has_code else first}  {ISSUE_KEY}")

    def issue(self) -> None:
        """Draw a new code; the one before ends."""
        if self.editor is None or not may_issue_code(self.editor.view.state) or not self.may_issue():
            return
        session_id = self.editor.view.id

        def done(result: tuple[IssuedCode, SessionView]) -> None:
            self._codes[session_id] = result[0]
            if self.editor is not None and self.editor.view.id == session_id:
                self.editor.take_over(result[1])
                self.issued.emit()

        self.editor.act(lambda view: lambda ctx: (late.issue_code(ctx, view.id), late.load_session(ctx, view.id)), done)

    def may_issue(self) -> bool:
        """Tell whether there is a page to type a code on, and no screen in sight, which a new code would cut."""
        share = self.editor.share if self.editor is not None else None
        return self._desk.serves_page and (share is None or share.state not in VIEWED)

    def copy(self) -> None:
        """Put the digits, in groups, on the clipboard."""
        code = self._shown_code()
        if code is not None:
            QGuiApplication.clipboard().setText(group(code.digits))
            self.copied.emit()

    def show(self, view: SessionView) -> None:
        """Show how this session's code stands."""
        ui = self._ui
        code = self._shown_code()
        ui.codeRow.setVisible(self._desk.serves_page)
        ui.codeButtons.setVisible(self.may_issue() and not ui.sideIssue.isVisibleTo(self._page))
        ui.codeIssue.setEnabled(may_issue_code(view.state))
        self._label_issue(has_code=code is not None)
        live = view.code is not None and view.code.state == LIVE
        for made in (ui.codeIssue, ui.codeCopy):
            set_property(made, "kind", "link" if code is not None else "")
        for widget in (ui.codeDigits, ui.codePage):
            widget.setVisible(code is not None)
        ui.codeCopy.setVisible(code is not None and live)
        set_property(ui.codeDigits, "used", code is not None and not live)
        if code is not None:
            set_property(ui.codeDigits, "long", len(code.digits) > SHORT or self._page.viewport().width() < NARROW)
            set_text(ui.codeDigits, group(normalise(code.digits)))
        set_text(ui.codeSpoken, self._spoken(code) if code is not None else self._why_none(view))
        self._count_down()
        set_text(ui.codePage, self._desk.settings.page_url)
        self._tell_fault(view)
        if live and not self._clock.isActive():
            self._clock.start()
        elif not live:
            self._clock.stop()

    def show_fault(self, fault: str) -> None:
        """Say why the page is not served; "" once it is."""
        self._fault = fault
        if self.editor is not None:
            self._tell_fault(self.editor.view)

    def _tell_fault(self, view: SessionView) -> None:
        """Say plainly when customers cannot open the page, before a code is dictated for nothing."""
        fault = self._fault or why_unreached(self._desk.settings)
        self._ui.codeUnreached.setVisible(bool(fault) and may_issue_code(view.state) and self.may_issue())
        set_text(self._ui.codeNote, self._desk.wording.text(f"share_notes.{fault}") if fault else "")

    def _shown_code(self) -> IssuedCode | None:
        """Return the digits while they may be used, or are used; then they are forgotten."""
        if self.editor is None:
            return None
        view = self.editor.view
        code = self._codes.get(view.id)
        now = self._desk.clock.now()
        if code is not None and (view.code is None or not self._is_of_use(view.code.state, now < code.expires_at)):
            del self._codes[view.id]
            return None
        return code

    def _is_of_use(self, state: str, in_time: bool) -> bool:
        shared = self.editor is not None and self.editor.watch.is_shared
        return (state == LIVE and in_time) or (state == REDEEMED and shared)

    def _count_down(self) -> None:
        view = self.editor.view if self.editor is not None else None
        chip = self._ui.codeState
        chip.setVisible(view is not None and view.code is not None)
        if view is None or view.code is None or not self._page.isVisible():
            return
        left = view.code.expires_at - self._desk.clock.now()
        if view.code.state == LIVE and left > timedelta():
            minutes, seconds = divmod(int(left.total_seconds()), 60)
            text = QCoreApplication.translate("SessionIntervention", "expires in %1")
            set_text(chip, text.replace("%1", f"{minutes:02d}:{seconds:02d}"))
            set_property(chip, "tone", "warn" if left > HURRY else "bad")
            return
        state = "expired" if view.code.state == LIVE else view.code.state
        set_text(chip, self._desk.wording.text(f"code_states.{state}"))
        set_property(chip, "tone", _TONES.get(state, ""))
        if state == "expired" and self._codes.pop(view.id, None) is not None:
            self.show(view)

    def _spoken(self, code: IssuedCode) -> str:
        words = self._desk.wording.table("digits")
        spoken = " — ".join(", ".join(words[digit] for digit in part) for part in groups(code.digits))
        return f"«\u00a0{spoken}\u00a0»" if self._desk.language == "fr" else f"“{spoken}”"

    def _why_none(self, view: SessionView) -> str:
        translate = QCoreApplication.translate
        if not may_issue_code(view.state):
            return translate("SessionIntervention", "A code can be issued once the customer has agreed.")
        if view.code is not None and view.code.state == LIVE:
            return translate("SessionIntervention", "Its digits were shown once; a new code puts it out.")
        if view.code is not None and view.code.state == REDEEMED:
            return translate("SessionIntervention", "This code was used; it opens nothing any more.")
        return translate("SessionIntervention", "Ten digits, valid ten minutes and once; dictated, never sent.")
