"""The rules by which sessions are drawn for review: each with its switch, and a form for one more."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget

from agent_desk import late
from agent_desk.desktop.boxes import Card
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.journal_more import fill
from agent_desk.desktop.review_words import rule_in_words
from agent_desk.desktop.service_names import service_in_short
from agent_desk.desktop.widgets import NumberBox, button, clear_layout, column, label, line, on_click, rule, set_text
from agent_desk.rules.review import SampleRule

if TYPE_CHECKING:
    from agent_desk.actions.context import Context

NAME_MAX = 80
MOST_EUROS = 9999
NARROW = 12  # characters: a long name does not widen the panel
_ACTIONS = "agent_desk.actions.sample_rules"

Known = tuple[tuple[SampleRule, ...], tuple[str, ...]]


class ReviewRules(Card):
    """Hidden until it is asked for; a rule is added or switched, never changed."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("review_rules")
        self._desk = desk
        self._known: Known = ((), ())
        self.switches: list[QCheckBox] = []
        self._rules = column(spacing=4)
        self._new = label(role="section")
        self.share, self.waived = NumberBox(), NumberBox()
        self.share.setRange(1, 100)
        self.share.setValue(100)
        self.waived.setRange(0, MOST_EUROS)
        self.uncertain = QCheckBox()
        self.team, self.service, self.outcome = QComboBox(), QComboBox(), QComboBox()
        for box in (self.team, self.service, self.outcome):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(NARROW)
        self.name = QLineEdit()
        self.name.setMaxLength(NAME_MAX)
        self.add_button = on_click(button(kind="primary", name="add_review_rule"), self._add)
        self.close_button = on_click(button(name="close_review_rules"), self.hide)
        for widget in (
            self._rules,
            rule(),
            self._new,
            self.share,
            self.waived,
            self.uncertain,
            self.team,
            self.service,
            self.outcome,
            self.name,
            line(self.add_button, self.close_button, None),
        ):
            self.box.addWidget(widget)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.hide)
        self.hide()

    def open(self) -> None:
        """Show the rules there are, as soon as they are read."""
        self._ask(self._show)

    def retranslate(self) -> None:
        """Put every text in the language of the moment, keeping what is chosen."""
        self.set_title(self.tr("Which sessions are reviewed"))
        for box, name, prefix, suffix in (
            (self.share, self.tr("Share"), self.tr("Share of sessions"), self.tr("%", "after a number")),
            (self.waived, self.tr("Least waived"), self.tr("Waived from"), "\u00a0€"),
        ):
            box.setAccessibleName(name)
            box.setPrefix(f"{prefix} ")
            box.setSuffix(suffix)
        set_text(self._new, self.tr("One more rule"))
        self.waived.setSpecialValueText(self.tr("Any amount waived"))
        self.uncertain.setText(self.tr("Only with an uncertain mail"))
        self.name.setPlaceholderText(self.tr("Name (optional)"))
        self.name.setAccessibleName(self.tr("Name of the rule"))
        self.add_button.setText(self.tr("Add this rule"))
        self.close_button.setText(self.tr("Close"))
        self._fill()

    def _ask(self, then: Callable[[Known], None]) -> None:
        self._desk.run(lambda ctx: late.load(f"{_ACTIONS}:list_sample_rules")(ctx), then, owner=self)  # noqa: PLW0108 (loaded in the worker)

    def _show(self, known: Known) -> None:
        self._know(known)
        self.show()
        self.share.setFocus(Qt.FocusReason.OtherFocusReason)

    def _know(self, known: Known) -> None:
        """Show these rules; closed meanwhile, the form stays closed."""
        self._known = known
        self._fill()

    def _fill(self) -> None:
        words = self._desk.wording
        rules, teams = self._known
        rows = self._rules.layout()
        assert rows is not None  # noqa: S101 - `column` makes it
        clear_layout(rows)
        self.switches = [self._switch(one) for one in rules]
        for one, switch in zip(rules, self.switches, strict=True):
            text = label(rule_in_words(self._desk, one), wrap=True)
            held = QWidget()
            row = QHBoxLayout(held)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(0)  # a switch without a text keeps room for one
            row.addWidget(switch, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(text, 1)
            rows.addWidget(held)
        if not rules:
            rows.addWidget(label(self.tr("No rule yet: nothing is drawn."), "muted", wrap=True))
        fill(self.team, {"": self.tr("All teams")} | {name: name for name in teams}, self.tr("Team"))
        self.team.setVisible(bool(teams))
        services = {}
        if self._desk.ready:
            codes = self._desk.reference.catalogue_on(self._desk.clock.now().date()).services
            services = {code: service_in_short(self._desk, code) for code in codes}
        fill(self.service, {"": self.tr("All services")} | services, self.tr("Service"))
        fill(self.outcome, {"": self.tr("All outcomes")} | words.table("outcomes"), self.tr("Outcome"))

    def _switch(self, one: SampleRule) -> QCheckBox:
        made = QCheckBox()
        made.setChecked(one.active)
        made.setAccessibleName(rule_in_words(self._desk, one))
        made.toggled.connect(
            lambda on: self._change(lambda ctx: late.load(f"{_ACTIONS}:switch_sample_rule")(ctx, one.id, on))
        )
        return made

    def _wanted(self) -> SampleRule:
        euros = self.waived.value()
        return SampleRule(
            share_permille=self.share.value() * 10,
            waived_from=euros * 100 if euros else None,
            uncertain=self.uncertain.isChecked(),
            team=self.team.currentData() or "",
            service=self.service.currentData() or "",
            outcome=self.outcome.currentData() or "",
            name=self.name.text(),
        )

    def _add(self) -> None:
        wanted = self._wanted()

        def added() -> None:
            if self.name.text() == wanted.name:
                self.name.clear()

        self._change(lambda ctx: late.load(f"{_ACTIONS}:add_sample_rule")(ctx, wanted), added)

    def _change(self, job: "Callable[[Context], object]", then: Callable[[], None] = lambda: None) -> None:
        def done(_nothing: object) -> None:
            then()
            self._ask(self._know)
            self.changed.emit()

        def failed(error: BaseException) -> None:
            self._desk.report(error)
            self._ask(self._know)

        self._desk.run(job, done, failed, owner=self, queue="review rules")
