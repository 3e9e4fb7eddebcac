"""Calling back at an agreed hour, inline: by when and why, free time, what is booked, and each attempt with its end."""

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from agent_desk import late
from agent_desk.actions.errors import Refusal
from agent_desk.actions.views import SessionView
from agent_desk.counted_days import counted_days
from agent_desk.desktop.boxes import Notice
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.call_back_words import call_chips, call_title, said_when
from agent_desk.desktop.session.matters import MatterBar
from agent_desk.desktop.session.slot_picker import SlotPicker
from agent_desk.desktop.session.sms_preview import SmsPreview
from agent_desk.desktop.widgets import ChipRow, button, label, on_click, set_property, set_text
from agent_desk.rules.appointment import Appointment, CallEnd, Wish

if TYPE_CHECKING:
    from agent_desk.actions.context import Context
    from agent_desk.actions.look_at_slots import Slots

ENDS = {CallEnd.REACHED: "call_reached", CallEnd.NO_ANSWER: "call_no_answer", CallEnd.CUT_OFF: "call_cut_off"}


class Mode(IntEnum):
    """What the bar asks."""

    BOOK = 0
    BOOKED = 1
    MOVE = 2
    CANCEL = 3


MAILS = {Mode.BOOK: "appointment", Mode.MOVE: "appointment_moved", Mode.CANCEL: "appointment_cancelled"}


class CallBackBar(MatterBar):
    """Stands above the footer; letters log an attempt, Enter books, Esc goes back one question."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._found: Slots | None = None
        self._of = 0
        self._mode = Mode.BOOK
        self._busy = False
        self.title, self.limit, self.days = label(role="strong"), label(role="muted"), label(role="muted", wrap=True)
        self.chips, self.trouble = ChipRow(), Notice()
        self.days.setObjectName("call_back_days")
        self.picker = SlotPicker(desk)
        self.preview = SmsPreview()
        self.reason = QLineEdit()
        self.reason.setObjectName("call_back_reason")
        self.reason.setMaxLength(200)
        self.reason_label = label()
        self.reason_label.setBuddy(self.reason)
        self.ends = {end: on_click(button(name=name), self._logs(end)) for end, name in ENDS.items()}
        self.move_button = on_click(button(name="call_back_move"), lambda: self._ask(Mode.MOVE))
        self.cancel_button = on_click(button(name="call_back_cancel"), lambda: self._ask(Mode.CANCEL))
        self.confirm = on_click(button("", "primary", name="call_back_confirm"), self._confirm)
        self.keep = on_click(button(name="call_back_close"), self.close_bar)
        self._lay_out()
        self.picker.wanted.connect(self._confirm)
        self.reason.returnPressed.connect(self._confirm)
        self.reason.textChanged.connect(lambda _text: self._preview())
        self.picker.hours.currentRowChanged.connect(lambda _row: self._preview())

    def open_for(self, view: SessionView) -> None:
        """Ask when the customer can be called back, or show when that will be."""
        self._of, self._found = view.id, None
        self.trouble.tell("")
        self.reason.clear()
        self.picker.beyond.clear()
        self._look()

    def close_bar(self) -> None:
        """Go back to what is booked, or away."""
        if self._mode in (Mode.MOVE, Mode.CANCEL) and not self.isHidden() and self._found is not None:
            self._ask(Mode.BOOKED)
        else:
            super().close_bar()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        translate, words = QCoreApplication.translate, self.desk.wording
        keys = {
            CallEnd.REACHED: translate("SessionCallBack", "R", "key of: customer reached"),
            CallEnd.NO_ANSWER: translate("SessionCallBack", "N", "key of: no answer"),
            CallEnd.CUT_OFF: translate("SessionCallBack", "C", "key of: cut off"),
        }
        self._keys = {key.casefold(): end for end, key in keys.items()}
        for end, made in self.ends.items():
            text = words.text(f"call_ends.{end}")
            made.setText(f"{text[:1].upper()}{text[1:]}   {keys[end]}")
        self.move_button.setText(translate("SessionCallBack", "Move…"))
        self.cancel_button.setText(translate("SessionCallBack", "Call off…"))
        set_text(self.reason_label, translate("SessionCallBack", "Reason, which the customer reads"))
        self.reason.setAccessibleName(self.reason_label.text())
        self.keep.setText(translate("SessionCallBack", "Close"))
        self.picker.retranslate()
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Log an attempt by its letter, as long as nothing is typed."""
        end = self._keys.get(event.text().casefold())
        if self._mode is Mode.BOOKED and end is not None and self._booked is not None and self._may_act:
            self._logs(end)()
        else:
            super().keyPressEvent(event)

    @property
    def _booked(self) -> Appointment | None:
        return self._found.booked if self._found is not None else None

    @property
    def _may_act(self) -> bool:
        return self._found is not None and self._found.may_act

    def _look(self) -> None:
        of = self._of
        self.desk.run(lambda ctx: late.look_at_slots(ctx, of), self._take, self._fail, owner=self, queue=of)

    def _take(self, found: "Slots") -> None:
        if found.session_id != self._of:
            return
        self._found = found
        self.picker.show_slots(found)
        self._ask(Mode.BOOKED if found.booked is not None else Mode.BOOK)

    def _fail(self, error: BaseException) -> None:
        self._busy = False
        self.trouble.tell(self.desk.sentence(error), "bad")
        if isinstance(error, Refusal) and error.code.startswith(("slot_", "appointment_", "promise_")):
            self._look()  # what is free, or booked, is otherwise by now

    def _ask(self, mode: Mode) -> None:
        self._mode = mode
        self._show()
        self.show()
        booked = self._booked
        if mode is Mode.MOVE and booked is not None and self._found is not None:
            self.picker.show_slots(self._found)
        first = {
            Mode.BOOK: self.picker.hours,
            Mode.BOOKED: self.ends[CallEnd.REACHED] if self._may_act else self.keep,
            Mode.MOVE: self.picker.hours,
            Mode.CANCEL: self.reason,
        }[mode]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        found, translate = self._found, QCoreApplication.translate
        if found is None:
            return
        booked, mode, words = found.booked, self._mode, self.desk.wording
        title = translate("SessionCallBack", "Agree a call-back")
        if booked is not None:
            title = call_title(words, found, booked)
        set_text(self.title, title)
        set_text(self.limit, words.text("counted_days.until", limit=said_when(words, found, found.limit)))
        set_text(self.days, " · ".join(counted_days(found.counted, words)))
        self.chips.set_chips(call_chips(self.desk.wording, found))
        picks = mode in (Mode.BOOK, Mode.MOVE)
        self.picker.setVisible(picks)
        for asked in (self.reason, self.reason_label):
            asked.setVisible(mode in (Mode.MOVE, Mode.CANCEL))
        for widget in (*self.ends.values(), self.move_button, self.cancel_button):
            widget.setVisible(mode is Mode.BOOKED and found.may_act)
        self.confirm.setVisible(mode in (Mode.MOVE, Mode.CANCEL) or (mode is Mode.BOOK and found.may_book))
        self.confirm.setText(
            {
                Mode.BOOK: translate("SessionCallBack", "Agree this time"),
                Mode.MOVE: translate("SessionCallBack", "Move the call-back"),
                Mode.CANCEL: translate("SessionCallBack", "Call the call-back off"),
            }.get(mode, "")
        )
        self._preview()

    def _preview(self) -> None:
        """Show the SMS the customer will get by what is asked; moved to another agent only, they get none."""
        found, slot, booked, of = self._found, self.picker.slot, self._booked, self._of
        span = (slot.starts_at, slot.ends_at) if slot is not None else None
        if self._mode is Mode.CANCEL and booked is not None:
            span = (booked.starts_at, booked.ends_at)
        same = self._mode is Mode.MOVE and booked is not None and span is not None and span[0] == booked.starts_at
        if found is None or self._mode not in MAILS or span is None or same:
            self.preview.set_text("")
            return
        kind, (begins, ends), why = MAILS[self._mode], span, self.reason.text()
        self.preview.ask(self.desk, lambda ctx: late.preview_call_back(ctx, of, kind, begins, ends, why))

    def _confirm(self) -> None:
        slot, why, booked = self.picker.slot, self.picker.beyond.text(), self._booked
        reason, person = self.reason.text(), self.picker.person_id
        if self.confirm.isHidden():
            return
        if self._mode is not Mode.CANCEL:
            if slot is None:
                return
            if slot.late and not why.strip():
                self._demand(self.picker.beyond)
                return
        if self._mode is not Mode.BOOK and not reason.strip():
            self._demand(self.reason)
            return
        if self._mode is Mode.BOOK and slot is not None:
            wish = Wish(slot.starts_at, person, why)
            if self.stands_in is not None:
                self.stands_in.flow.hang_up()
            self._do(lambda ctx, of: late.book_appointment(ctx, of, wish), self._leave)
        elif self._mode is Mode.MOVE and slot is not None and booked is not None:
            wish = Wish(slot.starts_at, person, why)
            self._do(lambda ctx, _of: late.move_appointment(ctx, booked.id, booked.version, wish, reason), self._look)
        elif self._mode is Mode.CANCEL and booked is not None:
            self._do(lambda ctx, _of: late.cancel_appointment(ctx, booked.id, booked.version, reason), self._look)

    def _demand(self, field: QLineEdit) -> None:
        set_property(field, "fault", value=True)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _logs(self, end: CallEnd) -> Callable[[], None]:
        def log() -> None:
            booked = self._booked
            if booked is not None:
                after = {CallEnd.REACHED: super(CallBackBar, self).close_bar, CallEnd.NO_ANSWER: self._rest}
                then = after.get(end, self._look)
                self._do(lambda ctx, _of: late.log_attempt(ctx, booked.id, booked.version, end), then)

        return log

    def _do(self, work: "Callable[[Context, int], object]", then: Callable[[], None]) -> None:
        """Let something happen once what was typed is saved, and go on from what the session is then."""
        screen, of = self.stands_in, self._of
        if self._busy or screen is None or screen.editor is None or screen.editor.view.id != of:
            return
        self._busy = True
        for field in (self.reason, self.picker.beyond):
            set_property(field, "fault", value=False)

        def done(_view: object) -> None:
            self._busy = False
            self.trouble.tell("")
            self.reason.clear()
            self.picker.beyond.clear()
            self.desk.sessionChanged.emit(of)
            self.desk.promisesChanged.emit()
            then()

        def make(_view: SessionView) -> "Callable[[Context], SessionView]":
            def job(ctx: "Context") -> SessionView:
                work(ctx, of)
                view: SessionView = late.load_session(ctx, of)
                return view

            return job

        screen.editor.act(make, done, self._fail)

    def _leave(self) -> None:
        """The customer hangs up: the session rests until the call."""
        self._told_away(QCoreApplication.translate("SessionCallBack", "Call-back agreed; the session is put aside."))

    def _rest(self) -> None:
        self._told_away(QCoreApplication.translate("SessionCallBack", "No answer noted; the session is put aside."))

    def _told_away(self, sentence: str) -> None:
        super().close_bar()
        self.desk.screenRequested.emit("today")
        self.desk.told.emit(sentence)

    def _lay_out(self) -> None:
        self.setObjectName("call_back_bar")
        head, ask, foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (head, ask, foot):
            row.setSpacing(10)
        for widget in (self.title, self.chips):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.limit)
        ask.addWidget(self.reason_label)
        ask.addWidget(self.reason, 1)
        for made in self.ends.values():
            foot.addWidget(made)
        foot.addStretch(1)
        for made in (self.move_button, self.cancel_button, self.keep, self.confirm):
            foot.addWidget(made)
        self.box.addLayout(head)
        self.box.addWidget(self.days)
        self.box.addWidget(self.trouble)
        self.box.addWidget(self.picker)
        self.box.addLayout(ask)
        self.box.addWidget(self.preview)
        self.box.addLayout(foot)
