"""Papers as PDF. The confirmation: one calm A4 page for a usual session, addressed for a French window envelope."""

from collections.abc import Iterable
from pathlib import Path
from threading import Lock

from agent_desk.adapters.pdf_case import lay_out_case
from agent_desk.adapters.pdf_page import (
    LEFT,
    LINE,
    MM,
    MUTED,
    RIGHT,
    SUNK,
    Box,
    Faces,
    Flow,
    Text,
    load_faces,
    paint,
)
from agent_desk.adapters.pdf_text import clip, wrap
from agent_desk.paths import data_path
from agent_desk.ports import CaseFile, LetterPaper, Receipt, ReceiptLine

ADDRESS_LEFT, ADDRESS_TOP, ADDRESS_LINES = 110 * MM, 48 * MM, 7
TITLE_TOP = 92 * MM
LETTER_SIZE, LETTER_STEP = 10, 14.5
COLUMN_EDGES = (LEFT, 108 * MM, 146 * MM, 168 * MM, RIGHT)  # left, left, right, right, right
LABEL_WIDTH, OUTCOME_WIDTH = 80 * MM, 27 * MM

# reportlab keeps its fonts in one table for the whole process: one drawing at a time.
_DRAWING = Lock()


class PdfPrinter:
    """Draws papers with Inter-Regular and Inter-SemiBold (TrueType), the shipped ones unless told another folder."""

    def __init__(self, fonts: Path | None = None) -> None:
        """Remember the folder; its fonts are read with the first paper, once for the process."""
        self._fonts = fonts or data_path("resources", "fonts")

    def receipt(self, receipt: Receipt) -> bytes:
        """Return the confirmation as PDF: identical bytes for identical data."""
        with _DRAWING:
            faces = load_faces(self._fonts)
            return paint(receipt, _lay_out(receipt, faces), faces)

    def letter(self, letter: LetterPaper) -> bytes:
        """Return a letter as PDF: identical bytes for identical data."""
        with _DRAWING:
            faces = load_faces(self._fonts)
            return paint(letter, _lay_out_letter(letter, faces), faces)

    def case_file(self, case: CaseFile) -> bytes:
        """Return everything about one session as PDF."""
        with _DRAWING:
            faces = load_faces(self._fonts)
            return paint(case, lay_out_case(case, faces), faces)


def _lay_out(receipt: Receipt, faces: Faces) -> list[list[Text | Box]]:
    flow = Flow(TITLE_TOP)
    _head(flow, receipt, faces)
    _table(flow, receipt, faces)
    _total(flow, receipt, faces)
    for heading, text in receipt.paragraphs:
        _paragraph(flow, heading, text, faces)
    return flow.pages


def _lay_out_letter(letter: LetterPaper, faces: Faces) -> list[list[Text | Box]]:
    flow = Flow(TITLE_TOP)
    _head(flow, letter, faces)
    for text in letter.paragraphs:
        for row in wrap(text, faces["regular"], LETTER_SIZE, RIGHT - LEFT, 400):
            flow.room(LETTER_STEP)
            flow.put(Text(LEFT, flow.y, row, size=LETTER_SIZE))
            flow.y += LETTER_STEP
        flow.y += LETTER_STEP / 2
    return flow.pages


def _head(flow: Flow, receipt: Receipt | LetterPaper, faces: Faces) -> None:
    flow.put(Text(LEFT, 24 * MM, clip(receipt.company, faces["semibold"], 13, RIGHT - LEFT), "semibold", 13))
    _stack(flow, receipt.recipient[:ADDRESS_LINES], faces)
    y = ADDRESS_TOP
    for label, value in receipt.facts:
        flow.put(
            Text(LEFT, y, clip(label, faces["regular"], 8, 78 * MM), size=8, ink=MUTED),
            Text(LEFT, y + 12, clip(value, faces["semibold"], 10, 78 * MM), "semibold", 10),
        )
        y += 29
    flow.y = max(TITLE_TOP, y + 8)
    flow.put(Text(LEFT, flow.y + 14, clip(receipt.title, faces["semibold"], 19, RIGHT - LEFT), "semibold", 19))
    flow.y += 38


def _stack(flow: Flow, lines: Iterable[str], faces: Faces) -> None:
    for row, line in enumerate(lines):
        face = "regular" if row else "semibold"
        text = clip(line, faces[face], 10.5, RIGHT - ADDRESS_LEFT)
        flow.put(Text(ADDRESS_LEFT, ADDRESS_TOP + 2 + row * 14.5, text, face, 10.5))


def _table(flow: Flow, receipt: Receipt, faces: Faces) -> None:
    _columns(flow, receipt)
    for line in receipt.lines:
        _row(flow, receipt, line, faces)
    flow.put(Box(LEFT, flow.y, RIGHT - LEFT, 0.6, LINE))


def _columns(flow: Flow, receipt: Receipt) -> None:
    for index, (label, edge) in enumerate(zip(receipt.columns, COLUMN_EDGES, strict=True)):
        flow.put(Text(edge, flow.y, label, "semibold", 8, MUTED, int(index > 1)))
    flow.y += 8


def _row(flow: Flow, receipt: Receipt, line: ReceiptLine, faces: Faces) -> None:
    labels = wrap(line.label, faces["semibold"], 10, LABEL_WIDTH, 3)
    reasons = wrap(line.reason, faces["regular"], 9, LABEL_WIDTH, 5)
    outcomes = wrap(line.outcome, faces["regular"], 9.5, OUTCOME_WIDTH, 5)
    height = max(13 * len(labels) + 12 * len(reasons) + (17 if line.article else 0), 13 * len(outcomes)) + 14
    if flow.room(height):
        _columns(flow, receipt)
    top = flow.y
    y = top + 18
    flow.put(Box(LEFT, top, RIGHT - LEFT, 0.6, LINE))
    flow.put(*(Text(COLUMN_EDGES[1], y + 13 * row, text) for row, text in enumerate(outcomes)))
    for edge, text, face in zip(
        COLUMN_EDGES[2:],
        (line.quantity, line.unit_price, line.amount),
        ("regular", "regular", "semibold"),
        strict=True,
    ):
        flow.put(Text(edge, y, text, face, 9.5 if face == "regular" else 10, anchor=1))
    flow.put(*(Text(LEFT, y + 13 * row, text, "semibold", 10) for row, text in enumerate(labels)))
    y += 13 * len(labels)
    flow.put(*(Text(LEFT, y + 12 * row, text, size=9, ink=MUTED) for row, text in enumerate(reasons)))
    y += 12 * len(reasons)
    if line.article:
        width = faces["semibold"].width(line.article, 7.5) + 10
        flow.put(Box(LEFT, y - 6.5, width, 13, SUNK, 6), Text(LEFT + 5, y + 2.6, line.article, "semibold", 7.5, MUTED))
    flow.y = top + height


def _total(flow: Flow, receipt: Receipt, faces: Faces) -> None:
    label, amount = receipt.total
    notes = [part for note in receipt.total_notes for part in wrap(note, faces["regular"], 9, 105 * MM, 3)]
    height = 34 + 13 * len(notes)
    flow.room(height + 14)
    top = flow.y + 12
    flow.put(
        Box(LEFT, top, RIGHT - LEFT, height, SUNK, 8),
        Text(LEFT + 12, top + 23, label, "semibold", 11),
        Text(RIGHT - 12, top + 25, amount, "semibold", 18, anchor=1),
        *(Text(LEFT + 12, top + 38 + 13 * row, note, size=9, ink=MUTED) for row, note in enumerate(notes)),
    )
    flow.y = top + height + 22


def _paragraph(flow: Flow, heading: str, text: str, faces: Faces) -> None:
    rows = wrap(text, faces["regular"], 9, RIGHT - LEFT, 60)
    flow.room(13 * min(len(rows), 3) + 14)
    flow.put(Text(LEFT, flow.y, clip(heading, faces["semibold"], 9.5, RIGHT - LEFT), "semibold", 9.5))
    flow.y += 13.5
    for row in rows:
        flow.room(13)
        flow.put(Text(LEFT, flow.y, row, size=9))
        flow.y += 13
    flow.y += 7
