"""The Journal's rows: pages are fetched when the list is scrolled to their place."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QWidget

from agent_desk.actions.views import JournalPage, SessionRow
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.mail_row import TONES as MAIL_TONES
from agent_desk.desktop.service_names import services_in_short
from agent_desk.desktop.session_list import local_time
from agent_desk.desktop.table import NO_INDEX, Cell, CellModel
from agent_desk.formats import NBSP, format_cents, format_short_date

Index = QModelIndex | QPersistentModelIndex
TIME, NUMBER, CUSTOMER, SERVICE, OUTCOME, AMOUNT, MAIL = range(7)
OUTCOME_TONES = {
    "solved": "ok",
    "home_visit": "warn",
    "not_solved": "bad",
    "access_lost": "bad",
    "interrupted": "bad",
    "withdrawn": "warn",
}
WORRYING = frozenset(name for name, tone in MAIL_TONES.items() if tone in ("bad", "warn"))


class JournalModel(CellModel):
    """Rows so far, and the key of the next page; `ask(key)` fetches it."""

    def __init__(self, desk: Desk, ask: Callable[[int], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ask = ask
        self.rows: list[SessionRow] = []
        self.next_key: int | None = None
        self._asked: int | None = None

    def set_page(self, page: JournalPage) -> None:
        """Begin anew with the first page."""
        self.beginResetModel()
        self.rows = list(page.rows)
        self.next_key, self._asked = page.next_key, None
        self.endResetModel()

    def add_page(self, page: JournalPage) -> None:
        """Put the next page under what is there."""
        self._asked = None
        self.next_key = page.next_key
        if page.rows:
            self.beginInsertRows(NO_INDEX, len(self.rows), len(self.rows) + len(page.rows) - 1)
            self.rows.extend(page.rows)
            self.endInsertRows()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Return how many rows are there so far."""
        return 0 if parent.isValid() else len(self.rows)

    def canFetchMore(self, parent: Index) -> bool:
        """Tell whether there is a next page that is not yet asked for."""
        return not parent.isValid() and self.next_key is not None and self._asked != self.next_key

    def fetchMore(self, _parent: Index) -> None:
        """Ask for the next page; it arrives later."""
        if self.next_key is not None:
            self._asked = self.next_key
            self._ask(self.next_key)

    def cell(self, row: int, column: int) -> Cell:
        """Return one cell, written when it is painted."""
        one = self.rows[row]
        return _CELLS[column](self._desk, one)


def when(desk: Desk, moment: datetime) -> str:
    """Return the clock time today, the day and month this year, else month and year."""
    now, there = desk.clock.now().astimezone(), moment.astimezone()
    if there.year != now.year:
        return f"{there:%m/%Y}"
    day, _, _year = format_short_date(there.date(), desk.language).rpartition(NBSP)
    return local_time(moment, now) or day


def amount(desk: Desk, row: SessionRow) -> str:
    """Return what was billed; a closed session that costs nothing by its price is offered."""
    return "" if row.total_cents is None else format_cents(row.total_cents, desk.language)


def _outcome(desk: Desk, row: SessionRow) -> Cell:
    key = f"outcomes.{row.outcome}"
    if row.outcome and desk.wording.has(key):
        return Cell(desk.wording.text(key), tone=OUTCOME_TONES.get(row.outcome, ""))
    return Cell(desk.wording.text(f"states.{row.state}"), tone="acc" if row.ended_at is None else "")


def _mail(desk: Desk, row: SessionRow) -> Cell:
    if not row.mail_state:
        return Cell("–", "muted")
    ink = f"{MAIL_TONES[row.mail_state]}_text" if row.mail_state in WORRYING else "muted"
    return Cell(desk.wording.text(f"mail_states.{row.mail_state}.name"), ink)


_CELLS: dict[int, Callable[[Desk, SessionRow], Cell]] = {
    TIME: lambda desk, row: Cell(when(desk, row.ended_at or row.opened_at), "muted"),
    NUMBER: lambda _desk, row: Cell(row.number),
    CUSTOMER: lambda _desk, row: Cell(row.customer, heavy=True),
    SERVICE: lambda desk, row: Cell(services_in_short(desk, row.services)),
    OUTCOME: _outcome,
    AMOUNT: lambda desk, row: Cell(amount(desk, row)),
    MAIL: _mail,
}
