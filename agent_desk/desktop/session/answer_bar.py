"""News promised to the customer of the session on the screen: told, put off to another day, or no longer to be given."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from agent_desk import late
from agent_desk.actions.views import SessionView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.promise_card import promise_clock
from agent_desk.desktop.session.choice_box import ChoiceBox
from agent_desk.desktop.session.matters import MatterBar
from agent_desk.desktop.widgets import Elided, button, label, line, on_click, set_property, set_text
from agent_desk.formats import format_day, format_hour
from agent_desk.rules.escalation import days_to_offer
from agent_desk.rules.promise import REASON_MAX, Promise, PromiseKind
from agent_desk.rules.territories import local

if TYPE_CHECKING:
    from agent_desk.actions.context import Context


class AnswerBar(MatterBar):
    """The promise due first, and the three ways it may end; two of them ask for a reason."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._view: SessionView | None = None
        self.promise: Promise | None = None
        self.title, self.what = label(role="strong"), Elided(role="muted")
        self.due, self.reason = ChoiceBox(), QLineEdit()
        self.due.setObjectName("answer_due")
        self.reason.setObjectName("answer_reason")
        self.reason.setMaxLength(REASON_MAX)
        self._labels = (label(), label())
        for one, field in zip(self._labels, (self.due, self.reason), strict=True):
            one.setBuddy(field)
        self.told = on_click(button("", "primary", name="answer_told"), lambda: self._end("promise_kept"))
        self.later = on_click(button("", name="answer_later"), self._put_off)
        self.drop = on_click(button("", name="answer_drop"), self._drop)
        self.leave = on_click(button("", name="answer_leave"), self.close_bar)
        self.box.addWidget(line(self.title, self.what, None))
        self.box.addWidget(line(self._labels[0], self.due, self._labels[1], self.reason))
        self.box.addWidget(line(None, self.leave, self.drop, self.later, self.told))

    def open_for(self, view: SessionView) -> None:
        """Look for what was promised, then ask; where nothing is, say so."""
        self._view, self.promise = view, None
        self.reason.clear()
        set_property(self.reason, "fault", value=False)
        self.desk.run(
            lambda ctx: late.look_at_promises(ctx, view.id), lambda found: self._show(view, found), owner=self
        )

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        translate = QCoreApplication.translate
        set_text(self.title, translate("SessionAnswer", "News promised"))
        for one, field, text in (
            (self._labels[0], self.due, translate("SessionAnswer", "Another day")),
            (self._labels[1], self.reason, translate("SessionAnswer", "Reason")),
        ):
            set_text(one, text)
            field.setAccessibleName(text)
        self.told.setText(translate("SessionAnswer", "The customer was told"))
        self.later.setText(translate("SessionAnswer", "Promise that day instead"))
        self.drop.setText(translate("SessionAnswer", "No longer to be given"))
        self.leave.setText(translate("SessionAnswer", "Close  Esc"))
        self._tell()

    def _show(self, view: SessionView, found: tuple[Promise, ...]) -> None:
        if self._view is not view:
            return
        waiting = [one for one in found if one.kind is PromiseKind.ANSWER and one.ended_at is None]
        self.promise = min(waiting, key=lambda one: one.due_at, default=None)
        territory, now = view.content.customer.territory, self.desk.clock.now()
        days = [local(one, territory) for one in days_to_offer(now, territory, self.desk.settings.extra_holidays)]
        language = self.desk.language
        self.due.fill([(one, f"{format_day(one.date(), language)}, {format_hour(one, language)}") for one in days])
        self.due.set_value(days[0])
        for widget in (self.told, self.later, self.drop, self.due, self.reason, *self._labels):
            widget.setVisible(self.promise is not None)
        self._tell()
        self.show()
        (self.told if self.promise is not None else self.leave).setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self) -> None:
        one = self.promise
        if one is None:
            self.what.set_whole(QCoreApplication.translate("SessionAnswer", "No news are promised in this session."))
            return
        parts = (one.subject, promise_clock(self.desk, one, self.desk.clock.now()), one.person)
        self.what.set_whole(" · ".join(part for part in parts if part))

    def _put_off(self) -> None:
        one, due, reason = self.promise, self.due.value, self.reason.text()
        if one is not None and isinstance(due, datetime) and self._has_reason():
            self._do(lambda ctx: late.put_off_promise(ctx, one.id, one.version, due, reason))

    def _drop(self) -> None:
        if self._has_reason():
            self._end("promise_cancelled")

    def _end(self, event: str) -> None:
        one, reason = self.promise, self.reason.text()
        if one is not None:
            self._do(lambda ctx: late.step_promise(ctx, one.id, one.version, event, reason))

    def _has_reason(self) -> bool:
        given = bool(self.reason.text().strip())
        set_property(self.reason, "fault", value=not given)
        if not given:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        return given

    def _do(self, job: "Callable[[Context], object]") -> None:
        """Have it done; the bar stays with what was typed where it is refused."""
        self.desk.run(job, lambda _done: self._done(), owner=self)

    def _done(self) -> None:
        self.close_bar()
        self.desk.promisesChanged.emit()
