"""Prices and texts: what was proposed, what comes, what holds, who decided; and the form of a new one."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from agent_desk import late
from agent_desk.actions.change_views import ChangesView, ChangeView
from agent_desk.desktop.boxes import Notice
from agent_desk.desktop.change_form import ChangeForm
from agent_desk.desktop.change_names import ORDER, TONES, price_in, subject_name
from agent_desk.desktop.change_reading import ChangeReading
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_changes import Ui_Changes
from agent_desk.desktop.screen import Chip, Command, Header, Screen
from agent_desk.desktop.table import Cell, Column, RowModel, Table
from agent_desk.desktop.widgets import button, on_click
from agent_desk.formats import format_cents, format_short_date
from agent_desk.rules.catalogue_changes import ChangeState

READING_WIDTH = 440
NEW_KEY, BACK_KEY = "F6", "Alt+Left"
LONGEST_DAY = date(2026, 9, 30)


class ChangesScreen(Screen):
    """The list at the left; at the right the change chosen, or the form."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.ui = Ui_Changes()
        self.ui.setupUi(self)
        self._view: ChangesView | None = None
        self._wanted = 0
        self.why_not = Notice()
        self.ui.main.insertWidget(0, self.why_not)
        cells = (self._subject, self._price, self._since, self._state)
        self.model: RowModel[ChangeView] = RowModel(self, cells)
        self.table = Table(desk, self.model, self.ui.card)
        self.table.setObjectName("changes")
        self.table.rowShown.connect(self._show_row)
        self.ui.table_place.addWidget(self.table)
        self.ui.nothing.hide()
        self.reading, self.form = ChangeReading(desk), ChangeForm(desk)
        self.ui.side.setMinimumWidth(READING_WIDTH)
        self.ui.side.add(self.reading)
        self.ui.side.add(self.form)
        self.reading.hide()
        self.form.hide()
        self.new_button = on_click(button(kind="primary", icon_name="plus", name="new_change"), self.open_form)
        self.back_button = on_click(
            button(icon_name="chevron-left", name="back_to_catalogue"), lambda: desk.screenRequested.emit("catalogue")
        )
        self.new_button.setEnabled(False)
        self.ui.footer.row.addWidget(self.back_button)
        self.ui.footer.row.addStretch(1)
        self.ui.footer.row.addWidget(self.new_button)
        self.form.left.connect(self._close_form)
        self.form.proposed.connect(self._proposed)
        self.reading.stepped.connect(self.load)
        desk.catalogueChanged.connect(self._follow)
        self.retranslate()

    def header(self) -> Header:
        """Return the title and how many wait for somebody."""
        waiting = sum(one.state is ChangeState.PROPOSED for one in self.model.rows)
        chips = (Chip(self.tr("to decide: {0}").format(waiting), "warn"),) if waiting else ()
        return Header(self.tr("Prices and texts"), chips)

    def commands(self) -> list[Command]:
        """Offer to propose something new, and to go back."""
        new = Command(self.tr("Propose a new price or text"), self.new_button.click, NEW_KEY, "plus")
        back = Command(self.tr("Back to the catalogue"), self.back_button.click, BACK_KEY, "chevron-left")
        return [new, back] if self.new_button.isEnabled() else [back]

    def refresh(self) -> None:
        """Bring the list up to date."""
        self.load()
        if self.form.isHidden():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def load(self) -> None:
        """Read the changes in a worker."""
        self.desk.run(lambda ctx: late.list_changes(ctx), self._show, owner=self)  # noqa: PLW0108 (loaded in the worker)

    def open_form(self) -> None:
        """Ask for a new price or text."""
        if not self.form.isHidden():  # what is typed there stays
            self.form.kind.setFocus()
        elif self._view is not None and not self._view.refused:
            self.reading.hide()
            self.form.open(self._view.first_day)

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.ui.retranslateUi(self)
        words, language = self.desk.wording, self.desk.language
        longest = max(words.table("change_states").values(), key=len)
        self.table.set_columns(
            (
                Column(self.tr("What changes"), stretch=True),
                Column(self.tr("New price"), format_cents(99900, language), right=True),
                Column(self.tr("From"), format_short_date(LONGEST_DAY, language)),
                Column(self.tr("State"), longest, chip=True),
            )
        )
        self.table.setAccessibleName(self.tr("Changes of prices and texts"))
        self.new_button.setText(self.tr("New price or text") + f"   {NEW_KEY}")
        self.new_button.setShortcut(NEW_KEY)  # a new text takes the old shortcut away
        self.back_button.setText(self.tr("Catalogue") + "   Alt+←")
        self.back_button.setShortcut(BACK_KEY)
        self.reading.retranslate()
        self.form.retranslate()
        self._tell_refused()
        self.table.viewport().update()

    def _subject(self, one: ChangeView) -> Cell:
        kind = self.desk.wording.text(f"change_kinds.{one.proposal.kind}")
        return Cell(f"{kind} — {subject_name(self.desk, one.proposal.kind, one.proposal.subject)}")

    def _price(self, one: ChangeView) -> Cell:
        return Cell(price_in(self.desk, one.proposal.value), heavy=True)

    def _since(self, one: ChangeView) -> Cell:
        return Cell(format_short_date(one.proposal.valid_from, self.desk.language), "muted")

    def _state(self, one: ChangeView) -> Cell:
        return Cell(self.desk.wording.text(f"change_states.{one.state}"), tone=TONES.get(one.state, ""))

    def _show(self, view: ChangesView) -> None:
        self._view = view
        chosen = self._wanted or self._chosen()
        self.model.set_rows(sorted(view.changes, key=lambda one: ORDER.index(one.state)))  # those that wait first
        self.table.setVisible(bool(view.changes))
        self.ui.nothing.setVisible(not view.changes)
        self.new_button.setEnabled(not view.refused)
        self._tell_refused()
        self._wanted = 0
        numbers = [one.id for one in self.model.rows]
        if numbers:
            self.table.selectRow(numbers.index(chosen) if chosen in numbers else 0)
        else:
            self._show_row(-1)
        self.headerChanged.emit()

    def _chosen(self) -> int:
        row = self.table.currentIndex().row()
        return self.model.rows[row].id if 0 <= row < len(self.model.rows) else 0

    def _show_row(self, row: int) -> None:
        if self.form.isHidden():
            self.reading.show_change(self.model.rows[row] if 0 <= row < len(self.model.rows) else None)

    def _tell_refused(self) -> None:
        refused = self._view.refused if self._view is not None else ""
        self.why_not.tell(self.desk.wording.text(f"errors.{refused}") if refused else "", "")

    def _close_form(self) -> None:
        self.form.hide()
        self._show_row(self.table.currentIndex().row())
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _proposed(self, number: int) -> None:
        self._wanted = number
        self.desk.told.emit(self.desk.wording.text("deskctl.change_proposed", change=number))
        self._close_form()
        self.load()

    def _follow(self) -> None:
        if self.isVisible():
            self.load()
