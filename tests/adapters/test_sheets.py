"""Tables for spreadsheets: nothing typed becomes a formula, amounts and moments are what they are, files are whole."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from agent_desk.adapters import sheets
from agent_desk.adapters.sheets import SUFFIXES, open_sheet
from agent_desk.ports import SheetKind, SheetRow

COLUMNS = (("Client", SheetKind.TEXT), ("Facturé", SheetKind.MONEY), ("Ouverte", SheetKind.MOMENT))
NOON = datetime(2026, 11, 23, 11, 0, 5, 999_999, tzinfo=UTC)
EVIL = ("=1+1", "+33199001122", "-2", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0")
ODD = ("a;b", 'a"b', "l'été", "🙂 محمد", "a\nb", "\ud800", "\x00\x1f", "http://example.org", "x" * 40_000)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def written(path: Path, *texts: str) -> bytes:
    with open_sheet(path, COLUMNS) as sheet:
        sheet.add([(text, 7900, NOON) for text in texts])
    return path.read_bytes()


def csv_rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "without its mark a French Excel reads é as two letters"
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def cells(path: Path, sheet: int = 1) -> list[ET.Element]:
    with ZipFile(path) as book:
        return list(ET.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml")).iter(f"{MAIN}c"))  # noqa: S314 - ours


def test_a_csv_is_what_a_french_spreadsheet_reads(tmp_path: Path) -> None:
    content = written(tmp_path / "a.csv", "Claire Morvan")
    assert csv_rows(content) == [
        ["Client", "Facturé", "Ouverte"],
        ["Claire Morvan", "79,00", "2026-11-23 11:00:05"],
    ]


@pytest.mark.parametrize("text", EVIL)
def test_nothing_typed_becomes_a_formula_in_a_csv(tmp_path: Path, text: str) -> None:
    row = csv_rows(written(tmp_path / "a.csv", text))[1]
    assert row[0] == f"'{text}"


@pytest.mark.parametrize("text", EVIL)
def test_nothing_typed_becomes_a_formula_in_an_xlsx(tmp_path: Path, text: str) -> None:
    written(tmp_path / "a.xlsx", text)
    typed = next(cell for cell in cells(tmp_path / "a.xlsx") if cell.get("r") == "A2")
    assert typed.get("t") == "inlineStr"
    assert typed.find(f"{MAIN}f") is None
    with ZipFile(tmp_path / "a.xlsx") as book:
        styles = ET.fromstring(book.read("xl/styles.xml"))  # noqa: S314 - ours
    formats = styles.find(f"{MAIN}cellXfs")
    assert formats is not None
    assert formats[int(typed.get("s", "0"))].get("quotePrefix") == "1", "edited, it would be a formula"


def test_an_xlsx_has_amounts_as_numbers_and_moments_as_such(tmp_path: Path) -> None:
    written(tmp_path / "a.xlsx", "Claire")
    _, amount, moment = cells(tmp_path / "a.xlsx")[3:]
    assert amount.findtext(f"{MAIN}v") == "79"
    day, _, clock = (moment.findtext(f"{MAIN}v") or "").partition(".")
    assert (int(day), round(float(f"0.{clock}") * 86_400)) == (46_349, 11 * 3600 + 5)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("text", ODD)
def test_anything_can_be_written(tmp_path: Path, suffix: str, text: str) -> None:
    assert written(tmp_path / f"a{suffix}", text, "Claire")
    if suffix == ".xlsx":
        assert len(cells(tmp_path / "a.xlsx")) >= 8


def test_a_full_sheet_goes_on_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    written(tmp_path / "a.xlsx", "1", "2", "3", "4", "5")
    assert [len(cells(tmp_path / "a.xlsx", number)) for number in (1, 2, 3)] == [9, 9, 6]


@pytest.mark.parametrize("cents", [(0, "0,00"), (5, "0,05"), (-2905, "-29,05"), (123_456, "1234,56")])
def test_amounts_are_written_to_the_cent(tmp_path: Path, cents: tuple[int, str]) -> None:
    with open_sheet(tmp_path / "a.csv", COLUMNS) as sheet:
        sheet.add([(None, cents[0], None)])
    assert csv_rows((tmp_path / "a.csv").read_bytes())[1] == ["", cents[1], ""]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_was_there_stays_until_all_is_written(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"yesterday's")

    def broken_off() -> Iterator[SheetRow]:
        yield from [("Claire", 1, NOON)] * 5000
        raise KeyError

    with pytest.raises(KeyError), open_sheet(path, COLUMNS) as sheet:
        sheet.add(broken_off())
    assert path.read_bytes() == b"yesterday's"
    assert list(tmp_path.iterdir()) == [path]
    written(path, "Claire")
    assert path.read_bytes() != b"yesterday's"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_folder_that_is_not_there_is_an_os_error(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(OSError, match="nowhere"), open_sheet(tmp_path / "nowhere" / f"a{suffix}", COLUMNS):
        pass
