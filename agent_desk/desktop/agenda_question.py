"""What the agenda asks before a call-back is moved or called off: the reason the customer reads, with the SMS as it will be."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from agent_desk import late
from agent_desk.desktop.boxes import Frame, Notice
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.sms_preview import SmsPreview
from agent_desk.desktop.widgets import button, label, on_click, set_property, set_text
from agent_desk.formats import format_short_moment
from agent_desk.rules.appointment import Appointment, Wish
from agent_desk.rules.promise import REASON_MAX

if TYPE_CHECKING:
    from agent_desk.actions.context import Context

translate = QCoreApplication.translate


class AgendaQuestion(Frame):
    """Stands under the week; nothing changes before the reason is given and confirmed, Esc leaves everything as it is."""

    left = Signal()
    refused = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("footer", (18, 11, 18, 11), 8, parent)
        self._desk = desk
        self._of: Appointment | None = None
        self._wish: Wish | None = None  # None: it is called off
        self.said, self.trouble, self.preview = label(role="strong", wrap=True), Notice(), SmsPreview()
        self._label, self.reason = label(), QLineEdit()
        self.reason.setObjectName("agenda_reason")
        self.reason.setMaxLength(REASON_MAX)
        self._label.setBuddy(self.reason)
        self.keep = on_click(button(name="agenda_keep"), self.leave)
        self.confirm = on_click(button("", "primary", name="agenda_move"), self._do)
        self.reason.returnPressed.connect(self._do)
        self.reason.textChanged.connect(lambda _text: self._preview())
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._label)
        row.addWidget(self.reason, 1)
        row.addWidget(self.keep)
        row.addWidget(self.confirm)
        self.box.addWidget(self.said)
        self.box.addWidget(self.trouble)
        self.box.addLayout(row)
        self.box.addWidget(self.preview)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.leave)
        self.hide()

    def ask_move(self, one: Appointment, wish: Wish, name: str) -> None:
        """Ask whether a call-back goes there, to the agent of that name."""
        text = translate("AgendaScreen", "Move the call to {0} to {1}, {2}?")
        text = text.format(one.customer, format_short_moment(wish.starts_at.astimezone(), self._desk.language), name)
        warned = translate("AgendaScreen", "That is after the 72 hours promised.") if _is_late(one, wish) else ""
        self._ask(one, wish, f"{text} {warned}".strip())

    def ask_call_off(self, one: Appointment) -> None:
        """Ask whether a call-back is called off."""
        text = translate("AgendaScreen", "Call off the call to {0}, {1}?")
        when = format_short_moment(one.starts_at.astimezone(), self._desk.language)
        self._ask(one, None, text.format(one.customer, when))

    def leave(self) -> None:
        """Leave everything as it is."""
        self._of = None
        self.hide()
        self.trouble.tell("")
        self.left.emit()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        set_text(self._label, translate("AgendaScreen", "Reason, which the customer reads"))
        self.reason.setAccessibleName(self._label.text())
        self.keep.setText(translate("AgendaScreen", "Leave it"))
        self._name_confirm()

    def _name_confirm(self) -> None:
        move, off = translate("AgendaScreen", "Move the call-back"), translate("AgendaScreen", "Call the call-back off")
        self.confirm.setText(off if self._wish is None else move)

    def _ask(self, one: Appointment, wish: Wish | None, text: str) -> None:
        self._of, self._wish = one, wish
        set_text(self.said, text)
        self._name_confirm()
        self.trouble.tell("")
        self.reason.clear()
        set_property(self.reason, "fault", value=False)
        self._preview()
        self.show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _preview(self) -> None:
        """Show the SMS the customer will get; moved to another agent only, they get none."""
        one, wish, why = self._of, self._wish, self.reason.text()
        if one is None or (wish is not None and wish.starts_at == one.starts_at):
            self.preview.set_text("")
            return
        kind = "appointment_moved" if wish is not None else "appointment_cancelled"
        begins = wish.starts_at if wish is not None else one.starts_at
        ends = begins + one.length
        self.preview.ask(self._desk, lambda ctx: late.preview_call_back(ctx, one.session_id, kind, begins, ends, why))

    def _do(self) -> None:
        one, wish, reason = self._of, self._wish, self.reason.text()
        if one is None:
            return
        if not reason.strip():
            set_property(self.reason, "fault", value=True)
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.confirm.setEnabled(False)
        job = _job(one, wish, reason)
        self._desk.run(job, lambda _after: self._done(one), self._failed, owner=self, queue=one.session_id)

    def _done(self, one: Appointment) -> None:
        self.confirm.setEnabled(True)
        self.leave()
        self._desk.promisesChanged.emit()
        self._desk.sessionChanged.emit(one.session_id)

    def _failed(self, error: BaseException) -> None:
        self.confirm.setEnabled(True)
        self.trouble.tell(self._desk.sentence(error), "bad")
        self.refused.emit()


def _job(one: Appointment, wish: Wish | None, reason: str) -> "Callable[[Context], object]":
    if wish is None:
        return lambda ctx: late.cancel_appointment(ctx, one.id, one.version, reason)
    to = replace(wish, beyond=reason if _is_late(one, wish) else "")
    return lambda ctx: late.move_appointment(ctx, one.id, one.version, to, reason)


def _is_late(one: Appointment, wish: Wish) -> bool:
    return wish.starts_at + one.length > one.limit_at
