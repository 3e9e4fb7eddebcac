"""One mail: what became of it, and what a person can do about it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from agent_desk import late
from agent_desk.actions.views import MailView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.widgets import Elided, button, chip, label, line, on_click
from agent_desk.rules.mail import ALLOWED, MailAction, MailChannel, MailState, allowed

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
# In the order a person would think of them; the first one allowed is the button, the others are in its menu.
ORDER = (MailAction.SETTLE_ACCEPTED, MailAction.RESEND, MailAction.PRINT, MailAction.DROP)
TOLD_BY_CAUSE = (MailState.REJECTED, MailState.RETRY, MailState.HELD)


class MailRow(QWidget):
    """Two lines at the left, a button and a menu at the right; not `alone`: its session is named above it."""

    def __init__(self, desk: Desk, mail: MailView, *, alone: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"mail_{mail.id}")
        self._desk = desk
        self.mail = mail
        self._is_sms = mail.channel == MailChannel.SMS
        kind = ("SMS · " if self._is_sms else "") + desk.wording.text(f"mail_kinds.{mail.kind}")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(label(f"{kind} · {mail.session_number}" if alone else kind, "strong"))
        top.addWidget(chip(desk.wording.text(f"mail_states.{mail.state}.name"), TONES[mail.state]))
        top.addWidget(Elided(text=mail.recipient, role="muted"))
        top.addStretch(1)
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addLayout(top)
        texts.addWidget(label(self._help(), "muted", wrap=True))
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight if alone else QBoxLayout.Direction.TopToBottom, self)
        side = 15 if alone else 0
        row.setContentsMargins(side, 9, side, 9)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        self.buttons: list[QPushButton] = []
        self.actions_offered = self._actions()
        self._add_buttons(row, kind)

    def act(self, action: MailAction) -> None:
        """Do what was decided about this mail."""
        mail_id = self.mail.id
        for made in self.buttons:
            made.setEnabled(False)
        done = self._printed if action is MailAction.PRINT else self._changed
        self._desk.run(lambda ctx: late.act_on_mail(ctx, mail_id, action), done, self._failed, owner=self)

    def _actions(self) -> list[tuple[str, Callable[[], None]]]:
        offered = [action for action in ORDER if allowed(action, self.mail.state, self.mail.channel)]
        if not self.mail.recipient:  # nobody to send it to
            offered = [action for action in offered if action is not MailAction.RESEND]
        by_person: list[tuple[str, Callable[[], None]]] = [
            (action.value, partial(self.act, action)) for action in offered
        ]
        files: list[tuple[str, Callable[[], None]]] = [("open", self._open)]
        if not self._is_sms:
            files.append(("save", self._save))
        waiting = self.mail.state in ALLOWED[MailAction.DROP]
        return by_person + files if waiting else files + by_person

    def _add_buttons(self, row: QBoxLayout, kind: str) -> None:
        words = self._desk.wording
        (first, run), *others = self.actions_offered
        self.buttons.append(on_click(button(words.text(f"mail_actions.{first}"), name=f"mail_{first}"), run))
        more = button("", "quiet", "more", "mail_more")
        more.setAccessibleName(self.tr("More actions for this mail: {0}").format(kind))
        more.setToolTip(more.accessibleName())
        menu = QMenu(more)
        for name, action in others:
            menu.addAction(words.text(f"mail_actions.{name}"), action).setObjectName(f"mail_{name}")
        more.setMenu(menu)
        self.buttons.append(more)
        row.addWidget(line(*self.buttons, None))

    def _help(self) -> str:
        words = self._desk.wording
        retry = f"{self.mail.retry_at.astimezone():%H:%M}" if self.mail.retry_at else ""
        told = words.text(f"mail_states.{self.mail.state}.{'sms' if self._is_sms else 'help'}", retry_at=retry)
        if self.mail.state == MailState.QUEUED and self._leaves_at > self._desk.clock.now():
            return words.text("mail_waits.later", when=f"{self._leaves_at.astimezone():%d/%m %H:%M}")
        cause, _, said = self.mail.last_reply.partition(": ")
        if self.mail.state not in TOLD_BY_CAUSE or not words.has(f"relay.{cause}"):
            return told
        why = words.text(f"relay.{cause}")
        why = f"{why[:1].upper()}{why[1:]}." + (f" « {said} »" if said else "")
        return why if self.mail.state == MailState.HELD else f"{told} {why}"

    @property
    def _leaves_at(self) -> datetime:
        return self.mail.not_before or self.mail.created_at

    def _changed(self, _mail: object = None) -> None:
        self._desk.mailsChanged.emit()

    def _failed(self, error: BaseException) -> None:
        for made in self.buttons:
            made.setEnabled(True)
        self._desk.report(error)

    def _printed(self, _mail: object) -> None:
        """Open the letter in the program that prints it."""
        mail_id, write = self.mail.id, self._desk.site.write_paper
        self._desk.run(lambda ctx: write(ctx, mail_id), show_file)
        self._changed()

    def _open(self) -> None:
        """Open the message in the program this machine has for mails, or for texts."""
        mail_id, write = self.mail.id, self._desk.site.write_mail
        self._desk.run(lambda ctx: write(ctx, mail_id, None), show_file, owner=self)

    def _save(self) -> None:
        title = self._desk.wording.text("mail_actions.save")
        proposed = f"{self.mail.session_number}-{self.mail.kind}.eml"
        chosen, _filter = QFileDialog.getSaveFileName(self, title, proposed, "*.eml")
        if chosen:
            mail_id, write = self.mail.id, self._desk.site.write_mail
            self._desk.run(lambda ctx: write(ctx, mail_id, Path(chosen)), owner=self)


def show_file(path: Path) -> None:
    """Open a file in the program this machine has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
