"""The filters above the Journal: words, period, agent, outcome, and more that fold away."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QLineEdit, QVBoxLayout, QWidget

from agent_desk.actions.views import JournalFilter
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.journal_more import MoreFilters, fill, without
from agent_desk.desktop.session.flow_layout import FlowLayout
from agent_desk.desktop.widgets import button
from agent_desk.rules.journal import PERIOD

# Name of the period: first day counted back from today, and the day after the last one.
PERIODS = {"all": None, "today": (0, -1), "yesterday": (1, 0), "week": (6, -1), "month": (29, -1)}
ONE_DAY = "day"
GIVEN = "given"  # by another screen, under a title of its own
WORDS_WIDTH = 230
MORE_KEY = "F7"


class JournalFilters(QWidget):
    """One row, and one more while it is unfolded; every change is told at once."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._given = JournalFilter()
        self._title = ""
        self.words = QLineEdit()
        self.words.setObjectName("journal_words")
        self.words.setMaxLength(200)
        self.words.setFixedWidth(WORDS_WIDTH)
        self.period, self.agent, self.outcome = QComboBox(), QComboBox(), QComboBox()
        for box, name in ((self.period, "period"), (self.agent, "agent"), (self.outcome, "outcome")):
            box.setObjectName(f"journal_{name}")
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.day = QDateEdit(QDate.currentDate())
        self.day.setObjectName("journal_day")
        self.day.setCalendarPopup(True)
        self.day.hide()
        self.more = MoreFilters(desk)
        self.more.hide()
        self.more_button = button(name="more_filters")
        self.more_button.setCheckable(True)
        row = FlowLayout(8)
        for widget in (self.words, self.period, self.day, self.agent, self.outcome, self.more_button):
            row.addWidget(widget)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(row)
        rows.addWidget(self.more)
        self.retranslate()
        self.words.textChanged.connect(lambda _text: self.changed.emit())
        self.period.currentIndexChanged.connect(self._on_period)
        self.day.dateChanged.connect(lambda _day: self.changed.emit())
        self.agent.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.outcome.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.more_button.toggled.connect(self.more.setVisible)
        self.more.changed.connect(self._on_more)

    def wanted(self) -> JournalFilter:
        """Return what the filters say; days begin and end at this workstation's midnight."""
        since, until = self._span()
        given = self._given if self.period.currentData() == GIVEN else JournalFilter()
        return replace(
            given,
            text=self.words.text().strip(),
            since=since,
            until=until,
            outcome=self.outcome.currentData() or "",
            agent=self.agent.currentData() or "",
            **self.more.wanted(),
        )

    def drop(self, name: str) -> None:
        """Take one filter away, by its name in `rules.journal.set_filters`."""
        if name == "text":
            self.words.clear()
        elif name in (PERIOD, "agent", "outcome"):
            getattr(self, name).setCurrentIndex(0)
        else:
            self._given = without(self._given, name)
            self.more.drop(name)
            self._on_more()

    def set_wanted(self, wanted: JournalFilter, title: str) -> None:
        """Set every filter; what has no field here is part of the period, which is called `title`."""
        self._given, self._title = self.more.set_wanted(wanted), title
        for widget in (self.agent, self.outcome, self.words, self.period):
            widget.blockSignals(True)
        for box, value in ((self.agent, wanted.agent), (self.outcome, wanted.outcome)):
            if value and box.findData(value) < 0:
                box.addItem(value[:80], value)
            box.setCurrentIndex(box.findData(value))
        self.words.setText(wanted.text)
        self.period.removeItem(self.period.findData(GIVEN))
        self.period.addItem(title, GIVEN)
        self.period.setCurrentIndex(self.period.findData(GIVEN))
        for widget in (self.agent, self.outcome, self.words, self.period):
            widget.blockSignals(False)
        self._name_more()
        self._on_period(0)

    def know_agents(self, names: set[str]) -> None:
        """Offer agents met in the rows."""
        known = {self.agent.itemData(index) for index in range(self.agent.count())}
        for name in sorted(names - known - {""}):
            self.agent.addItem(name[:80], name)

    def retranslate(self) -> None:
        """Put every text in the language of the moment, keeping what is chosen."""
        self.words.setPlaceholderText(self.tr("Name, number, printer, S-2026…"))
        self.words.setAccessibleName(self.tr("Search sessions"))
        self.day.setDisplayFormat(self.tr("d MMM yyyy", "date"))
        self.day.setAccessibleName(self.tr("Day"))
        names = {
            "all": self.tr("All dates"),
            "today": self.tr("Today"),
            "yesterday": self.tr("Yesterday"),
            "week": self.tr("Last 7 days"),
            "month": self.tr("Last 30 days"),
            ONE_DAY: self.tr("One day…"),
        }
        if self._title:
            names[GIVEN] = self._title
        me = self._desk.settings.agent_name
        outcomes = self._desk.wording.table("outcomes")
        known = {self.agent.itemData(index): self.agent.itemText(index) for index in range(1, self.agent.count())}
        agents = {"": self.tr("All agents")} | ({me: me} if me else {}) | known
        fill(self.period, names, self.tr("Period"))
        fill(self.agent, agents, self.tr("Agent"))
        fill(self.outcome, {"": self.tr("All outcomes")} | outcomes, self.tr("Outcome"))
        self.more.retranslate()
        self._name_more()

    def _on_more(self) -> None:
        self._name_more()
        self.changed.emit()

    def _name_more(self) -> None:
        """Say how many of the folded filters are set: they narrow the list while nobody sees them."""
        count = len(self.more.wanted())
        text = self.tr("Filters ({0})").format(count) if count else self.tr("Filters")
        self.more_button.setText(f"{text}   {MORE_KEY}")
        self.more_button.setShortcut(MORE_KEY)  # a new text takes the old shortcut away

    def _span(self) -> tuple[datetime | None, datetime | None]:
        today = self._desk.clock.now().astimezone().date()
        chosen = self.period.currentData()
        if chosen == ONE_DAY:
            picked = self.day.date()
            day = date(picked.year(), picked.month(), picked.day())
            return _midnight(day), _midnight(day + timedelta(days=1))
        if chosen == GIVEN:
            return self._given.since, self._given.until
        span = PERIODS[chosen]
        if span is None:
            return None, None
        return _midnight(today - timedelta(days=span[0])), _midnight(today - timedelta(days=span[1]))

    def _on_period(self, _index: int) -> None:
        self.day.setVisible(self.period.currentData() == ONE_DAY)
        self.changed.emit()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()
