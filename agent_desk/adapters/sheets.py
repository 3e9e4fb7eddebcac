"""Tables for spreadsheets: CSV as French ones read it, and XLSX. Flat in memory, and whole at their place or not there."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxFileError

from agent_desk.ports import Sheet, SheetKind, SheetRow
from agent_desk.rules.sheet import is_formula
from agent_desk.whole_file import whole_file

SUFFIXES = (".csv", ".xlsx")
MOST_ROWS = 1_048_576  # of one sheet of XLSX, its head included
_WIDTHS = {SheetKind.TEXT: 24, SheetKind.MONEY: 12, SheetKind.MOMENT: 18}

Columns = Sequence[tuple[str, SheetKind]]


@contextmanager
def open_sheet(path: Path, columns: Columns) -> Iterator[Sheet]:
    """Give a table that is at `path` once it is complete; its name ends in one of SUFFIXES. OSError.

    An exception leaves what was there before.
    """
    with whole_file(path) as file, _WRITERS[path.suffix.lower()](file, columns) as sheet:
        yield sheet


class _Csv:
    """`;` between cells, a comma in amounts, UTF-8 with the mark by which spreadsheets know it."""

    def __init__(self, file: TextIOWrapper, columns: Columns) -> None:
        self._texts = [_TEXTS[kind] for _title, kind in columns]
        self._writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        self._writer.writerow([_harmless(title) for title, _kind in columns])

    def add(self, rows: Iterable[SheetRow]) -> None:
        """Write rows under what is there."""
        # By columns, which Python goes through in half the time.
        columns = (map(text, column) for text, column in zip(self._texts, zip(*rows, strict=True), strict=True))
        self._writer.writerows(zip(*columns, strict=True))


class _Xlsx:
    """Cells of their kind; goes on in another sheet where one is full."""

    def __init__(self, book: Workbook, columns: Columns) -> None:
        self._book, self._columns = book, columns
        self._head = book.add_format({"bold": True})
        self._literal = book.add_format({"quote_prefix": True})  # text it stays, even when the cell is edited
        self._formats = {
            SheetKind.MONEY: book.add_format({"num_format": "#,##0.00"}),
            SheetKind.MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        self._row = MOST_ROWS

    def add(self, rows: Iterable[SheetRow]) -> None:
        """Write rows under what is there."""
        for row in rows:
            if self._row == MOST_ROWS:
                self.begin_sheet()
            for place, ((_title, kind), value) in enumerate(zip(self._columns, row, strict=True)):
                if value is not None:
                    self._write(place, kind, value)
            self._row += 1

    def begin_sheet(self) -> None:
        """Begin a sheet with its head."""
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for place, (title, kind) in enumerate(self._columns):
            self._sheet.set_column(place, place, _WIDTHS[kind])
            self._sheet.write_string(0, place, title, self._head)
        self._row = 1

    def _write(self, place: int, kind: SheetKind, value: Any) -> None:
        if kind is SheetKind.TEXT:
            self._sheet.write_string(self._row, place, _storable(value), self._literal if is_formula(value) else None)
        elif kind is SheetKind.MONEY:
            self._sheet.write_number(self._row, place, value / 100, self._formats[kind])
        else:
            self._sheet.write_number(self._row, place, _serial(value), self._formats[kind])


@contextmanager
def _csv(file: BinaryIO, columns: Columns) -> Iterator[Sheet]:
    text = TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    yield _Csv(text, columns)
    text.detach()  # flushed; the file is closed by whoever opened it


@contextmanager
def _xlsx(file: BinaryIO, columns: Columns) -> Iterator[Sheet]:
    book = Workbook(file, {"constant_memory": True, "strings_to_urls": False})
    sheet = _Xlsx(book, columns)
    sheet.begin_sheet()
    try:
        yield sheet
    finally:  # what was written so far stands in files of its own, which go with this
        _close(book)


def _close(book: Workbook) -> None:
    try:
        book.close()
    except XlsxFileError as error:
        raise OSError(str(error)) from error


def _harmless(text: str | None) -> str:
    if text is None:
        return ""
    return f"'{text}" if is_formula(text) else text


def _storable(text: str) -> str:
    return text.encode(errors="replace").decode()


def _money(cents: int | None) -> str:
    if cents is None:
        return ""
    euros, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{euros},{rest:02d}"


def _on_the_wall(moment: datetime | None) -> str:
    return "" if moment is None else moment.replace(tzinfo=None).isoformat(" ", "seconds")


def _serial(moment: datetime) -> float:
    """Return the moment as a spreadsheet counts it: days since the end of 1899, as clocks on the wall show it."""
    since = moment.replace(tzinfo=None) - _DAY_ZERO
    return since.days + since.seconds / 86_400


_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 (spreadsheets know no time zones)
_TEXTS: dict[SheetKind, Callable[[Any], str]] = {
    SheetKind.TEXT: _harmless,
    SheetKind.MONEY: _money,
    SheetKind.MOMENT: _on_the_wall,
}
_WRITERS: dict[str, Callable[[BinaryIO, Columns], AbstractContextManager[Sheet]]] = {".csv": _csv, ".xlsx": _xlsx}
