"""A case goes to another level, inline: to which team, three short fields, and what the customer is told; or comes back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from agent_desk import late
from agent_desk.actions.views import SessionView
from agent_desk.desktop.boxes import Frame
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.choice_box import ChoiceBox
from agent_desk.desktop.session.handover_bar import FIELDS, field_names
from agent_desk.desktop.session.matters import MatterBar
from agent_desk.desktop.session.sms_preview import SmsPreview
from agent_desk.desktop.widgets import button, label, line, on_click, set_property, set_text
from agent_desk.formats import format_day, format_hour
from agent_desk.rules.duties import TAKES_NO_CALLS
from agent_desk.rules.escalation import (
    ANSWER_MAX,
    WORKING_DAYS,
    Escalation,
    EscalationState,
    ReturnReason,
    days_to_offer,
    path,
)
from agent_desk.rules.handover import FIELD_MAX, Words
from agent_desk.rules.people import NAME_MAX
from agent_desk.rules.territories import local
from agent_desk.rules.written import Way, way_of

if TYPE_CHECKING:
    from agent_desk.actions.context import Context
    from agent_desk.actions.destinations import Destination


class EscalationBar(MatterBar):
    """Shows the path of the case; sends it on, or, where this team has it, answers it or sends it back."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._view: SessionView | None = None
        self._here: Escalation | None = None
        self._to: tuple[Destination, ...] = ()
        self.title, self.path = label(role="strong"), label(role="muted", wrap=True)
        self.say = label(wrap=True)
        self.saying = Frame("say", (13, 8, 13, 8))
        self.written, self.preview = label(role="muted", wrap=True), SmsPreview()
        for told in (self.say, self.written, self.preview):
            self.saying.box.addWidget(told)
        self.to, self.due, self.reason = ChoiceBox(), ChoiceBox(), ChoiceBox()
        self.contact, self.said = QLineEdit(), QLineEdit()
        self.fields = {name: QLineEdit() for name in FIELDS}
        self._labels = {name: label() for name in (*FIELDS, "to", "due", "contact", "reason", "said")}
        self.send = on_click(button("", "primary", name="escalate"), self._send)
        self.answer = on_click(button("", "primary", name="answer_case"), self._answer)
        self.give_back = on_click(button("", name="return_case"), self._return)
        self.leave = on_click(button("", name="leave_escalation"), self.close_bar)
        self._sending, self._answering = self._grid_of_sending(), self._grid_of_answering()
        self.box.addWidget(line(self.title, None, self.path))
        for widget in (self._answering, self._sending, self.saying):
            self.box.addWidget(widget)
        self.box.addWidget(line(None, self.leave, self.give_back, self.answer, self.send))
        self.to.chosen.connect(lambda _value: self._tell())
        self.due.chosen.connect(lambda _value: self._tell())
        self.contact.textChanged.connect(lambda _text: self._tell())

    def open_for(self, view: SessionView) -> None:
        """Look where the case is and where it may go, then ask."""
        self._view = view
        for field in (*self.fields.values(), self.said):
            field.clear()
            set_property(field, "fault", value=False)
        self.desk.run(
            lambda ctx: (late.list_destinations(ctx), late.look_at_path(ctx, view.id)),
            lambda found: self._show(view, *found),
            owner=self,
        )

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        translate = QCoreApplication.translate
        set_text(self.title, translate("SessionEscalation", "Send this case to another level"))
        texts = field_names() | {
            "to": translate("SessionEscalation", "To"),
            "due": translate("SessionEscalation", "The customer hears of it by"),
            "contact": translate("SessionEscalation", "From whom"),
            "reason": translate("SessionEscalation", "Send back because"),
            "said": translate("SessionEscalation", "Answer, or what is missing"),
        }
        boxes: dict[str, QWidget] = {**self.fields, "to": self.to, "due": self.due, "contact": self.contact}
        boxes |= {"reason": self.reason, "said": self.said}
        for name, text in texts.items():
            set_text(self._labels[name], text)
            boxes[name].setAccessibleName(text)
        words = self.desk.wording
        self.reason.fill([(one, words.text(f"return_reasons.{one}")) for one in ReturnReason])
        self.send.setText(translate("SessionEscalation", "Send the case"))
        self.answer.setText(translate("SessionEscalation", "Answered"))
        self.give_back.setText(translate("SessionEscalation", "Send back"))
        self.leave.setText(translate("SessionEscalation", "Close  Esc"))
        self._tell()

    def _show(self, view: SessionView, to: "tuple[Destination, ...]", stretches: tuple[Escalation, ...]) -> None:
        if self._view is not view:
            return
        last = stretches[-1] if stretches else None
        self._here = last if last is not None and last.state is EscalationState.ACCEPTED and not last.ended_at else None
        set_text(self.path, " → ".join(path(stretches)))
        words, translate = self.desk.wording, QCoreApplication.translate
        team = translate("SessionEscalation", "%1 — %2")
        self._to = to
        names = (team.replace("%2", words.text(f"duties.{one.duty}")).replace("%1", one.team.name) for one in to)
        self.to.fill(enumerate(names))
        self.to.set_value(0 if to else None)
        territory, now = view.content.customer.territory, self.desk.clock.now()
        days = days_to_offer(now, territory, self.desk.settings.extra_holidays)
        self.due.fill([(one, self._day(one, view)) for one in days])
        self.due.set_value(days[WORKING_DAYS - 1])
        self.contact.setText(self.desk.settings.agent_name)
        self._answering.setVisible(self._here is not None)
        self.answer.setVisible(self._here is not None)
        self.give_back.setVisible(self._here is not None)
        self._sending.setVisible(bool(to))
        self.send.setVisible(bool(to))
        self.send.setProperty("kind", "" if self._here is not None else "primary")
        self._tell()
        self.show()
        (self.said if self._here is not None else self.to).setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self) -> None:
        """Show what is said to the customer: a name, a promise and its date; or why no case can be sent."""
        translate = QCoreApplication.translate
        to, due, view = self._chosen(), self.due.value, self._view
        if to is None or due is None or view is None:
            nowhere = translate(
                "SessionEscalation", "No other team takes cases: an administrator sets what teams are for."
            )
            set_text(self.say, nowhere if self._here is None else "")
            self.saying.setVisible(bool(self.say.text()))
            self.written.hide()
            self.preview.set_text("")
            return
        said = translate("SessionEscalation", "“Your case goes to our %1 team. %2 will call you by %3.”")
        calls = to.duty not in TAKES_NO_CALLS
        hint = (
            ""
            if calls
            else " " + translate("SessionEscalation", "This team takes no calls: the promise is yours to keep.")
        )
        filled = said.replace("%1", to.team.name).replace("%2", self.contact.text()).replace("%3", self._day(due, view))
        set_text(self.say, filled + hint)
        self.saying.show()
        self._tell_written(view, to.team.name, self.contact.text(), due)

    def _tell_written(self, view: SessionView, team: str, contact: str, due: Any) -> None:
        """Show how the customer reads it, and an SMS as it will be sent, with its length."""
        customer, words = view.content.customer, self.desk.wording
        way = way_of(customer)
        address = {"address": customer.email.strip()} if way is Way.EMAIL else {}
        set_text(self.written, words.text(f"written.{way}", **address))
        self.written.show()
        if way is not Way.SMS:
            self.preview.set_text("")
            return
        self.preview.ask(self.desk, lambda ctx: late.preview_case(ctx, view.number, customer, team, contact, due))

    def _team(self) -> str:
        to = self._chosen()
        return to.team.name if to is not None else ""

    def _chosen(self) -> "Destination | None":
        place = self.to.value
        return self._to[place] if isinstance(place, int) else None

    def _day(self, due: Any, view: SessionView) -> str:
        there = local(due, view.content.customer.territory)
        return f"{format_day(there.date(), self.desk.language)}, {format_hour(there, self.desk.language)}"

    def _send(self) -> None:
        view, words = self._view, Words(*(self.fields[name].text() for name in FIELDS))
        if not words.shortened():
            self._miss(self.fields["tried"])
            return
        to, due, contact = self._chosen(), self.due.value, self.contact.text()
        if view is None or to is None or due is None:
            return
        told = late.load("agent_desk.actions.escalate_session:Told")(contact, due)
        self._do(lambda ctx, version: late.escalate_session(ctx, view.id, version, to, words, told), gone=True)

    def _answer(self) -> None:
        view, said = self._view, self.said.text()
        if not said.strip():
            self._miss(self.said)
        elif view is not None and self._here is not None:
            gone = self._here.duty in TAKES_NO_CALLS
            self._do(lambda ctx, version: late.answer_case(ctx, view.id, version, said), gone=gone)

    def _return(self) -> None:
        view, said, reason = self._view, self.said.text(), self.reason.value
        if view is not None and isinstance(reason, ReturnReason):
            self._do(lambda ctx, version: late.return_case(ctx, view.id, version, reason, said), gone=True)

    def _do(self, job: "Callable[[Context, int], SessionView]", *, gone: bool) -> None:
        """Have it done; `gone` where the session is another team's then."""
        self.acted.emit(job, gone)

    def _miss(self, field: QLineEdit) -> None:
        set_property(field, "fault", value=True)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _grid_of_sending(self) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        self.contact.setMaxLength(NAME_MAX)
        boxes: dict[str, QWidget] = {"to": self.to, "due": self.due, "contact": self.contact, **self.fields}
        for place, (name, box) in enumerate(boxes.items()):
            box.setObjectName(f"escalation_{name}")
            if name in FIELDS:
                self.fields[name].setMaxLength(FIELD_MAX)
            self._labels[name].setBuddy(box)
            row, column = divmod(place, 3)
            grid.addWidget(self._labels[name], 2 * row, column)
            grid.addWidget(box, 2 * row + 1, column)
            grid.setColumnStretch(column, 1)
        return made

    def _grid_of_answering(self) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        self.said.setMaxLength(ANSWER_MAX)
        self.said.setObjectName("escalation_said")
        for column, (name, box) in enumerate((("said", self.said), ("reason", self.reason))):
            self._labels[name].setBuddy(box)
            grid.addWidget(self._labels[name], 0, column)
            grid.addWidget(box, 1, column)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 1)
        return made
