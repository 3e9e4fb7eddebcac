"""The rows of the decision: each service with its outcome, its amount, and the rule and article behind it."""

from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QSignalBlocker, Qt, QTimeZone, Signal
from PySide6.QtWidgets import QDateTimeEdit, QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.choice_box import ChoiceBox
from agent_desk.desktop.session.choices import article, outcome_choices, visit_choices
from agent_desk.desktop.session.flow_layout import FlowLayout
from agent_desk.desktop.widgets import chip, label, set_text
from agent_desk.formats import format_cents
from agent_desk.rules.billing import DecidedLine
from agent_desk.rules.catalogue import Service
from agent_desk.rules.session import HomeVisit, Line, Territory
from agent_desk.rules.territories import ZONE, local

OUTCOME_WIDTH, AMOUNT_WIDTH = 196, 118


class RuledRow(QFrame):
    """Three columns over a line: what, how it ended, what it costs."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "ruled")
        self.title = label(role="strong")
        self.box = ChoiceBox()
        self.box.setMinimumWidth(OUTCOME_WIDTH)
        self.box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.struck = label(role="struck")
        self.amount = label(role="amount")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 7, 0, 8)
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.what(), 0, 0)
        grid.addWidget(self.box, 0, 1)
        grid.addWidget(self._money(), 0, 2)

    def what(self) -> QWidget:
        """Return the left column."""
        raise NotImplementedError

    def _money(self) -> QWidget:
        made = QWidget()
        made.setMinimumWidth(AMOUNT_WIDTH)
        box = QHBoxLayout(made)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addStretch(1)
        box.addWidget(self.struck)
        box.addWidget(self.amount)
        return made


def titled(title: QLabel, beside: QWidget, below: QWidget) -> QWidget:
    """Return a title with something beside it, in a narrow column under it, and what stands below."""
    made = QWidget()
    head = FlowLayout(8)
    head.addWidget(title)
    head.addWidget(beside)
    box = QVBoxLayout(made)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(2)
    box.addLayout(head)
    box.addWidget(below)
    return made


class DecisionRow(RuledRow):
    """One service."""

    def __init__(self, desk: Desk, place: int) -> None:
        self._desk = desk
        super().__init__()
        self.box.setObjectName(f"lines[{place}].outcome")
        self.box.setPlaceholderText(QCoreApplication.translate("SessionClosing", "To choose"))
        choices = outcome_choices(desk.wording)
        self.box.fill_choices(choices)
        for at, choice in enumerate(choices):
            hint = desk.wording.text(f"outcome_hints.{choice.value}")
            self.box.setItemData(at, hint, Qt.ItemDataRole.ToolTipRole)

    def what(self) -> QWidget:
        """Return the service and why it costs what it costs."""
        self.reason = label(role="muted", wrap=True)
        self.mark = chip()
        return titled(self.title, self.mark, self.reason)

    def show_line(self, line: Line, service: Service | None, decided: DecidedLine | None) -> None:
        """Show one service; without an outcome, what it costs when solved."""
        desk = self._desk
        name = service.short(desk.language) if service else line.service
        set_text(self.title, f"{name} × {line.quantity}" if line.quantity > 1 else name)
        self.box.setAccessibleName(f"{desk.wording.text('line_fields.outcome')} {name}")
        full = (service.price_cents if service else 0) * line.quantity
        waived = decided is not None and decided.amount_cents == 0 and full > 0
        set_text(self.struck, format_cents(full, desk.language) if waived else "")
        self.struck.setVisible(waived)
        set_text(self.amount, format_cents(decided.amount_cents, desk.language) if decided else "–")
        reason = desk.wording.text(f"rules.{decided.rule}.reason") if decided else ""
        quoted = f"« {reason} »" if desk.language == "fr" else f"“{reason}”"
        set_text(self.reason, quoted if reason else desk.wording.text("gates.outcome"))
        self.mark.setVisible(decided is not None)
        set_text(self.mark, article(desk.wording, decided.article) if decided else "")


class VisitRow(RuledRow):
    """The home visit: offered or not, when, and what its travel may cost at most (4.8, document 000)."""

    planned = Signal(object)  # aware moment, or None

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        super().__init__()
        self.box.setObjectName("closing.home_visit")
        self.retranslate()

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        set_text(self.title, self._desk.wording.text("outcomes.home_visit"))
        self.box.fill_choices(visit_choices(self._desk.wording))
        self.box.setAccessibleName(self.title.text())
        self.when.setAccessibleName(self._desk.wording.text("fields.closing.visit_at"))
        self.when.setSpecialValueText(QCoreApplication.translate("SessionClosing", "Date to be agreed"))
        self.when.setDisplayFormat(QCoreApplication.translate("SessionClosing", "ddd d MMM yyyy, HH:mm", "date format"))

    def _plan(self, moment: QDateTime) -> None:
        unset = moment == self.when.minimumDateTime()
        self.planned.emit(None if unset else datetime.fromtimestamp(moment.toSecsSinceEpoch(), UTC))

    def what(self) -> QWidget:
        """Return the visit's date and what may be billed for it."""
        self.reason = label(role="muted", wrap=True)
        self.when = QDateTimeEdit()
        self.when.setObjectName("closing.visit_at")
        self.when.setCalendarPopup(True)
        self.when.setKeyboardTracking(False)
        self.when.dateTimeChanged.connect(self._plan)
        return titled(self.title, self.when, self.reason)

    def show_visit(
        self, visit: HomeVisit, at: datetime | None, ceiling_cents: int, territory: Territory, now: datetime
    ) -> None:
        """Show the answer, and the moment agreed."""
        accepted = visit is HomeVisit.ACCEPTED
        language = self._desk.language
        self.when.setVisible(accepted)
        zone = QTimeZone(ZONE[territory].encode())
        # The earliest moment stands for "not agreed yet": it shows as words, and opens the calendar on today.
        unset = local(now, territory).replace(hour=0, minute=0, second=0, microsecond=0)
        with QSignalBlocker(self.when):
            self.when.setTimeZone(zone)
            self.when.setMinimumDateTime(QDateTime.fromSecsSinceEpoch(int(unset.timestamp()), zone))
            self.when.setDateTime(QDateTime.fromSecsSinceEpoch(int((at or unset).timestamp()), zone))
        set_text(self.reason, self._desk.wording.text("money.travel", ceiling=format_cents(ceiling_cents, language)))
        set_text(self.amount, self._desk.wording.text("money.to_come") if accepted else "–")
        self.struck.hide()
