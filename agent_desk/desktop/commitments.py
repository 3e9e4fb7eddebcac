"""What we promise customers: each commitment with its target and what was measured; at the right its months, misses and control."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from agent_desk import late
from agent_desk.actions.commitment_views import CommitmentReport, Measured
from agent_desk.desktop.commitment_reading import CommitmentReading, month_name
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.screen import Chip, Command, Header, Screen
from agent_desk.desktop.session.choice_box import ChoiceBox
from agent_desk.desktop.table import Cell, Column, RowModel, Table
from agent_desk.desktop.widgets import Bar, button, label, on_click, set_text
from agent_desk.formats import format_number, format_permille
from agent_desk.rules.commitments import MONTHS, month_of, months_back, months_between
from agent_desk.rules.report import day_of

BACK_KEY, EXPORT_KEY, UPDATE_KEY = "Alt+Left", "F8", "F5"
YEAR = "year"
KINDS = {"PDF (*.pdf)": ".pdf", "CSV (*.csv)": ".csv", "Excel (*.xlsx)": ".xlsx"}
STATES = {None: ("none", ""), True: ("met", "ok"), False: ("not_met", "bad")}


class CommitmentsScreen(Screen):
    """Periods and teams above, the register below; everything of one report."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.report: CommitmentReport | None = None
        self._asking = False
        self.period, self.team = ChoiceBox(), ChoiceBox()
        self.period.setObjectName("commitment_period")
        self.team.setObjectName("commitment_team")
        cells = (self._sentence, self._target, self._share, self._missed, self._state)
        self.model: RowModel[Measured] = RowModel(self, cells)
        self.table = Table(desk, self.model)
        self.table.setObjectName("commitments")
        self.reading = CommitmentReading(desk)
        self.back_button = on_click(
            button(icon_name="chevron-left", name="back_to_figures"), lambda: desk.screenRequested.emit("pilotage")
        )
        self.export_button = on_click(button(icon_name="printer", name="export_commitments"), self.export)
        self.working = label(role="muted")
        self._lay_out()
        self.table.rowShown.connect(self._show_row)
        self.table.rowOpened.connect(lambda _row: self.reading.misses.setFocus())
        for choice in (self.period, self.team):
            choice.chosen.connect(lambda _value: self.ask())
        self.retranslate()

    def header(self) -> Header:
        """Return the title, and how many commitments were not kept."""
        missed = sum(one.met is False for one in self.model.rows)
        chips = (Chip(self.tr("not kept: {0}").format(missed), "bad"),) if missed else ()
        return Header(self.desk.wording.text("commitments.title"), chips)

    def commands(self) -> list[Command]:
        """Offer to export, to bring up to date, and to go back."""
        return [
            Command(self.tr("Export the commitments"), self.export, EXPORT_KEY, "printer"),
            Command(self.tr("Bring up to date"), self.ask, UPDATE_KEY, "refresh"),
            Command(self.tr("Back to the figures"), self.back_button.click, BACK_KEY, "chevron-left"),
        ]

    def refresh(self) -> None:
        """Ask anew; the keyboard goes to the list."""
        self._fill_periods()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ask()

    @property
    def months(self) -> tuple[str, str]:
        """Return the first and last month that are looked at."""
        present = month_of(day_of(self.desk.clock.now()))
        chosen = self.period.value
        return (str(chosen), str(chosen)) if chosen not in (None, YEAR) else (months_back(present), present)

    def ask(self) -> None:
        """One question at a time."""
        if self._asking or not self.desk.ready:
            return
        self._asking = True
        (first, last), team = self.months, str(self.team.value or "")
        set_text(self.working, self.tr("Counting…"))
        self.desk.run(
            lambda ctx: late.report_commitments(ctx, first, last, team), self._answered, self._failed, owner=self
        )

    def export(self) -> None:
        """Ask where to, and write what is shown: a paper or a table."""
        found = self.report
        if found is None or not self.export_button.isEnabled():
            return
        title, name = self.tr("Export the commitments"), self.tr("commitments-{0}.pdf").format(found.last)
        chosen, kind = QFileDialog.getSaveFileName(self, title, name, ";;".join(KINDS))
        if chosen:
            path = Path(chosen)
            self._write(found, path if path.suffix else path.with_suffix(KINDS.get(kind, ".pdf")))

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        text, language = self.desk.wording.text, self.desk.language
        states = max((text(f"commitments.{key}") for key, _tone in STATES.values()), key=len)
        self.table.set_columns(
            (
                Column(text("commitments.column_commitment"), stretch=True),
                Column(text("commitments.column_target"), format_permille(885, language), right=True),
                Column(text("commitments.column_measured"), format_permille(885, language), right=True),
                Column(text("commitments.column_missed"), "88 888", right=True),
                Column(text("commitments.column_state"), states, chip=True),
            )
        )
        self.table.setAccessibleName(text("commitments.title"))
        self.period.setAccessibleName(text("commitments.period"))
        self.team.setAccessibleName(text("commitments.of_team"))
        self.back_button.setText(self.tr("Figures") + "   Alt+←")
        self.back_button.setShortcut(BACK_KEY)
        self.export_button.setText(self.tr("Export") + f"   {EXPORT_KEY}")
        self.export_button.setShortcut(EXPORT_KEY)
        self._fill_periods()
        self._fill_teams(())
        self.reading.retranslate()
        self.table.viewport().update()

    def _sentence(self, one: Measured) -> Cell:
        return Cell(one.commitment.text("sentence", self.desk.language))

    def _target(self, one: Measured) -> Cell:
        return Cell(format_permille(one.commitment.target, self.desk.language), "muted")

    def _share(self, one: Measured) -> Cell:
        share = one.count.permille
        return Cell("–" if share is None else format_permille(share, self.desk.language), heavy=True)

    def _missed(self, one: Measured) -> Cell:
        return Cell(format_number(one.count.missed, self.desk.language) if one.count.total else "–", "muted")

    def _state(self, one: Measured) -> Cell:
        key, tone = STATES[one.met]
        return Cell(self.desk.wording.text(f"commitments.{key}"), tone=tone)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        sides = QHBoxLayout()
        sides.setSpacing(0)
        left = QVBoxLayout()
        left.setContentsMargins(22, 18, 22, 18)
        left.setSpacing(12)
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(self.period)
        choices.addWidget(self.team)
        choices.addStretch(1)
        left.addLayout(choices)
        left.addWidget(self.table, 1)
        sides.addLayout(left, 1)
        sides.addWidget(self.reading)
        outer.addLayout(sides, 1)
        footer = Bar()
        footer.row.addWidget(self.back_button)
        footer.row.addWidget(self.working)
        footer.row.addStretch(1)
        footer.row.addWidget(self.export_button)
        outer.addWidget(footer)

    def _fill_periods(self) -> None:
        present = month_of(day_of(self.desk.clock.now()))
        months = sorted(months_between(months_back(present, MONTHS), present), reverse=True)
        self.period.fill([(YEAR, self.tr("The last 12 months")), *((one, month_name(one)) for one in months)])

    def _fill_teams(self, names: tuple[str, ...]) -> None:
        known = tuple(dict.fromkeys((*names, *([str(self.team.value)] if self.team.value else []))))
        self.team.fill([("", self.desk.wording.text("commitments.all_teams")), *((one, one) for one in sorted(known))])
        self.team.setVisible(bool(known))

    def _answered(self, found: CommitmentReport) -> None:
        self._asking = False
        self.report = found
        chosen = max(self.table.currentIndex().row(), 0)
        if not found.team:
            self._fill_teams(tuple({team for one in found.rows for team in one.teams if team}))
        self.model.set_rows(found.rows)
        self.table.selectRow(chosen)
        set_text(
            self.working,
            self.tr("as of {0} · {1} ms").format(
                f"{found.at.astimezone():%H:%M:%S}", max(round(found.milliseconds), 1)
            ),
        )
        self.headerChanged.emit()
        if (found.first, found.last) != self.months or found.team != str(self.team.value or ""):
            self.ask()

    def _failed(self, error: BaseException) -> None:
        self._asking = False
        self.working.clear()
        self.desk.report(error)

    def _show_row(self, row: int) -> None:
        found = self.report
        if found is None or not 0 <= row < len(self.model.rows):
            self.reading.show_commitment(None, None)
        else:
            self.reading.show_commitment(self.model.rows[row], found)

    def _write(self, found: CommitmentReport, path: Path) -> None:
        write, language = self.desk.site.export_commitments, self.desk.language
        self.export_button.setEnabled(False)

        def settled(error: BaseException | None, _result: object = None) -> None:
            self.export_button.setEnabled(True)
            if error is not None:
                self.desk.report(error)
            else:
                self.desk.told.emit(self.desk.wording.text("commitments.written", file=path.name))

        self.desk.run(
            lambda ctx: write(ctx, found, path, language), partial(settled, None), partial(settled), owner=self
        )
