"""The filters above the Journal: words, period, agent, outcome."""

from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QLineEdit, QWidget

from agent_desk.actions.views import JournalFilter
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.flow_layout import FlowLayout

# Name of the period: first day counted back from today, and the day after the last one.
PERIODS = {"all": None, "today": (0, -1), "yesterday": (1, 0), "week": (6, -1), "month": (29, -1)}
ONE_DAY = "day"
WORDS_WIDTH = 230


class JournalFilters(QWidget):
    """One row; every change is told at once."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
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
        row = FlowLayout(8)
        self.setLayout(row)
        for widget in (self.words, self.period, self.day, self.agent, self.outcome):
            row.addWidget(widget)
        self.retranslate()
        self.words.textChanged.connect(lambda _text: self.changed.emit())
        self.period.currentIndexChanged.connect(self._on_period)
        self.day.dateChanged.connect(lambda _day: self.changed.emit())
        self.agent.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.outcome.currentIndexChanged.connect(lambda _index: self.changed.emit())

    def wanted(self) -> JournalFilter:
        """Return what the filters say; days begin and end at this workstation's midnight."""
        since, until = self._span()
        return JournalFilter(
            text=self.words.text().strip(),
            since=since,
            until=until,
            outcome=self.outcome.currentData() or "",
            agent=self.agent.currentData() or "",
        )

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
        me = self._desk.settings.agent_name
        outcomes = self._desk.wording.table("outcomes")
        self._fill(self.period, names, self.tr("Period"))
        self._fill(self.agent, {"": self.tr("All agents")} | ({me: me} if me else {}), self.tr("Agent"))
        self._fill(self.outcome, {"": self.tr("All outcomes")} | outcomes, self.tr("Outcome"))

    def _fill(self, box: QComboBox, entries: dict[str, str], name: str) -> None:
        chosen = box.currentData()
        box.blockSignals(True)
        extra = {box.itemData(index): box.itemText(index) for index in range(box.count())}
        box.clear()
        kept = {key: text for key, text in extra.items() if box is self.agent and key}
        for key, text in (entries | kept).items():
            box.addItem(text, key)
        box.setCurrentIndex(max(box.findData(chosen), 0))
        box.setAccessibleName(name)
        box.blockSignals(False)

    def _span(self) -> tuple[datetime | None, datetime | None]:
        today = self._desk.clock.now().astimezone().date()
        chosen = self.period.currentData()
        if chosen == ONE_DAY:
            picked = self.day.date()
            day = date(picked.year(), picked.month(), picked.day())
            return _midnight(day), _midnight(day + timedelta(days=1))
        span = PERIODS[chosen]
        if span is None:
            return None, None
        return _midnight(today - timedelta(days=span[0])), _midnight(today - timedelta(days=span[1]))

    def _on_period(self, _index: int) -> None:
        self.day.setVisible(self.period.currentData() == ONE_DAY)
        self.changed.emit()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()
