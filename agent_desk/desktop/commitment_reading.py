"""One commitment at the right: its clock and evidence, how often it was kept month by month, the misses, and its control."""

from PySide6.QtWidgets import QWidget

from agent_desk import late
from agent_desk.actions.commitment_views import CommitmentReport, Measured
from agent_desk.actions.views import JournalFilter
from agent_desk.desktop.boxes import RightPanel
from agent_desk.desktop.control_card import ControlCard
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.pilotage_chart import Bar, Bars
from agent_desk.desktop.table import Cell, Column, RowModel, Table
from agent_desk.desktop.widgets import label, set_text
from agent_desk.formats import format_permille, format_short_moment
from agent_desk.rules.commitments import Count, Miss
from agent_desk.wording import Wording

WIDTH = 440
MOST_SHOWN = 6


def month_name(month: str) -> str:
    """Return "2026-11" as "11/2026"."""
    return f"{month[5:]}/{month[:4]}"


def count_in_words(count: Count, wording: Wording) -> str:
    """Return a share with its cases, or that there was none."""
    if count.permille is None:
        return wording.text("commitments.none")
    share = format_permille(count.permille, wording.language)
    return wording.text("commitments.measured", share=share, kept=count.kept, total=count.total)


def _number(one: Miss) -> Cell:
    return Cell(one.number, heavy=True)


def _agent(one: Miss) -> Cell:
    return Cell(one.agent)


class CommitmentReading(RightPanel):
    """Shows one commitment of a report."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent, WIDTH)
        self._desk = desk
        self._shown: tuple[str, str, str, str] | None = None
        self.sentence = label(role="section", wrap=True)
        self.measured, self.clock, self.evidence = (
            label(wrap=True),
            label(role="muted", wrap=True),
            label(role="muted", wrap=True),
        )
        self.bars = Bars(desk)
        self.bars.setObjectName("commitment_months")
        self.none_missed = label(role="muted", wrap=True)
        self.model: RowModel[Miss] = RowModel(self, (_number, self._when, _agent))
        self.misses = Table(desk, self.model)
        self.misses.setObjectName("misses")
        self.misses.rowOpened.connect(self._open)
        self.control = ControlCard(desk)
        for widget in (self.sentence, self.measured, self.clock, self.evidence):
            widget.setContentsMargins(0, 0, 0, 4)
            self.add(widget)
        self.evidence.setContentsMargins(0, 0, 0, 12)
        self._months, self._misses = self.section(), self.section()
        self._months.add(self.bars)
        self._misses.add(self.misses)
        self._misses.add(self.none_missed)
        self.add(self.control)

    def show_commitment(self, one: Measured | None, found: CommitmentReport | None) -> None:
        """Show a commitment of a report, or nothing."""
        for widget in (
            self._months,
            self._misses,
            self.control,
            self.sentence,
            self.measured,
            self.clock,
            self.evidence,
        ):
            widget.setVisible(one is not None)
        if one is None or found is None:
            self._shown = None
            return
        text, language = self._desk.wording.text, self._desk.language
        said = one.commitment
        target = text("commitments.target", share=format_permille(said.target, language))
        set_text(self.sentence, said.text("sentence", language))
        set_text(self.measured, f"{count_in_words(one.count, self._desk.wording)} · {target}")
        set_text(self.clock, text("commitments.clock", text=said.text("clock", language)))
        set_text(self.evidence, text("commitments.evidence", text=said.text("evidence", language)))
        self.bars.set_bars(
            [
                Bar(month_name(month), count.permille or 0, count_in_words(count, self._desk.wording))
                for month, count in one.months.items()
            ]
        )
        self._look_for_misses(one, found)
        self.control.show_commitment(said.id, found)

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        text = self._desk.wording.text
        self._months.set_title(text("commitments.by_month"))
        self.bars.setAccessibleName(text("commitments.by_month"))
        self._misses.set_title(text("commitments.column_missed"))
        set_text(self.none_missed, self.tr("No case in this period."))
        self.misses.setAccessibleName(text("commitments.column_missed"))
        self.misses.set_columns(
            (
                Column(self.tr("Session"), "S-2026-8888888"),
                Column(self.tr("When"), "88 sept. 2026 88 h 88"),
                Column(self.tr("Agent"), stretch=True),
            )
        )
        self.control.retranslate()

    def _when(self, one: Miss) -> Cell:
        return Cell(format_short_moment(one.at.astimezone(), self._desk.language))

    def _look_for_misses(self, one: Measured, found: CommitmentReport) -> None:
        wanted = (one.commitment.id, found.first, found.last, found.team)
        self._shown = wanted
        self._show_misses(())
        if one.count.missed:
            self._desk.run(
                lambda ctx: late.list_misses(ctx, *wanted),
                lambda rows: self._show_misses(rows) if self._shown == wanted else None,
                owner=self,
            )

    def _show_misses(self, rows: tuple[Miss, ...]) -> None:
        self.model.set_rows(rows)
        self.misses.fit_rows(MOST_SHOWN)
        self.misses.setVisible(bool(rows))
        self.none_missed.setVisible(not rows)
        if rows:
            self.misses.selectRow(0)

    def _open(self, row: int) -> None:
        number = self.model.rows[row].number
        self._desk.listRequested.emit(JournalFilter(text=number), number)
