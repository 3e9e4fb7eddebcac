"""A technician's visit, inline: when, for how much and within which ceiling, what to say, and the SMS the customer will get."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDateTime, QSignalBlocker, Qt, QTimeZone
from PySide6.QtWidgets import QCheckBox, QDateTimeEdit, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from agent_desk import late
from agent_desk.actions.views import SessionView
from agent_desk.actions.visit_views import VisitSheet
from agent_desk.desktop.boxes import Notice
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.choice_box import ChoiceBox
from agent_desk.desktop.session.matters import MatterBar
from agent_desk.desktop.session.sms_preview import SmsPreview
from agent_desk.desktop.session.visit_words import act_names, field_names, sheet_told, terms_told, to_say
from agent_desk.desktop.widgets import button, label, line, on_click, set_property, set_text
from agent_desk.formats import format_cents
from agent_desk.rules.credit import cents_of
from agent_desk.rules.promise import REASON_MAX
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import ZONE
from agent_desk.rules.visit import Plan, Visit, VisitFault, VisitState, Window, fee_fault, window_fault

if TYPE_CHECKING:
    from agent_desk.actions.context import Context

HOURS = (1, 2, 3, 4)
FEE_MAX = 9
translate = QCoreApplication.translate


class VisitBar(MatterBar):
    """Books a visit, or moves, ends and calls off the one that is booked; says beforehand whether it may be."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._of = 0
        self._sheet: VisitSheet | None = None
        self._title, self._terms = label(role="strong"), label(role="muted", wrap=True)
        self.state, self.trouble = label(wrap=True), Notice()
        self.begins, self.hours, self.territory = QDateTimeEdit(), ChoiceBox(), ChoiceBox()
        self.fee, self.reason = QLineEdit(), QLineEdit()
        self.weather, self.wish, self.again = QCheckBox(), QCheckBox(), QCheckBox()
        self.say, self.preview = label(wrap=True), SmsPreview()
        self._fields: dict[str, QWidget] = {
            "begins": self.begins,
            "hours": self.hours,
            "fee": self.fee,
            "territory": self.territory,
            "reason": self.reason,
        }
        self._labels = {name: label() for name in self._fields}
        acts: dict[str, Callable[[], None]] = {
            "done": self._finish,
            "not_done": lambda: self._give_up(VisitState.NOT_DONE),
            "cancelled": lambda: self._give_up(VisitState.CANCELLED),
            "close": self.close_bar,
            "moved": self._move,
            "booked": self._book,
        }
        self.acts = {name: on_click(button("", name=f"visit_{name}"), act) for name, act in acts.items()}
        for name in ("moved", "booked"):
            set_property(self.acts[name], "kind", "primary")
        self._lay_out()

    def open_for(self, view: SessionView) -> None:
        """Ask when a technician comes, or show when that is."""
        self._of, self._sheet = view.id, None
        self.trouble.tell("")
        self._look(fill=True)

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        set_text(self._title, self.desk.wording.text("outcomes.home_visit"))
        for name, text in field_names().items():
            set_text(self._labels[name], text)
            self._fields[name].setAccessibleName(text)
        for name, text in act_names().items():
            self.acts[name].setText(text)
        self.begins.setDisplayFormat(translate("SessionClosing", "ddd d MMM yyyy, HH:mm", "date format"))
        self.hours.fill([(count, translate("SessionVisit", "%1 h").replace("%1", str(count))) for count in HOURS])
        self.territory.fill([(one, self.desk.wording.text(f"territories.{one}")) for one in Territory])
        self.weather.setText(translate("SessionVisit", "Severe weather"))
        self.wish.setText(translate("SessionVisit", "At the customer’s wish"))
        self.again.setText(translate("SessionVisit", "The customer was told this price and agrees"))
        if self.isVisible():  # else it is told when it is opened
            self._tell()

    @property
    def _booked(self) -> Visit | None:
        return self._sheet.booked if self._sheet is not None else None

    def _look(self, *, fill: bool) -> None:
        of = self._of

        def take(found: VisitSheet) -> None:
            if found.session_id == self._of:
                self._sheet = found
                if fill:
                    self._fill(found)
                self._tell()

        self.desk.run(lambda ctx: late.look_at_visit(ctx, of), take, self._fail, owner=self, queue=of)

    def _fill(self, sheet: VisitSheet) -> None:
        """Begin with what is booked, else with the day noted at closing, else with the next morning; and the ceiling."""
        booked = sheet.booked
        territory = booked.terms.territory if booked else sheet.customer.territory
        begins = booked.window.begins if booked else sheet.wished_at or sheet.first.begins
        fee = booked.fee_cents if booked else sheet.terms[territory].ceiling_cents
        zone = QTimeZone(ZONE[territory].encode())
        with QSignalBlocker(self.begins), QSignalBlocker(self.fee):
            self.begins.setTimeZone(zone)
            self.begins.setDateTime(QDateTime.fromSecsSinceEpoch(int(begins.timestamp()), zone))
            self.fee.setText(f"{fee // 100},{fee % 100:02d}")
        self.hours.set_value(_hours(booked) if booked else 2)
        self.territory.set_value(territory)
        self.weather.setChecked(booked.severe_weather if booked else False)
        self.wish.setChecked(False)
        self.again.setChecked(False)
        self.reason.clear()
        self.show()
        (self.begins if sheet.done is None else self.acts["close"]).setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_there(self, territory: object) -> None:
        """Keep day and hour as they are on the wall of another territory."""
        if isinstance(territory, Territory):
            shown, zone = self.begins.dateTime(), QTimeZone(ZONE[territory].encode())
            with QSignalBlocker(self.begins):
                self.begins.setTimeZone(zone)
                self.begins.setDateTime(QDateTime(shown.date(), shown.time(), zone))
        self._tell()

    def _plan(self) -> Plan | None:
        """Return what is proposed, None while the price is none."""
        cents, territory, hours = cents_of(self.fee.text()), self.territory.value, self.hours.value
        if cents is None or not isinstance(territory, Territory) or not isinstance(hours, int):
            return None
        begins = datetime.fromtimestamp(self.begins.dateTime().toSecsSinceEpoch(), UTC)
        return Plan(Window(begins, begins + timedelta(hours=hours)), territory, cents, self.weather.isChecked())

    def _fault(self, plan: Plan | None, sheet: VisitSheet) -> str:
        if plan is None:
            return VisitFault.FEE
        days = self.desk.settings.extra_holidays
        terms = sheet.terms[plan.territory]
        return fee_fault(plan.fee_cents, terms) or window_fault(plan.window, sheet.now, plan.territory, days) or ""

    def _tell(self) -> None:
        """Say at each change what holds, what may not be, and what the customer will read."""
        sheet, plan = self._sheet, self._plan()
        if sheet is None or not isinstance(self.territory.value, Territory):
            return
        terms, words = sheet.terms[self.territory.value], self.desk.wording
        booked, ends = sheet.booked, sheet.done is not None
        rests, fault = ends or self._is_as_booked(plan), self._fault(plan, sheet)
        proposed = None if rests or fault else plan
        price = plan is not None and booked is not None and not _same_price(plan, booked)
        set_text(self._terms, terms_told(words, terms))
        set_text(self.state, sheet_told(words, sheet))
        set_property(self.fee, "fault", fault in (VisitFault.FEE, VisitFault.FEE_HIGH))
        set_text(self.say, "" if proposed is None else to_say(words, proposed, terms))
        asked = dict.fromkeys(self._fields, not ends) | {"territory": booked is not None, "reason": _has_one(sheet)}
        for name, seen in asked.items():
            self._labels[name].setVisible(seen)
            self._fields[name].setVisible(seen)
        self.say.setVisible(proposed is not None)
        self.weather.setVisible(not ends)
        self.wish.setVisible(booked is not None)
        self.again.setVisible(price)
        self._offer(sheet, sendable=proposed is not None, price=price)
        ceiling = format_cents(terms.ceiling_cents, words.language)
        self.trouble.tell("" if rests or not fault else words.text(f"errors.{fault}", ceiling=ceiling))
        self._preview(sheet, proposed)

    def _is_as_booked(self, plan: Plan | None) -> bool:
        """Tell whether the form shows the visit that is booked, so that nothing is proposed yet."""
        booked = self._booked
        if plan is None or booked is None or plan.window.begins != booked.window.begins:
            return False
        return self.hours.value == _hours(booked) and _same_price(plan, booked)

    def _offer(self, sheet: VisitSheet, *, sendable: bool, price: bool) -> None:
        booked, begun = sheet.booked, sheet.booked is not None and sheet.now >= sheet.booked.window.begins
        offered = {
            "booked": booked is None and sheet.done is None,
            "moved": booked is not None,
            "cancelled": _has_one(sheet),
            "not_done": begun,
            "done": begun,
        }
        for name, seen in offered.items():
            self.acts[name].setVisible(seen)
        self.acts["booked"].setEnabled(sendable)
        why = bool(self.reason.text().strip())
        self.acts["moved"].setEnabled(sendable and why and (self.again.isChecked() or not price))
        for name in ("cancelled", "not_done"):
            self.acts[name].setEnabled(why)

    def _preview(self, sheet: VisitSheet, plan: Plan | None) -> None:
        if plan is None or not sheet.mobile:
            self.preview.set_text("")
            return
        kind = "visit_booked" if sheet.booked is None else "visit_moved"
        terms, language = sheet.terms[plan.territory], sheet.customer.language
        self.preview.ask(self.desk, lambda ctx: late.preview_visit(ctx, sheet.number, language, kind, plan, terms))

    def _book(self) -> None:
        of, plan = self._of, self._plan()
        if plan is not None:
            self._do(lambda ctx: late.book_visit(ctx, of, plan))

    def _move(self) -> None:
        of, plan, booked = self._of, self._plan(), self._booked
        if plan is not None and booked is not None:
            why, said = self.reason.text(), {"accepted": self.again.isChecked(), "customer_wish": self.wish.isChecked()}
            self._do(lambda ctx: late.move_visit(ctx, of, booked.id, plan, why, **said))

    def _give_up(self, state: VisitState) -> None:
        of, visit, why = self._of, self._booked.id if self._booked else 0, self.reason.text()
        said = {"severe_weather": self.weather.isChecked(), "customer_wish": self.wish.isChecked()}
        self._do(lambda ctx: late.give_up_visit(ctx, of, visit, state, why, **said))

    def _finish(self) -> None:
        of, booked = self._of, self._booked
        if booked is not None:
            self._do(lambda ctx: late.finish_visit(ctx, of, booked.id))

    def _do(self, job: "Callable[[Context], object]") -> None:
        for act in self.acts.values():
            act.setEnabled(act is self.acts["close"])
        self.desk.run(job, lambda _done: self._did(), self._fail, owner=self, queue=self._of)

    def _did(self) -> None:
        self.acts["done"].setEnabled(True)
        self.desk.sessionChanged.emit(self._of)
        self.desk.mailsChanged.emit()
        self.desk.promisesChanged.emit()
        self._look(fill=True)

    def _fail(self, error: BaseException) -> None:
        self.acts["done"].setEnabled(True)
        self._look(fill=False)
        self.desk.report(error)

    def _lay_out(self) -> None:
        self.fee.setMaxLength(FEE_MAX)
        self.fee.setMaximumWidth(110)
        self.reason.setMaxLength(REASON_MAX)
        self.begins.setCalendarPopup(True)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._terms, 1)
        self.box.addLayout(head)
        self.box.addWidget(self.state)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        for place, (name, field) in enumerate(self._fields.items()):
            field.setObjectName(f"visit_{name}")
            self._labels[name].setBuddy(field)
            grid.addWidget(self._labels[name], 0, place)
            grid.addWidget(field, 1, place)
        grid.setColumnStretch(len(self._fields) - 1, 1)
        self.box.addLayout(grid)
        self.weather.setObjectName("visit_weather")
        self.again.setObjectName("visit_again")
        self.wish.setObjectName("visit_wish")
        self.box.addWidget(line(self.weather, self.wish, self.again, None))
        self.box.addWidget(self.trouble)
        self.box.addWidget(self.say)
        self.box.addWidget(self.preview)
        self.box.addWidget(line(None, *self.acts.values()))
        self.begins.dateTimeChanged.connect(lambda _at: self._tell())
        self.hours.chosen.connect(lambda _value: self._tell())
        self.territory.chosen.connect(self._go_there)
        self.weather.toggled.connect(lambda _on: self._tell())
        self.again.toggled.connect(lambda _on: self._tell())
        self.fee.textChanged.connect(lambda _text: self._tell())
        self.reason.textChanged.connect(lambda _text: self._tell())


def _has_one(sheet: VisitSheet) -> bool:
    """Tell whether there is a visit to give up: booked, to be booked, or to be made good."""
    return sheet.booked is not None or sheet.book_by is not None or bool(sheet.failed)


def _hours(booked: Visit) -> int:
    return max(1, round((booked.window.ends - booked.window.begins) / timedelta(hours=1)))


def _same_price(plan: Plan, booked: Visit) -> bool:
    return (plan.fee_cents, plan.territory) == (booked.fee_cents, booked.terms.territory)
