"""Pilotage: what happened in a period, who is at work now, and the list behind each figure."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from agent_desk import late
from agent_desk.actions.report_views import Report
from agent_desk.desktop import pilotage_bars as bars
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.pilotage_bars import Reading
from agent_desk.desktop.pilotage_cards import ChartCard, Tile
from agent_desk.desktop.pilotage_chart import Bar, Columns
from agent_desk.desktop.pilotage_now import NowCard
from agent_desk.desktop.screen import Command, Header, Screen
from agent_desk.desktop.widgets import Bar as Footer
from agent_desk.desktop.widgets import Scroll, button, label, on_click, set_text
from agent_desk.formats import format_cents, format_duration, format_number, format_permille
from agent_desk.rules.report import Figures, Period, day_of, first_day
from agent_desk.rules.visit_rule import TRAVEL

UPDATE_KEY, COMMITMENTS_KEY = "F5", "F6"
TILES = ("sessions", "first_contact", "failed", "call_backs", "opinions", "billed", "waived")
TILE_WIDTH, CARD_WIDTH, SPACE = 178, 400, 12
CHARTS = ("outcomes", "billed", "waived", "services", "opinions", "mails", "steps", "times", "codes", "teams")
WITH_PARTS = frozenset({"sessions", "services", "teams"})
# What is shown where nobody is in a team says nothing.
ONE_TEAM = 1


class PilotageScreen(Screen):
    """Periods above, figures and charts below; everything comes from one report."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.report: Report | None = None
        self._period = Period.WEEK
        self._asking: Period | None = None
        self.periods = {period: self._period_button(period) for period in Period}
        self.tiles = {name: Tile(name) for name in TILES}
        self.days = ChartCard(desk, "sessions", Columns, parts=True)
        self.now = NowCard(desk)
        self.charts = {name: ChartCard(desk, name, parts=name in WITH_PARTS) for name in CHARTS}
        self.nothing = label(role="muted", wrap=True)
        self.nothing.setObjectName("pilotage_empty")
        self._lay_out()
        for card in (self.days, *self.charts.values()):
            card.opened.connect(self._open_list)
        self.now.opened.connect(desk.openRequested)
        self.now.answered.connect(self._answer_help)
        desk.helpChanged.connect(self._again_if_shown)
        desk.sessionChanged.connect(lambda _id: self._again_if_shown())
        self.retranslate()

    def header(self) -> Header:
        """Return the title."""
        return Header(self.tr("Figures"))

    def commands(self) -> list[Command]:
        """Offer the periods."""
        names = self.desk.wording.table("report_periods")
        chosen = [Command(names[period], partial(self.choose, period)) for period in Period]
        return [
            *chosen,
            Command(self.tr("Service commitments"), self.commitments_button.click, COMMITMENTS_KEY, "shield-check"),
            Command(self.tr("Bring up to date"), self.ask, UPDATE_KEY, "refresh"),
        ]

    def refresh(self) -> None:
        """Ask for the figures anew; the keyboard goes to the period in force."""
        self.periods[self._period].setFocus(Qt.FocusReason.OtherFocusReason)
        self.ask()

    def choose(self, period: Period) -> None:
        """Show another period."""
        self._period = period
        self.periods[period].setChecked(True)
        self.ask()

    def ask(self) -> None:
        """One question at a time: what was chosen meanwhile is asked when the answer is there."""
        if self._asking is not None or not self.desk.ready:
            return
        period = self._asking = self._period
        last = day_of(self.desk.clock.now())
        first = first_day(period, last)
        set_text(self.working, self.tr("Counting…"))
        self.desk.run(lambda ctx: late.report(ctx, first, last), self._answered, self._failed, owner=self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many tiles and cards side by side as there is room for."""
        super().resizeEvent(event)
        self._place()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        wording = self.desk.wording
        for period, made in self.periods.items():
            made.setText(wording.text(f"report_periods.{period}"))
        self.update_button.setText(self.tr("Bring up to date") + f"   {UPDATE_KEY}")
        self.update_button.setShortcut(UPDATE_KEY)
        self.commitments_button.setText(self.tr("Commitments…") + f"   {COMMITMENTS_KEY}")
        self.commitments_button.setShortcut(COMMITMENTS_KEY)
        set_text(self.nothing, self.tr("No session ended in this period. Choose a longer one, or come back later."))
        self._name_cards()
        if self.report is not None:
            self._show(self.report)

    def _period_button(self, period: Period) -> QPushButton:
        made = on_click(button(name=f"period_{period}"), partial(self.choose, period))
        made.setCheckable(True)
        made.setChecked(period is self._period)
        return made

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.page = Scroll(margins=(22, 18, 22, 18))
        self.page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        for made in self.periods.values():
            group.addButton(made)
            row.addWidget(made)
        row.addStretch(1)
        self._tile_grid, self._card_grid = QGridLayout(), QGridLayout()
        for part in (row, self._tile_grid):
            self.page.box.addLayout(part)
        self.page.box.addWidget(self.nothing)
        self.page.box.addWidget(self.days)
        self.page.box.addLayout(self._card_grid)
        self.page.box.addStretch(1)
        for grid in (self._tile_grid, self._card_grid):
            grid.setSpacing(SPACE)
        outer.addWidget(self.page, 1)
        footer = Footer()
        self.working = label(role="muted")
        self.update_button = on_click(button(icon_name="refresh", name="refresh_pilotage"), self.ask)
        self.commitments_button = on_click(
            button(icon_name="shield-check", name="show_commitments"),
            lambda: self.desk.screenRequested.emit("commitments"),
        )
        footer.row.addWidget(self.working)
        footer.row.addStretch(1)
        footer.row.addWidget(self.commitments_button)
        footer.row.addWidget(self.update_button)
        outer.addWidget(footer)
        self._place()

    def _place(self) -> None:
        room = self.width() - 44
        some = self.report is not None and bool(self.report.figures.sessions or self.report.figures.visits)
        cards: list[QWidget] = [self.now, *(card for name, card in self.charts.items() if some and self._tells(name))]
        shown = list(self.tiles.values()) if some else []
        for grid, widgets, least in ((self._tile_grid, shown, TILE_WIDTH), (self._card_grid, cards, CARD_WIDTH)):
            columns = _columns(len(widgets), (room + SPACE) // (least + SPACE))
            while grid.count():
                grid.takeAt(0)
            for number, widget in enumerate(widgets):
                grid.addWidget(widget, number // columns, number % columns)
            for column in range(len(TILES)):
                grid.setColumnStretch(column, 1 if column < columns else 0)
        for widget in (*self.tiles.values(), *self.charts.values(), self.days):
            widget.setVisible(
                widget in (*shown, *cards) or (widget is self.days and some and self._period is not Period.TODAY)
            )
        self.nothing.setVisible(self.report is not None and not some)

    def _tells(self, name: str) -> bool:
        if self.report is None:
            return False
        if name == "opinions":
            return bool(self.report.figures.opinions)
        return name != "teams" or len(self.report.teams) > ONE_TEAM

    def _answered(self, report: Report) -> None:
        asked, self._asking = self._asking, None
        self.report = report
        self._show(report)
        if asked is not self._period:
            self.ask()

    def _failed(self, error: BaseException) -> None:
        self._asking = None
        self.working.clear()
        self.desk.report(error)

    def _show(self, report: Report) -> None:
        reading = Reading(report, self.desk.wording, self._services())
        figures, language = report.figures, self.desk.language
        meanings = {name: self.desk.wording.text(f"report.{name}.help") for name in TILES}
        for name, (value, more) in self._values(figures, language).items():
            self.tiles[name].show_figure(self.desk.wording.text(f"report.{name}.name"), value, more, meanings[name])
        self.days.set_bars(bars.time_columns(reading))
        shown = {
            "outcomes": bars.outcome_bars(reading),
            "services": bars.service_bars(reading),
            "billed": bars.rule_bars(reading, figures.billed),
            "waived": bars.rule_bars(reading, figures.waived),
            "teams": bars.team_bars(reading),
            "opinions": list(bars.opinion_bars(reading)),
            "steps": bars.step_bars(reading),
            "times": bars.time_bars(reading),
            "mails": bars.mail_bars(reading),
            "codes": bars.code_bars(reading),
        }
        for name, found in shown.items():
            self.charts[name].set_bars(found)
        self.now.show_sessions(report.now)
        self._name_cards()
        self._place()
        milliseconds = max(round(report.milliseconds), 1)
        when = f"{report.at.astimezone():%H:%M:%S}"
        period = reading.period(report.first, report.last)
        set_text(self.working, self.tr("{0} · as of {1} · {2} ms").format(period, when, milliseconds))

    def _values(self, figures: Figures, language: str) -> dict[str, tuple[str, str]]:
        """Return each tile's value, and what stands under it."""

        def part(permille: int | None, number: int) -> tuple[str, str]:
            shown = self.tr("{0} of {1} closed").format(
                format_number(number, language), format_number(figures.closed, language)
            )
            return ("–" if permille is None else format_permille(permille, language)), shown

        closed = self.tr("{0} closed").format(format_number(figures.closed, language))
        return {
            "sessions": (format_number(figures.sessions, language), closed),
            "first_contact": part(figures.first_contact_permille, figures.first_contact),
            "failed": part(figures.failed_permille, figures.failed),
            "call_backs": self._call_backs(figures, language),
            "opinions": self._opinions(figures, language),
            "billed": (format_cents(figures.billed_cents, language), self.tr("with VAT")),
            "waived": (format_cents(figures.waived_cents, language), self.tr("with VAT")),
        }

    def _call_backs(self, figures: Figures, language: str) -> tuple[str, str]:
        """Return how long a customer put aside waits for the call, and how many got it in time."""
        seconds, kept = figures.call_back_seconds, figures.call_back_permille
        if seconds is None or kept is None:
            return "–", self.tr("none made")
        within = self.desk.wording.text("report.call_backs.kept")
        return format_duration(seconds), f"{format_permille(kept, language)} {within}"

    def _opinions(self, figures: Figures, language: str) -> tuple[str, str]:
        """Return how many customers said they were satisfied, and of how many answers."""
        share = figures.satisfied_permille
        if share is None:
            return "–", self.tr("none given")
        said = format_number(sum(figures.opinions.values()), language)
        return format_permille(share, language), self.tr("satisfied, of {0} answers").format(said)

    def _name_cards(self) -> None:
        wording = self.desk.wording
        switches = self.tr("Table"), self.tr("Chart")
        value, part, none = self.tr("Value"), self.tr("Failed"), self.tr("Nothing to show in this period.")
        monthly = self.report is not None and bars.by_month(self.report)
        titles = {
            "services": self.tr("By service, the failed ones hatched"),
            "teams": self.tr("By team, the failed ones hatched"),
        }
        meanings = {"services": "sessions", "teams": "sessions"}
        for name, card in self.charts.items():
            title = titles.get(name) or wording.text(f"report.{name}.name")
            meaning = wording.text(f"report.{meanings.get(name, name)}.help")
            card.set_texts(title, meaning, (title, value, part), switches, none)
        by = (
            self.tr("Sessions by month, the failed ones hatched")
            if monthly
            else self.tr("Sessions by day, the failed ones hatched")
        )
        first = self.tr("Month") if monthly else wording.text("report_by.day")
        self.days.set_texts(by, wording.text("report.sessions.help"), (first, value, part), switches, none)

    def _services(self) -> dict[str, str]:
        services = self.desk.reference.catalogue_on(day_of(self.desk.clock.now())).services.values()
        french = self.desk.language == "fr"
        names = {one.code: one.short_fr if french else one.short_en for one in services}
        return names | {TRAVEL: self.desk.wording.text("visits.travel")}

    def _open_list(self, bar: Bar) -> None:
        if bar.wanted is not None:
            self.desk.listRequested.emit(bar.wanted, bar.title)

    def _answer_help(self, session_id: int) -> None:
        self.desk.run(lambda ctx: late.answer_help(ctx, session_id), lambda _first: self.ask(), owner=self)

    def _again_if_shown(self) -> None:
        if self.isVisible():
            self.ask()


def _columns(widgets: int, most: int) -> int:
    """Return in how many columns, at most, widgets stand so that no line is much shorter than the others."""
    lines = -(-widgets // max(1, most))
    return -(-widgets // max(1, lines))
