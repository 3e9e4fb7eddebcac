"""Goodwill credits of the session on the screen: what was given, how much more may be, and a second person's decision."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from agent_desk import late
from agent_desk.actions.views import CreditsView, SessionView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.matters import MatterBar
from agent_desk.desktop.widgets import (
    Elided,
    button,
    clear_layout,
    column,
    label,
    line,
    on_click,
    set_property,
    set_text,
)
from agent_desk.formats import format_cents
from agent_desk.rules.credit import REASON_MAX, Credit, CreditState, cents_of, is_amount, needs_second

AMOUNT_MAX = 12
MOST_ROWS = 5  # what waits for a decision comes last, and is never left out for others
translate = QCoreApplication.translate
TONES = {CreditState.GRANTED: "ok", CreditState.PROPOSED: "warn", CreditState.REFUSED: ""}


class CreditBar(MatterBar):
    """Amount and reason, with the sums of the month and the limit beside them while somebody types."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._session: SessionView | None = None
        self._view: CreditsView | None = None
        self._title, self.sums = label(role="strong"), label(role="muted", wrap=True)
        self._rows = column(spacing=4)
        self.amount, self.reason = QLineEdit(), QLineEdit()
        self._labels = (label(), label())
        self.verdict = label(role="muted", wrap=True)
        self.confirm = on_click(button("", "primary", name="credit_confirm"), self._give)
        self.keep = on_click(button("", name="credit_keep"), self.close_bar)
        for field, name, longest in (
            (self.amount, "credit_amount", AMOUNT_MAX),
            (self.reason, "credit_reason", REASON_MAX),
        ):
            field.setObjectName(name)
            field.setMaxLength(longest)
            field.textChanged.connect(lambda _text: self._tell())
        self.amount.returnPressed.connect(lambda: self.reason.setFocus(Qt.FocusReason.TabFocusReason))
        self.reason.returnPressed.connect(lambda: self.confirm.setFocus(Qt.FocusReason.TabFocusReason))
        self._lay_out()

    def open_for(self, view: SessionView) -> None:
        """Ask how much this customer is credited; what was typed for another session is forgotten."""
        self._session, self._view = view, None
        for field in (self.amount, self.reason):
            field.clear()
        self._fill()
        self.show()
        self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        set_text(self._title, translate("SessionCredit", "Goodwill credit"))
        for one, field, text in (
            (self._labels[0], self.amount, translate("SessionCredit", "Amount including VAT, in euros")),
            (self._labels[1], self.reason, translate("SessionCredit", "Reason, which the customer will read")),
        ):
            set_text(one, text)
            field.setAccessibleName(text)
        self.keep.setText(translate("SessionCredit", "Close"))
        self._fill()

    def _look(self) -> None:
        session = self._session
        if session is None:
            return

        def found(view: CreditsView) -> None:
            if self._session is session:
                self._view = view
                self._fill()

        self.desk.run(lambda ctx: late.look_at_credits(ctx, session.id), found, self._failed, owner=self)

    def _fill(self) -> None:
        view, rows = self._view, self._rows.layout()
        assert rows is not None  # noqa: S101 - `column` makes it
        clear_layout(rows)
        self._rows.setVisible(view is not None and bool(view.credits))
        if view is not None:
            waiting = [one for one in view.credits if one.state is CreditState.PROPOSED]
            for one in [*(one for one in view.credits if one not in waiting), *waiting][-MOST_ROWS:]:
                rows.addWidget(self._row(one, settles=one.id in view.settles))
            money = [format_cents(one, self.desk.language) for one in (view.customer_cents, view.own_cents)]
            text = (
                translate("SessionCredit", "This month: %1 for this customer, %2 by you")
                .replace("%1", money[0])
                .replace("%2", money[1])
            )
            set_text(self.sums, text)
        self._tell()

    def _row(self, one: Credit, *, settles: bool) -> QWidget:
        words = self.desk.wording
        state = label(words.text(f"credit_states.{one.state}"), "chip")
        state.setProperty("tone", TONES[one.state])
        by = " · ".join(name for name in (one.by, one.approved_by) if name)
        texts = (
            label(format_cents(one.amount_cents, self.desk.language), "strong"),
            state,
            Elided(text=one.reason),
            Elided(text=by, role="muted"),
        )
        if not settles:
            return line(*texts, None)
        why = QLineEdit()
        why.setObjectName(f"refuse_reason_{one.id}")
        why.setMaxLength(REASON_MAX)
        why.setMinimumWidth(190)
        why.setPlaceholderText(translate("SessionCredit", "Why it is refused"))
        why.setAccessibleName(why.placeholderText())
        grant = button(translate("SessionCredit", "Approve"), "primary", name=f"approve_credit_{one.id}")
        refuse = button(translate("SessionCredit", "Refuse"), name=f"refuse_credit_{one.id}")
        on_click(grant, lambda: self._settle(one, granted=True, reason=""))
        on_click(refuse, lambda: self._settle(one, granted=False, reason=why.text()))
        return line(*texts, None, why, refuse, grant)

    def _tell(self) -> None:
        """Say at each keystroke what the amount would be: within one's limit, for two people, or no amount."""
        view, cents = self._view, cents_of(self.amount.text())
        wrong = (
            bool(self.amount.text().strip())
            and view is not None
            and (cents is None or not is_amount(cents, view.limits))
        )
        set_property(self.amount, "fault", wrong)
        asks = (
            view is not None
            and cents is not None
            and needs_second(view.role, cents, view.in_session_cents, view.limits)
        )
        self.confirm.setText(
            translate("SessionCredit", "Propose")
            if asks
            else translate("SessionCredit", "Grant and write to the customer")
        )
        is_whole = cents is not None and not wrong and bool(self.reason.text().strip())
        self.confirm.setEnabled(is_whole and view is not None and not (asks and view.alone))
        set_text(self.verdict, "" if view is None else self._verdict(view, wrong=wrong, asks=asks))

    def _verdict(self, view: CreditsView, *, wrong: bool, asks: bool) -> str:
        def money(cents: int) -> str:
            return format_cents(cents, self.desk.language)

        if wrong:
            return self.desk.wording.text("errors.credit_amount", most=money(view.limits.most_cents))
        if asks and view.alone:
            return self.desk.wording.text("errors.credit_alone")
        text = translate(
            "SessionCredit", "Your limit: %1 a session, of which %2 are given. Above it a second person decides."
        )
        if asks:
            text = translate(
                "SessionCredit", "Above your limit of %1 a session, of which %2 are given: a second person decides."
            )
        return text.replace("%1", money(view.limits.of(view.role))).replace("%2", money(view.in_session_cents))

    def _give(self) -> None:
        session, cents, reason = self._session, cents_of(self.amount.text()), self.reason.text()
        if session is not None and cents is not None:
            self.confirm.setEnabled(False)
            self.desk.run(
                lambda ctx: late.give_credit(ctx, session.id, cents, reason), self._given, self._failed, owner=self
            )

    def _settle(self, one: Credit, *, granted: bool, reason: str) -> None:
        self.desk.run(
            lambda ctx: late.settle_credit(ctx, one.id, one.version, granted=granted, reason=reason),
            self._given,
            self._failed,
            owner=self,
        )

    def _given(self, one: Credit) -> None:
        self.desk.sessionChanged.emit(one.session_id)
        self.desk.mailsChanged.emit()
        self.desk.promisesChanged.emit()
        if self._session is not None and self._session.id == one.session_id:
            for field in (self.amount, self.reason):
                field.clear()
            self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
            self._look()

    def _failed(self, error: BaseException) -> None:
        self._look()
        self.desk.report(error)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self.sums, 1)
        self.box.addLayout(head)
        self.box.addWidget(self._rows)
        row = QHBoxLayout()
        row.setSpacing(10)
        self.amount.setMaximumWidth(130)
        for text, field, stretch in ((self._labels[0], self.amount, 0), (self._labels[1], self.reason, 1)):
            text.setBuddy(field)
            row.addWidget(text)
            row.addWidget(field, stretch)
        self.box.addLayout(row)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.verdict, 1)
        foot.addWidget(self.keep)
        foot.addWidget(self.confirm)
        self.box.addLayout(foot)
