"""One mail that needs somebody: what became of it, and what can be done."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from agent_desk import late
from agent_desk.actions.views import MailView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.widgets import Elided, button, chip, label, on_click
from agent_desk.rules.mail import ALLOWED, MailAction, MailState

TONES = {
    "rejected": "bad",
    "uncertain": "warn",
    "held": "bad",
    "retry": "warn",
    "queued": "",
    "sending": "acc",
    "accepted": "ok",
    "delivered": "ok",
    "read": "ok",
    "printed": "ok",
    "dropped": "",
}
# In the order a person would think of them; the first one allowed is offered first.
ORDER = (MailAction.SETTLE_ACCEPTED, MailAction.RESEND, MailAction.PRINT, MailAction.DROP)


class MailRow(QWidget):
    """The mail in two lines and a row of buttons."""

    def __init__(self, desk: Desk, mail: MailView, *, with_session: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"mail_{mail.id}")
        self._desk = desk
        self.mail = mail
        wording = desk.wording
        top = QHBoxLayout()
        top.setSpacing(8)
        kind = wording.text(f"mail_kinds.{mail.kind}")
        top.addWidget(label(f"{kind} · {mail.session_number}" if with_session else kind, "strong"))
        top.addWidget(chip(wording.text(f"mail_states.{mail.state}.name"), TONES[mail.state]))
        top.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(15, 9, 15, 10)
        box.setSpacing(4)
        box.addLayout(top)
        box.addWidget(Elided(text=mail.recipient, role="muted"))
        box.addWidget(label(self._help(), wrap=True))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        self.buttons: dict[str, QPushButton] = {}
        for action in ORDER:
            if mail.state in ALLOWED[action]:
                self._add(buttons, action, partial(self._act, action))
        self._add(buttons, "open", self._open)
        self._add(buttons, "save", self._save)
        buttons.addStretch(1)
        box.addLayout(buttons)

    def _help(self) -> str:
        wording = self._desk.wording
        retry = f"{self.mail.retry_at.astimezone():%H:%M}" if self.mail.retry_at else ""
        told = wording.text(f"mail_states.{self.mail.state}.help", retry_at=retry)
        cause, _, words = self.mail.last_reply.partition(": ")
        why = wording.text(f"relay.{cause}") if wording.has(f"relay.{cause}") else ""
        if self.mail.state not in (MailState.REJECTED, MailState.RETRY, MailState.HELD):
            return told
        return " ".join(part for part in (told, why, f"« {words} »" if words else "") if part)

    def _add(self, row: QHBoxLayout, action: str, run: Callable[[], None]) -> None:
        kind = "quiet" if self.buttons else ""
        made = button(self._desk.wording.text(f"mail_actions.{action}"), kind, name=f"mail_{action}")
        self.buttons[action] = on_click(made, run)
        row.addWidget(made)

    def _act(self, action: MailAction) -> None:
        mail_id = self.mail.id
        for made in self.buttons.values():
            made.setEnabled(False)
        done = self._printed if action is MailAction.PRINT else self._changed
        self._desk.run(lambda ctx: late.act_on_mail(ctx, mail_id, action), done, self._failed, owner=self)

    def _changed(self, _mail: object = None) -> None:
        self._desk.mailsChanged.emit()

    def _failed(self, error: BaseException) -> None:
        for made in self.buttons.values():
            made.setEnabled(True)
        self._desk.report(error)

    def _printed(self, _mail: object) -> None:
        """Open the letter in the program that prints it."""
        mail_id, write = self.mail.id, self._desk.site.write_paper
        self._desk.run(lambda ctx: write(ctx, mail_id), _show_file, owner=self)
        self._changed()

    def _open(self) -> None:
        """Open the mail in the mail program of this machine."""
        mail_id, write = self.mail.id, self._desk.site.write_mail
        self._desk.run(lambda ctx: write(ctx, mail_id, None), _show_file, owner=self)

    def _save(self) -> None:
        title = self._desk.wording.text("mail_actions.save")
        proposed = f"{self.mail.session_number}-{self.mail.kind}.eml"
        chosen, _filter = QFileDialog.getSaveFileName(self, title, proposed, "*.eml")
        if chosen:
            mail_id, write = self.mail.id, self._desk.site.write_mail
            self._desk.run(lambda ctx: write(ctx, mail_id, Path(chosen)), owner=self)


def _show_file(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
