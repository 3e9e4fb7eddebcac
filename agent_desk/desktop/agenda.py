"""Agenda: the call-backs of a week, one's own or the team's; what is moved asks for the reason the customer reads."""

from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from agent_desk import late
from agent_desk.actions.agenda_views import Agenda, Entry
from agent_desk.desktop.agenda_grid import AgendaGrid
from agent_desk.desktop.agenda_lanes import DAYS, lay_out, midnight, week_of
from agent_desk.desktop.agenda_question import AgendaQuestion
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.screen import Command, Header, Screen
from agent_desk.desktop.widgets import Bar, button, label, on_click, set_text
from agent_desk.formats import format_day, format_short_date
from agent_desk.rules.appointment import Wish
from agent_desk.rules.holidays import day_off
from agent_desk.rules.session import Territory

UPDATE_KEY = "F5"
BEFORE_KEY, AFTER_KEY = "Alt+Left", "Alt+Right"
TICK_MS = 60_000


class AgendaScreen(Screen):
    """A week of rows; asks the database when it is shown, when something was promised, and never while hidden."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._monday: date | None = None
        self._mine = True
        self._found: Agenda | None = None
        self._asking = self._again = False
        self.grid = AgendaGrid(desk)
        self.own = on_click(button(name="agenda_mine"), partial(self.choose, mine=True))
        self.team = on_click(button(name="agenda_team"), partial(self.choose, mine=False))
        for made in (self.own, self.team):
            made.setCheckable(True)
        self.before = on_click(button("", icon_name="chevron-left", name="agenda_before"), partial(self.turn, -1))
        self.today = on_click(button(name="agenda_now"), partial(self.turn, 0))
        self.after = on_click(button("", icon_name="chevron-right", name="agenda_after"), partial(self.turn, 1))
        self.week, self.empty, self.keys = label(role="strong"), label(role="muted", wrap=True), label(role="muted")
        self.update_button = on_click(button(icon_name="refresh", name="refresh_agenda"), self.ask)
        self.question = AgendaQuestion(desk)
        self._lay_out()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._show_now)
        self.grid.opened.connect(lambda entry: desk.promiseRequested.emit(entry.appointment))
        self.grid.moved.connect(self._ask_move)
        self.grid.called_off.connect(lambda entry: self.question.ask_call_off(entry.appointment))
        self.question.left.connect(self._left)
        self.question.refused.connect(self.ask)
        desk.promisesChanged.connect(self._ask_if_shown)
        desk.sessionChanged.connect(lambda _id: self._ask_if_shown())
        self.retranslate()

    def header(self) -> Header:
        """Return the title."""
        return Header(self.tr("Agenda"))

    def commands(self) -> list[Command]:
        """Offer the weeks and whose they are."""
        return [
            Command(self.tr("My week"), partial(self.choose, mine=True), "", "user"),
            Command(self.tr("The team’s week"), partial(self.choose, mine=False), "", "users"),
            Command(self.tr("The week before"), partial(self.turn, -1), BEFORE_KEY, "chevron-left"),
            Command(self.tr("The week after"), partial(self.turn, 1), AFTER_KEY, "chevron-right"),
            Command(self.tr("Bring up to date"), self.ask, UPDATE_KEY, "refresh"),
        ]

    def refresh(self) -> None:
        """Ask anew; the keyboard goes into the week."""
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ask()

    def choose(self, *, mine: bool) -> None:
        """Show one's own week, or the team's."""
        self._mine = mine
        self._show()

    def turn(self, weeks: int) -> None:
        """Go some weeks on or back; to this one for 0."""
        monday = week_of(self.desk.clock.now().astimezone().date())
        self._monday = (self._monday or monday) + timedelta(weeks=weeks) if weeks else monday
        self.ask()

    def ask(self) -> None:
        """One question at a time; what changed meanwhile is asked when the answer is there."""
        if not self.desk.ready:
            return
        if self._asking:
            self._again = True
            return
        self._asking = True
        if self._monday is None:
            self._monday = week_of(self.desk.clock.now().astimezone().date())
        since, until = midnight(self._monday), midnight(self._monday + timedelta(days=DAYS))
        self.desk.run(lambda ctx: late.look_at_agenda(ctx, since, until), self._take, self._failed, owner=self)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the clock while somebody looks."""
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Do nothing while nobody does."""
        self._tick.stop()
        super().hideEvent(event)

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.own.setText(self.tr("My week"))
        self.team.setText(self.tr("The team’s week"))
        self.today.setText(self.tr("This week"))
        for made, text, key in (
            (self.before, self.tr("The week before"), BEFORE_KEY),
            (self.after, self.tr("The week after"), AFTER_KEY),
        ):
            made.setAccessibleName(text)
            made.setToolTip(f"{text} ({QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)})")
        self.update_button.setText(self.tr("Bring up to date") + f"   {UPDATE_KEY}")
        self.update_button.setShortcut(UPDATE_KEY)
        self.grid.setAccessibleName(self.tr("Agenda"))
        set_text(self.keys, self.tr("Arrows choose · Enter opens · M, arrows, Enter move · Del calls off"))
        self.question.retranslate()
        self._show()

    def _take(self, found: Agenda) -> None:
        self._asking = False
        first = self._found is None
        self._found = found
        if first and found.me is None:
            self._mine = False
        self._show()
        if self._again:
            self._again = False
            self.ask()

    def _failed(self, error: BaseException) -> None:
        self._asking = False
        self.desk.report(error)

    def _ask_if_shown(self) -> None:
        if self.isVisible():
            self.ask()

    def _show_now(self) -> None:
        self.grid.now = self.desk.clock.now()
        self.grid.viewport().update()

    def _show(self) -> None:
        self.own.setChecked(self._mine)
        self.team.setChecked(not self._mine)
        found, monday, language = self._found, self._monday, self.desk.language
        if found is None or monday is None:
            return
        self.own.setVisible(found.me is not None)
        days = [monday + timedelta(days=number) for number in range(DAYS)]
        named = [(day, _day_name(day, language)) for day in days]
        off = {day: self._off(day) for day in days}
        self.grid.show_layout(lay_out(found, named, mine=self._mine, off=off), self.desk.clock.now())
        text = self.tr("Week of {0} to {1}")
        set_text(self.week, text.format(format_short_date(days[0], language), format_short_date(days[-1], language)))
        nothing = not self.grid.layout_.entries
        set_text(
            self.empty,
            self.tr("No call-back in this week. They are agreed from a session, with Ctrl+J.") if nothing else "",
        )
        self.empty.setVisible(nothing)

    def _off(self, day: date) -> str:
        """Return why nobody is called on that day on the mainland, "" where people are."""
        why = day_off(day, Territory.METROPOLE, self.desk.settings.extra_holidays)
        return self.desk.wording.text(f"holidays.{why}") if why else ""

    def _ask_move(self, entry: Entry, starts_at: datetime, person_id: int) -> None:
        """Ask for the reason before anything is moved."""
        found = self._found
        name = next((each.name for each in found.people if each.id == person_id), "") if found is not None else ""
        self.question.ask_move(entry.appointment, Wish(starts_at, person_id), name)

    def _left(self) -> None:
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(22, 14, 22, 12)
        head.setSpacing(8)
        for made in (self.own, self.team):
            head.addWidget(made)
        head.addSpacing(12)
        for made in (self.before, self.today, self.after):
            head.addWidget(made)
        head.addSpacing(6)
        head.addWidget(self.week)
        head.addStretch(1)
        self.empty.setContentsMargins(22, 0, 22, 10)
        outer.addLayout(head)
        outer.addWidget(self.empty)
        outer.addWidget(self.grid, 1)
        outer.addWidget(self.question)
        footer = Bar()
        footer.row.addWidget(self.keys)
        footer.row.addStretch(1)
        footer.row.addWidget(self.update_button)
        outer.addWidget(footer)
        for key, weeks in ((BEFORE_KEY, -1), (AFTER_KEY, 1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.turn, weeks))


def _day_name(day: date, language: str) -> str:
    """Return a day as the row is called, without its year."""
    text = format_day(day, language).rpartition("\u00a0")[0]
    return f"{text[:1].upper()}{text[1:]}"
