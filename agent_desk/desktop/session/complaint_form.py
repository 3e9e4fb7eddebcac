"""The two forms of a complaint: what was received, and what is answered."""

from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QDateTime, Qt, QTimeZone, Signal
from PySide6.QtWidgets import QCheckBox, QDateTimeEdit, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from agent_desk.actions.views import SessionView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.service_names import service_in_short
from agent_desk.desktop.session.choice_box import ChoiceBox
from agent_desk.desktop.session.sms_preview import SmsPreview
from agent_desk.desktop.widgets import button, clear_layout, label, line, on_click, set_text, typed_text
from agent_desk.formats import format_cents
from agent_desk.rules.complaint import REASON_MAX, TEXT_MAX, Complaint, ComplaintChannel, ComplaintState
from agent_desk.rules.credit import Credit
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import ZONE

translate = QCoreApplication.translate
TEXT_HEIGHT, ANSWER_HEIGHT = 52, 110


class MomentEdit(QDateTimeEdit):
    """A day and hour on the customer's wall."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setCalendarPopup(True)
        self.setDisplayFormat("dd/MM/yyyy HH:mm")

    def show_moment(self, at: datetime, territory: Territory) -> None:
        """Show a moment as that customer's clocks do."""
        zone = QTimeZone(ZONE[territory].encode())
        self.setTimeZone(zone)
        self.setDateTime(QDateTime.fromSecsSinceEpoch(int(at.timestamp()), zone))

    def moment(self) -> datetime:
        """Return the moment, in UTC."""
        return datetime.fromtimestamp(self.dateTime().toSecsSinceEpoch(), UTC)


class ReceiptForm(QWidget):
    """How a complaint came in, when, of which lines, and what it says."""

    confirmed = Signal()
    changed = Signal()  # how, or when, it came in

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.channel = ChoiceBox()
        self.channel.setObjectName("complaint_channel")
        self.received = MomentEdit("complaint_received")
        self.text = QPlainTextEdit()
        self.text.setObjectName("complaint_text")
        self.text.setFixedHeight(TEXT_HEIGHT)
        self.text.setTabChangesFocus(True)
        self.preview = SmsPreview()
        self.lines: list[QCheckBox] = []
        self._labels = {name: label() for name in ("channel", "received", "lines", "text")}
        self._lines = QHBoxLayout()
        self._lines.setSpacing(12)
        self.confirm = on_click(button("", "primary", name="complaint_confirm"), self.confirmed.emit)
        self._lay_out()

    def fill(self, view: SessionView, now: datetime) -> None:
        """Begin anew for this session."""
        self.text.clear()
        self.received.show_moment(now, view.content.customer.territory)
        self.retranslate()
        self.channel.set_value(ComplaintChannel.TELEPHONE)
        clear_layout(self._lines)
        decided = view.content.lines if view.decision is not None else ()
        self.lines = [QCheckBox(service_in_short(self._desk, one.service)) for one in decided]
        for one in self.lines:
            self._lines.addWidget(one)
        self._lines.addStretch(1)
        self._labels["lines"].setVisible(bool(self.lines))

    def contested(self) -> tuple[int, ...]:
        """Return the positions of the lines that are contested, from 1."""
        return tuple(place for place, one in enumerate(self.lines, 1) if one.isChecked())

    def said(self) -> str:
        """Return what the customer complains of."""
        return typed_text(self.text).strip()[:TEXT_MAX]

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        words = self._desk.wording
        self.channel.fill([(one, words.text(f"complaint_channels.{one}")) for one in ComplaintChannel])
        for name, text, field in (
            ("channel", translate("SessionComplaint", "Received by"), self.channel),
            ("received", translate("SessionComplaint", "On"), self.received),
            ("lines", translate("SessionComplaint", "Contested lines"), None),
            ("text", translate("SessionComplaint", "What the customer says"), self.text),
        ):
            set_text(self._labels[name], text)
            if field is not None:
                field.setAccessibleName(text)
        self.confirm.setText(translate("SessionComplaint", "Note the complaint"))

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        top = QHBoxLayout()
        top.setSpacing(10)
        for name, field in (("channel", self.channel), ("received", self.received)):
            self._labels[name].setBuddy(field)
            top.addWidget(self._labels[name])
            top.addWidget(field)
        top.addWidget(self._labels["lines"])
        top.addLayout(self._lines, 1)
        box.addLayout(top)
        below = QHBoxLayout()
        below.setSpacing(10)
        self._labels["text"].setBuddy(self.text)
        below.addWidget(self._labels["text"], 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self.text, 1)
        below.addWidget(self.confirm, 0, Qt.AlignmentFlag.AlignBottom)
        box.addLayout(below)
        box.addWidget(self.preview)
        self.channel.chosen.connect(lambda _channel: self.changed.emit())
        self.received.dateTimeChanged.connect(lambda _at: self.changed.emit())


class AnswerForm(QWidget):
    """The answer, prefilled; whether it is yes or no and why; or another date for it."""

    answered = Signal()
    moved = Signal()
    creditAsked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._of: tuple[int, int] | None = None
        self.answer = QPlainTextEdit()
        self.answer.setObjectName("complaint_answer")
        self.answer.setFixedHeight(ANSWER_HEIGHT)
        self.answer.setTabChangesFocus(True)
        self.outcome = ChoiceBox()
        self.outcome.setObjectName("complaint_outcome")
        self.reason = QLineEdit()
        self.reason.setObjectName("complaint_reason")
        self.reason.setMaxLength(REASON_MAX)
        self.remedy = label(role="muted")
        self.credit = on_click(button("", "link", name="complaint_credit"), self.creditAsked.emit)
        self.due = MomentEdit("complaint_due")
        self.move_it = on_click(button("", name="complaint_move"), self.moved.emit)
        self.confirm = on_click(button("", "primary", name="complaint_answer_send"), self.answered.emit)
        self._labels = {name: label() for name in ("outcome", "reason", "due")}
        self._lay_out()

    def fill(
        self, one: Complaint, answer: str, remedy: "tuple[Credit | None, int | None]", territory: Territory
    ) -> None:
        """Show what is to be answered; what was typed for this complaint stays."""
        if self._of != (one.id, len(answer)):
            self._of = (one.id, len(answer))
            self.answer.setPlainText(answer)
            self.reason.clear()
            self.retranslate()
            self.outcome.set_value(ComplaintState.REJECTED)
            self.due.show_moment(one.due_at, territory)
        credit, correction = remedy
        given = "" if credit is None else format_cents(credit.amount_cents, self._desk.language)
        parts = [translate("SessionComplaint", "credit granted: %1").replace("%1", given)] if given else []
        parts += [translate("SessionComplaint", "outcome corrected")] if correction is not None else []
        nothing = translate("SessionComplaint", "Nothing granted or corrected since: only then can it be accepted.")
        set_text(self.remedy, " · ".join(parts) or nothing)

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        words = self._desk.wording
        states = (ComplaintState.REJECTED, ComplaintState.ACCEPTED)
        self.outcome.fill([(one, words.text(f"complaint_states.{one}")) for one in states])
        for name, text, field in (
            ("outcome", translate("SessionComplaint", "Outcome"), self.outcome),
            ("reason", translate("SessionComplaint", "Reason"), self.reason),
            ("due", translate("SessionComplaint", "New date"), self.due),
        ):
            set_text(self._labels[name], text)
            field.setAccessibleName(text)
        self.answer.setAccessibleName(translate("SessionComplaint", "Answer, in the customer’s language"))
        self.answer.setPlaceholderText(self.answer.accessibleName())
        self.credit.setText(translate("SessionComplaint", "Grant a credit…"))
        self.move_it.setText(translate("SessionComplaint", "Promise another date"))
        self.confirm.setText(translate("SessionComplaint", "Answer the customer"))

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.answer)
        middle = QHBoxLayout()
        middle.setSpacing(10)
        for name, field in (("outcome", self.outcome), ("reason", self.reason)):
            self._labels[name].setBuddy(field)
            middle.addWidget(self._labels[name])
            middle.addWidget(field, int(name == "reason"))
        box.addLayout(middle)
        box.addWidget(line(self.remedy, self.credit, None))
        self._labels["due"].setBuddy(self.due)
        box.addWidget(line(self._labels["due"], self.due, self.move_it, None, self.confirm, spacing=10))
