"""The internal control of a commitment and month: the cases that were drawn, what was found of each, and the signature."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from agent_desk import late
from agent_desk.actions.commitment_views import CommitmentReport
from agent_desk.actions.views import JournalFilter
from agent_desk.desktop.boxes import Card
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.table import Cell, Column, RowModel, Table
from agent_desk.desktop.widgets import button, label, line, on_click, set_text
from agent_desk.formats import format_short_moment
from agent_desk.rules.commitments import months_back
from agent_desk.rules.controls import NOTE_MAX, Sample, Sheet, Verdict, is_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from agent_desk.actions.context import Context

KEYS = {Verdict.CONFORM: "F2", Verdict.NOT_CONFORM: "F3"}
TONES = {Verdict.CONFORM: "ok", Verdict.NOT_CONFORM: "bad", None: ""}


def _number(one: Sample) -> Cell:
    return Cell(one.number, heavy=True)


def _note(one: Sample) -> Cell:
    return Cell(one.note or one.agent, "muted")


class ControlCard(Card):
    """Draws, checks and signs; of a month that is not over there is nothing to check."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("control")
        self._desk = desk
        self._of = ("", "")
        self.sheet: Sheet | None = None
        self.state = label(role="muted", wrap=True)
        self.show_button = on_click(button(name="show_controls"), self.look)
        self.model: RowModel[Sample] = RowModel(self, (_number, _note, self._found))
        self.table = Table(desk, self.model)
        self.table.setObjectName("control_samples")
        self.table.rowOpened.connect(self._open)
        self.table.rowShown.connect(self._show_note)
        self.note = QLineEdit()
        self.note.setObjectName("control_note")
        self.note.setMaxLength(NOTE_MAX)
        self.verdicts = {one: on_click(button(name=f"control_{one}"), partial(self.check, one)) for one in Verdict}
        self.sign_button = on_click(button(kind="primary", name="sign_controls"), self.sign)
        self._tools = line(*self.verdicts.values(), self.sign_button)
        for widget in (self.state, self.show_button, self.table, self.note, self._tools):
            self.box.addWidget(widget)

    def show_commitment(self, commitment: str, found: CommitmentReport) -> None:
        """Offer the control of the last month shown that is over."""
        month = found.last if is_over(found.last, found.at) else months_back(found.last, 2)
        if (commitment, month) != self._of:
            self._of = (commitment, month)
            self.sheet = None
        self._fill()

    def look(self) -> None:
        """Draw the sample where nobody has, and show it."""
        of = self._of
        self._run(lambda ctx: late.look_at_controls(ctx, *of), of)

    def check(self, verdict: Verdict) -> None:
        """Write what was found of the case chosen; a finding against it wants words first."""
        row, of, note = self.table.currentIndex().row(), self._of, self.note.text()
        if not 0 <= row < len(self.model.rows):
            return
        if verdict is Verdict.NOT_CONFORM and not note.strip():
            self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        sample = self.model.rows[row].id
        self._run(lambda ctx: late.check_case(ctx, *of, sample, verdict, note), of)

    def sign(self) -> None:
        """Sign the sheet."""
        of = self._of
        self._run(lambda ctx: late.sign_controls(ctx, *of), of)

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        words = self._desk.wording
        longest = max(words.table("control_verdicts").values(), key=len)
        self.table.set_columns(
            (
                Column(self.tr("Session"), "S-2026-8888888"),
                Column(self.tr("Note"), stretch=True),
                Column(self.tr("Found"), longest, chip=True),
            )
        )
        self.table.setAccessibleName(words.text("commitments.controls"))
        for verdict, made in self.verdicts.items():
            name = words.text(f"control_verdicts.{verdict}")
            made.setText(f"{name[:1].upper()}{name[1:]}   {KEYS[verdict]}")
            made.setShortcut(KEYS[verdict])
        self.sign_button.setText(self.tr("Sign"))
        self.show_button.setText(self.tr("Check the cases drawn"))
        asked = self.tr("What is missing, in a sentence")
        self.note.setPlaceholderText(asked)
        self.note.setAccessibleName(asked)
        self._fill()

    def _found(self, one: Sample) -> Cell:
        found = "–" if one.verdict is None else self._desk.wording.text(f"control_verdicts.{one.verdict}")
        return Cell(found, tone=TONES[one.verdict])

    def _fill(self) -> None:
        sheet, words = self.sheet, self._desk.wording
        month = self._of[1]
        self.set_title(f"{words.text('commitments.controls')} {month[5:]}/{month[:4]}")
        some = sheet is not None and bool(sheet.samples)
        signed = sheet is not None and sheet.signed_at is not None
        before = self.table.currentIndex().row()
        self.model.set_rows(sheet.samples if sheet is not None else ())
        self.table.fit_rows()
        self.table.setVisible(some)
        for widget in (self.note, self._tools):
            widget.setVisible(some and not signed)
        self.show_button.setVisible(sheet is None)
        self.sign_button.setEnabled(some and sheet is not None and not sheet.open)
        set_text(self.state, self._told(sheet))
        self.state.setVisible(bool(self.state.text()))
        if some:
            self.table.selectRow(self._next(max(before, 0)))

    def _next(self, row: int) -> int:
        """Return the first case from this one on that nobody has checked."""
        rows = self.model.rows
        order = [*range(row, len(rows)), *range(row)]
        return next((one for one in order if rows[one].verdict is None), min(row, len(rows) - 1))

    def _told(self, sheet: Sheet | None) -> str:
        if sheet is None:
            return ""
        if not sheet.samples:
            return self.tr("Nothing was drawn: the month had no case, or a supervisor has not looked yet.")
        if sheet.signed_at is not None:
            said = self._desk.wording.text("commitments.control", samples=len(sheet.samples), conform=sheet.conform)
            when = format_short_moment(sheet.signed_at.astimezone(), self._desk.language)
            return f"{said} · {sheet.signed_by}, {when} · {sheet.sha256.hex()[:12]}"
        return self.tr("to check: {0}").format(sheet.open)

    def _show_note(self, row: int) -> None:
        self.note.setText(self.model.rows[row].note if 0 <= row < len(self.model.rows) else "")

    def _open(self, row: int) -> None:
        number = self.model.rows[row].number
        self._desk.listRequested.emit(JournalFilter(text=number), number)

    def _run(self, job: "Callable[[Context], Sheet]", of: tuple[str, str]) -> None:
        """Do it once, however often it is pressed."""
        if not self._tools.isEnabled():
            return
        self._tools.setEnabled(False)

        def done(sheet: Sheet) -> None:
            self._tools.setEnabled(True)
            if of == self._of:
                self.sheet = sheet
                self._fill()

        def failed(error: BaseException) -> None:
            self._tools.setEnabled(True)
            self._desk.report(error)

        self._desk.run(job, done, failed, owner=self)
