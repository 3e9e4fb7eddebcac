"""The confirmation on paper, read back with pypdf."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from agent_desk.adapters.pdf import PdfPrinter
from agent_desk.adapters.pdf_page import MM, PAGE_HEIGHT
from agent_desk.adapters.pdf_text import Face, clip, printable, wrap
from agent_desk.ports import CaseFile, CaseRow, Receipt, ReceiptLine
from tests.support.letters import case_file, receipt

FACE = Face({ord(char): 500 for char in " abcdefghijklmnopqrstuvwxyzé…"}, 500)
FIVE = 2.5 * 5  # points: five letters of FACE at 5 points


def _read(one: Receipt) -> PdfReader:
    return PdfReader(BytesIO(PdfPrinter().receipt(one)))


def _text(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def _read_case(one: CaseFile) -> PdfReader:
    return PdfReader(BytesIO(PdfPrinter().case_file(one)))


def test_identical_data_gives_identical_bytes() -> None:
    assert PdfPrinter().receipt(receipt()) == PdfPrinter().receipt(receipt())
    assert PdfPrinter().receipt(receipt()) != PdfPrinter().receipt(receipt(total=("Total", "79,01 €")))


def test_a_usual_session_takes_one_page_and_many_lines_take_more() -> None:
    assert len(_read(receipt()).pages) == 1
    long = _read(receipt(lines=receipt().lines * 12))
    assert len(long.pages) > 2
    assert f"Page {len(long.pages)} sur {len(long.pages)}" in long.pages[-1].extract_text()
    assert _text(long).count("Brancher un appareil à la Livebox") == 12
    assert _text(long).count("Montant TTC") == len(long.pages)


def test_everything_on_the_page_can_be_selected_and_searched() -> None:
    text = _text(_read(receipt()))
    for said in (
        "Mme Claire Morvan",
        "S-2026-004127",
        "Confirmation de votre assistance",
        "Retirer virus et logiciels espions",
        "Le retrait de virus est facturé dans tous les cas.",
        "art. 4.9",
        "79,00 €",
        "dont TVA 20 % : 13,17 €",
        "Page 1 sur 1",
    ):
        assert said in text, said


def test_the_document_names_itself_its_author_and_its_language() -> None:
    reader = _read(receipt())
    assert reader.metadata is not None
    assert reader.metadata.title == "Confirmation de votre assistance"
    assert reader.metadata.author == "Nadia, Assistance Sosh"
    root: Any = reader.root_object
    assert root["/Lang"] == "fr-FR"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_the_fonts_are_ours_and_travel_with_the_document() -> None:
    page: Any = _read(receipt()).pages[0]
    fonts = page["/Resources"]["/Font"].values()
    names = {font.get_object()["/BaseFont"].partition("+")[2] for font in fonts}
    assert names == {"Inter-Regular", "Inter-SemiBold"}
    assert all("/FontFile2" in font.get_object()["/FontDescriptor"] for font in fonts)


def test_the_address_stands_where_a_french_window_envelope_shows_it() -> None:
    places: list[tuple[float, float]] = []

    def visit(text: str, _cm: object, tm: list[float], _font: object, _size: object) -> None:
        if text.strip() in receipt().recipient:
            places.append((tm[4] / MM, (PAGE_HEIGHT - tm[5]) / MM))

    _read(receipt()).pages[0].extract_text(visitor_text=visit)
    assert len(places) == 3
    assert all(105 <= x <= 195 and 45 <= y <= 85 for x, y in places)


@pytest.mark.parametrize(
    "name",
    [
        "x" * 10_000,
        "mot " * 3000,
        "يوسف بن علي",
        "山田太郎",
        "Zoé 😀👩‍👩‍👧",
        "\u202e evil \u0000\u0007",
        'd\'Été "Œuf" & <b>',
        "",
    ],
)
def test_any_name_leaves_one_readable_page(name: str) -> None:
    usual = receipt().lines[0]
    line = ReceiptLine(name, name, name, usual.article, usual.quantity, usual.unit_price, usual.amount)
    reader = _read(receipt(recipient=(name, "12 rue des Lilas"), lines=(line,), title=name, author=name))
    assert len(reader.pages) == 1
    assert "12 rue des Lilas" in _text(reader)
    assert "79,00 €" in _text(reader)


@given(st.text())
def test_what_the_font_lacks_is_left_out_or_marked(text: str) -> None:
    shown = printable(text, FACE)
    assert set(map(ord, shown)) <= set(FACE.widths)
    assert printable(shown, FACE) == shown


def test_letters_the_font_lacks_leave_a_trace_and_symbols_none() -> None:
    assert printable("abc", FACE) == "abc"
    assert printable("سلام", FACE) == "…"
    assert printable("zoe\u0301 😀", FACE) == "zoé"
    assert printable("a\tb\nc\u200bd", FACE) == "a b cd"


@given(st.text(alphabet="abcé \u00a0", max_size=60), st.integers(1, 6))
def test_no_line_is_wider_than_its_column_nor_one_too_many(text: str, most: int) -> None:
    rows = wrap(text, FACE, 5, FIVE, most)
    assert len(rows) <= most
    assert all(FACE.width(row, 5) <= FIVE for row in rows)


def test_a_word_longer_than_the_column_goes_on_in_the_next_line() -> None:
    assert wrap("ab abcdefgh a", FACE, 5, FIVE, 9) == ["ab", "abcde", "fgh a"]


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    assert clip("abcdefgh", FACE, 5, FIVE) == "abcd…"
    assert wrap("abcde abcde abcde", FACE, 5, FIVE, 2) == ["abcde", "abcd…"]
    assert clip("abcde", FACE, 5, FIVE) == "abcde"


def test_a_case_file_says_every_row_under_its_heading_and_how_many_pages_there_are() -> None:
    reader = _read_case(case_file())
    text = _text(reader)
    for said in (
        "Dossier de la session S-2026-004127",
        "Mme Claire Morvan",
        "Demande",
        "Des fenêtres s’ouvrent",
        "toutes seules",
        "1 · 23 nov. 2026, 12:00:00",
        "vérifié",
        "Page 1 sur 1",
    ):
        assert said in text, said
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (
        "Dossier de la session S-2026-004127",
        "Sam Petit, Assistance Sosh",
    )
    assert PdfPrinter().case_file(case_file()) == PdfPrinter().case_file(case_file())


def test_a_long_case_file_goes_over_pages_and_loses_no_row() -> None:
    rows = tuple(CaseRow(f"{at}", f"Ligne{at}", (f"Détail{at} " + "mot " * 60,), "vérifié") for at in range(120))
    reader = _read_case(case_file(sections=(("Événements", rows),)))
    text = _text(reader)
    assert len(reader.pages) > 4
    assert [at for at in range(120) if f"Ligne{at}\n" not in text or f"Détail{at} " not in text] == []
    assert "Événements" in reader.pages[0].extract_text()


def test_a_row_taller_than_a_page_goes_on_over_the_next() -> None:
    text = "\n".join(f"Paragraphe{at} " + "mot " * 30 for at in range(90))
    reader = _read_case(case_file(sections=(("Demande", (CaseRow("Notes", text),)),)))
    found = _text(reader)
    assert len(reader.pages) > 2
    assert [at for at in range(90) if f"Paragraphe{at} " not in found] == []


def test_what_follows_a_row_that_went_over_the_page_stands_right_below_it() -> None:
    above = tuple(CaseRow(f"{at}", f"Court{at}") for at in range(20))
    tall = CaseRow("Notes", "\n".join(f"Paragraphe{at}" for at in range(20)))
    reader = _read_case(case_file(sections=(("Demande", (*above, tall, CaseRow("Suite", "Juste après"))),)))
    places: dict[str, float] = {}

    def visit(text: str, _cm: object, tm: list[float], _font: object, _size: object) -> None:
        places[text.strip()] = PAGE_HEIGHT - tm[5]

    assert "Notes" in reader.pages[0].extract_text(), "it begins low on the first page"
    reader.pages[1].extract_text(visitor_text=visit)
    assert 0 < places["Juste après"] - places["Paragraphe19"] < 12 * MM


@pytest.mark.parametrize(
    "nasty", ["", "x" * 5000, "\u202e evil \u0000\u0007", "👩\u200d👩\u200d👧 漢字 العربية", "\n\n"]
)
def test_whatever_was_typed_can_be_printed(nasty: str) -> None:
    rows = (CaseRow(nasty, nasty, (nasty, nasty), nasty),)
    case = case_file(title=nasty, company=nasty, facts=((nasty, nasty),), sections=((nasty, rows), ("leer", ())))
    assert _read_case(case).pages
