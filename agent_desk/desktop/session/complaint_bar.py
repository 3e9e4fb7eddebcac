"""Complaints of the session on the screen: noted, answered, given more time, and taken to the next level."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from agent_desk import late
from agent_desk.actions.views import ComplaintsView, SessionView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.choice_box import ChoiceBox
from agent_desk.desktop.session.complaint_form import AnswerForm, MomentEdit, ReceiptForm
from agent_desk.desktop.session.matters import MatterBar
from agent_desk.desktop.widgets import Elided, button, label, line, on_click, set_text, typed_text
from agent_desk.formats import format_short_date, format_short_moment
from agent_desk.rules.complaint import Complaint, ComplaintChannel, ComplaintState
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local

if TYPE_CHECKING:
    from agent_desk.actions.context import Context

translate = QCoreApplication.translate
NEW = 0  # in place of a complaint's id


class ComplaintBar(MatterBar):
    """One complaint at a time, chosen at the top; the last one that is to be answered comes first."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._session: SessionView | None = None
        self._view: ComplaintsView | None = None
        self._title = label(role="strong")
        self.which = ChoiceBox()
        self.which.setObjectName("complaint_which")
        self.told = Elided(role="muted")
        self.receipt, self.answer = ReceiptForm(desk), AnswerForm(desk)
        self.reached = MomentEdit("complaint_reached")
        self.raise_it = button("", name="complaint_raise")
        self.next_level = line(self.reached, self.raise_it, None, spacing=10)
        self.keep = on_click(button("", name="complaint_keep"), self.close_bar)
        on_click(self.raise_it, self._raise)
        self.which.chosen.connect(lambda _id: self._show())
        self.receipt.confirmed.connect(self._record)
        self.receipt.changed.connect(self._preview)
        self.answer.answered.connect(self._answer)
        self.answer.moved.connect(self._move)
        self.answer.creditAsked.connect(lambda: self.asked.emit("credit"))
        head = QHBoxLayout()
        head.setSpacing(10)
        for widget in (self._title, self.which, self.told):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.keep)
        self.box.addLayout(head)
        for form in (self.receipt, self.answer, self.next_level):
            self.box.addWidget(form)
            form.hide()

    def open_for(self, view: SessionView) -> None:
        """Show the session's complaints, or the form of a new one where there is none."""
        self._session, self._view = view, None
        self.receipt.fill(view, self.desk.clock.now())
        self.which.fill([])
        self._show()
        self.show()
        self._look()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        set_text(self._title, translate("SessionComplaint", "Complaint"))
        self.which.setAccessibleName(self._title.text())
        self.keep.setText(translate("SessionComplaint", "Close"))
        self.reached.setAccessibleName(translate("SessionComplaint", "Reached on"))
        self.receipt.retranslate()
        self.answer.retranslate()
        self._list()

    def _look(self) -> None:
        session = self._session
        if session is None:
            return

        def found(view: ComplaintsView) -> None:
            if self._session is session:
                self._view = view
                self._list()

        self.desk.run(lambda ctx: late.look_at_complaints(ctx, session.id), found, self.desk.report, owner=self)

    def _list(self) -> None:
        view = self._view
        if view is None:
            return
        before = self.which.value
        names: list[tuple[object, str]] = [(one.id, self._name(one)) for one in reversed(view.complaints)]
        self.which.fill([*names, (NEW, translate("SessionComplaint", "New complaint"))])
        waiting = [one.id for one in view.complaints if one.state is ComplaintState.OPEN]
        kept = before if before and before in [one.id for one in view.complaints] else None
        self.which.set_value(kept or next(reversed(waiting), names[0][0] if names else NEW))
        self._show()

    def _name(self, one: Complaint) -> str:
        words, territory = self.desk.wording, self._territory()
        day = format_short_date(local(one.received_at, territory).date(), self.desk.language)
        return (
            f"{day} · {words.text(f'complaint_channels.{one.channel}')} · {words.text(f'complaint_states.{one.state}')}"
        )

    def _show(self) -> None:
        one, view = self._chosen(), self._view
        is_new = view is not None and one is None
        self.receipt.setVisible(is_new)
        self.answer.setVisible(one is not None and one.state is ComplaintState.OPEN)
        self.next_level.setVisible(False)
        self.told.set_whole("" if one is None else self._said(one))
        if is_new:
            self._preview()
            self.receipt.channel.setFocus(Qt.FocusReason.OtherFocusReason)
        if one is None or view is None:
            return
        if one.state is ComplaintState.OPEN:
            self.answer.fill(one, view.answers[one.id], view.remedies[one.id], self._territory())
            self.answer.answer.setFocus(Qt.FocusReason.OtherFocusReason)
        elif (level := view.following[one.id]) is not None:
            name = self.desk.wording.text(f"complaint_levels.{level}")
            self.raise_it.setText(translate("SessionComplaint", "The customer turns to the %1").replace("%1", name))
            self.reached.show_moment(view.now, self._territory())
            self.next_level.show()

    def _said(self, one: Complaint) -> str:
        words = self.desk.wording
        due = format_short_moment(local(one.due_at, self._territory()), self.desk.language)
        parts = [words.text(f"complaint_levels.{one.level}")]
        if one.state is ComplaintState.OPEN:
            parts.append(translate("SessionComplaint", "answer by %1").replace("%1", due))
        return " · ".join(part for part in (*parts, one.reason, one.text) if part)

    def _record(self) -> None:
        session, form = self._session, self.receipt
        channel, at, said, lines = form.channel.value, form.received.moment(), form.said(), form.contested()
        if session is not None and isinstance(channel, ComplaintChannel):
            self._do(lambda ctx: late.record_complaint(ctx, session.id, channel, at, said, lines))

    def _preview(self) -> None:
        """Show the SMS that acknowledges receipt, where one will."""
        session, channel, at = self._session, self.receipt.channel.value, self.receipt.received.moment()
        if session is not None and isinstance(channel, ComplaintChannel) and not self.receipt.isHidden():
            self.receipt.preview.ask(self.desk, lambda ctx: late.preview_complaint(ctx, session.id, channel, at))

    def _answer(self) -> None:
        one, form = self._chosen(), self.answer
        outcome, answer, reason = form.outcome.value, typed_text(form.answer), form.reason.text()
        if one is not None and isinstance(outcome, ComplaintState):
            self._do(lambda ctx: late.answer_complaint(ctx, one.id, one.version, outcome, answer, reason))

    def _move(self) -> None:
        one, due, reason = self._chosen(), self.answer.due.moment(), self.answer.reason.text()
        if one is not None:
            self._do(lambda ctx: late.move_complaint(ctx, one.id, one.version, due, reason))

    def _raise(self) -> None:
        one, reached, view = self._chosen(), self.reached.moment(), self._view
        if one is not None and view is not None:
            # To the minute: who turns to somebody in the minute of an answer has read it.
            after = max(reached, min(one.answered_at or reached, view.now))
            self._do(lambda ctx: late.raise_complaint(ctx, one.id, one.version, after))

    def _do(self, job: "Callable[[Context], Complaint]") -> None:
        self.desk.run(job, self._done, self.desk.report, owner=self)

    def _done(self, one: Complaint) -> None:
        self.desk.sessionChanged.emit(one.session_id)
        self.desk.mailsChanged.emit()
        self.desk.promisesChanged.emit()
        session = self._session
        if session is not None and session.id == one.session_id:
            self.receipt.fill(session, self.desk.clock.now())
            self.which.fill([(one.id, "")])
            self.which.set_value(one.id)
            self._look()

    def _chosen(self) -> Complaint | None:
        view = self._view
        return None if view is None else next((one for one in view.complaints if one.id == self.which.value), None)

    def _territory(self) -> Territory:
        assert self._session is not None  # noqa: S101 - shown for a session only
        return self._session.content.customer.territory
