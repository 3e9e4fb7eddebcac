"""The confirmation as a PDF: one calm A4 page for a usual session, addressed for a French window envelope."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from agent_desk.adapters.pdf_text import Face, clip, printable, wrap
from agent_desk.paths import data_path
from agent_desk.ports import Receipt, ReceiptLine

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT = 20 * MM, 190 * MM
BOTTOM = 272 * MM  # of the text; the page number stands below
ADDRESS_LEFT, ADDRESS_TOP, ADDRESS_LINES = 110 * MM, 48 * MM, 7
TITLE_TOP = 92 * MM
NEXT_PAGE_TOP = 24 * MM

INK, MUTED, LINE, SUNK = (HexColor(value) for value in ("#1A1F26", "#56606C", "#DADFE6", "#F5F6F8"))
FACES = {"regular": "Inter-Regular", "semibold": "Inter-SemiBold"}
COLUMN_EDGES = (LEFT, 108 * MM, 146 * MM, 168 * MM, RIGHT)  # left, left, right, right, right
LABEL_WIDTH, OUTCOME_WIDTH = 80 * MM, 27 * MM
LOCALES = {"fr": "fr-FR", "en": "en-GB"}


@dataclass(frozen=True, slots=True)
class _Text:
    """A run of text; `anchor` is 0 at its left edge and 1 at its right edge, `y` its base line from the top."""

    x: float
    y: float
    text: str
    face: str = "regular"
    size: float = 9.5
    ink: Color = INK
    anchor: int = 0


@dataclass(frozen=True, slots=True)
class _Box:
    """A filled rectangle, `y` its upper edge from the top."""

    x: float
    y: float
    width: float
    height: float
    fill: Color
    radius: float = 0


@dataclass(slots=True)
class _Flow:
    """Where the next thing goes; opens a page when it would not fit."""

    y: float = TITLE_TOP
    pages: list[list[_Text | _Box]] = field(default_factory=lambda: [[]])

    def room(self, height: float) -> bool:
        """Go to a new page unless `height` points are left on this one; tell whether it is new."""
        full = self.y + height > BOTTOM
        if full:
            self.pages.append([])
            self.y = NEXT_PAGE_TOP
        return full

    def put(self, *marks: _Text | _Box) -> None:
        """Place marks on the present page."""
        self.pages[-1].extend(marks)


Faces = dict[str, Face]

# reportlab keeps its fonts in one table for the whole process: one drawing at a time.
_DRAWING = Lock()


class PdfPrinter:
    """Draws receipts with Inter-Regular and Inter-SemiBold (TrueType), the shipped ones unless told another folder."""

    def __init__(self, fonts: Path | None = None) -> None:
        """Remember the folder; its fonts are read with the first receipt, once for the process."""
        self._fonts = fonts or data_path("resources", "fonts")

    def receipt(self, receipt: Receipt) -> bytes:
        """Return the confirmation as PDF: identical bytes for identical data."""
        with _DRAWING:
            faces = _load(self._fonts)
            return _paint(receipt, _lay_out(receipt, faces), faces)


@cache
def _load(folder: Path) -> Faces:
    faces: Faces = {}
    for key, name in FACES.items():
        font = TTFont(name, str(folder / f"{name}.ttf"))
        pdfmetrics.registerFont(font)
        faces[key] = Face(font.face.charWidths, font.face.defaultWidth)
    return faces


def _lay_out(receipt: Receipt, faces: Faces) -> list[list[_Text | _Box]]:
    flow = _Flow()
    _head(flow, receipt, faces)
    _table(flow, receipt, faces)
    _total(flow, receipt, faces)
    for heading, text in receipt.paragraphs:
        _paragraph(flow, heading, text, faces)
    return flow.pages


def _head(flow: _Flow, receipt: Receipt, faces: Faces) -> None:
    flow.put(_Text(LEFT, 24 * MM, clip(receipt.company, faces["semibold"], 13, RIGHT - LEFT), "semibold", 13))
    _stack(flow, receipt.recipient[:ADDRESS_LINES], faces)
    y = ADDRESS_TOP
    for label, value in receipt.facts:
        flow.put(
            _Text(LEFT, y, clip(label, faces["regular"], 8, 78 * MM), size=8, ink=MUTED),
            _Text(LEFT, y + 12, clip(value, faces["semibold"], 10, 78 * MM), "semibold", 10),
        )
        y += 29
    flow.y = max(TITLE_TOP, y + 8)
    flow.put(_Text(LEFT, flow.y + 14, clip(receipt.title, faces["semibold"], 19, RIGHT - LEFT), "semibold", 19))
    flow.y += 38


def _stack(flow: _Flow, lines: Iterable[str], faces: Faces) -> None:
    for row, line in enumerate(lines):
        face = "regular" if row else "semibold"
        text = clip(line, faces[face], 10.5, RIGHT - ADDRESS_LEFT)
        flow.put(_Text(ADDRESS_LEFT, ADDRESS_TOP + 2 + row * 14.5, text, face, 10.5))


def _table(flow: _Flow, receipt: Receipt, faces: Faces) -> None:
    _columns(flow, receipt)
    for line in receipt.lines:
        _row(flow, receipt, line, faces)
    flow.put(_Box(LEFT, flow.y, RIGHT - LEFT, 0.6, LINE))


def _columns(flow: _Flow, receipt: Receipt) -> None:
    for index, (label, edge) in enumerate(zip(receipt.columns, COLUMN_EDGES, strict=True)):
        flow.put(_Text(edge, flow.y, label, "semibold", 8, MUTED, int(index > 1)))
    flow.y += 8


def _row(flow: _Flow, receipt: Receipt, line: ReceiptLine, faces: Faces) -> None:
    labels = wrap(line.label, faces["semibold"], 10, LABEL_WIDTH, 3)
    reasons = wrap(line.reason, faces["regular"], 9, LABEL_WIDTH, 5)
    outcomes = wrap(line.outcome, faces["regular"], 9.5, OUTCOME_WIDTH, 5)
    height = max(13 * len(labels) + 12 * len(reasons) + (17 if line.article else 0), 13 * len(outcomes)) + 14
    if flow.room(height):
        _columns(flow, receipt)
    top = flow.y
    y = top + 18
    flow.put(_Box(LEFT, top, RIGHT - LEFT, 0.6, LINE))
    flow.put(*(_Text(COLUMN_EDGES[1], y + 13 * row, text) for row, text in enumerate(outcomes)))
    for edge, text, face in zip(
        COLUMN_EDGES[2:],
        (line.quantity, line.unit_price, line.amount),
        ("regular", "regular", "semibold"),
        strict=True,
    ):
        flow.put(_Text(edge, y, text, face, 9.5 if face == "regular" else 10, anchor=1))
    flow.put(*(_Text(LEFT, y + 13 * row, text, "semibold", 10) for row, text in enumerate(labels)))
    y += 13 * len(labels)
    flow.put(*(_Text(LEFT, y + 12 * row, text, size=9, ink=MUTED) for row, text in enumerate(reasons)))
    y += 12 * len(reasons)
    if line.article:
        width = faces["semibold"].width(line.article, 7.5) + 10
        flow.put(
            _Box(LEFT, y - 6.5, width, 13, SUNK, 6), _Text(LEFT + 5, y + 2.6, line.article, "semibold", 7.5, MUTED)
        )
    flow.y = top + height


def _total(flow: _Flow, receipt: Receipt, faces: Faces) -> None:
    label, amount = receipt.total
    notes = [part for note in receipt.total_notes for part in wrap(note, faces["regular"], 9, 105 * MM, 3)]
    height = 34 + 13 * len(notes)
    flow.room(height + 14)
    top = flow.y + 12
    flow.put(
        _Box(LEFT, top, RIGHT - LEFT, height, SUNK, 8),
        _Text(LEFT + 12, top + 23, label, "semibold", 11),
        _Text(RIGHT - 12, top + 25, amount, "semibold", 18, anchor=1),
        *(_Text(LEFT + 12, top + 38 + 13 * row, note, size=9, ink=MUTED) for row, note in enumerate(notes)),
    )
    flow.y = top + height + 22


def _paragraph(flow: _Flow, heading: str, text: str, faces: Faces) -> None:
    rows = wrap(text, faces["regular"], 9, RIGHT - LEFT, 60)
    flow.room(13 * min(len(rows), 3) + 14)
    flow.put(_Text(LEFT, flow.y, clip(heading, faces["semibold"], 9.5, RIGHT - LEFT), "semibold", 9.5))
    flow.y += 13.5
    for row in rows:
        flow.room(13)
        flow.put(_Text(LEFT, flow.y, row, size=9))
        flow.y += 13
    flow.y += 7


def _paint(receipt: Receipt, pages: list[list[_Text | _Box]], faces: Faces) -> bytes:
    out = BytesIO()
    canvas = Canvas(
        out,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        invariant=1,  # no clock, no random identifier: identical bytes for identical data
        pageCompression=0,  # text as subset codes hardly shrinks, and packing it costs a tenth of the time
        lang=LOCALES.get(receipt.language, receipt.language),
        initialFontName=FACES["regular"],
        initialFontSize=9.5,
    )
    canvas.setTitle(printable(receipt.title, faces["regular"]))
    canvas.setAuthor(printable(f"{receipt.author}, {receipt.company}", faces["regular"]))
    canvas.setSubject(receipt.number)
    canvas.setCreator("Agent Desk")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for number, marks in enumerate(pages, start=1):
        foot = receipt.page_label.format(page=number, pages=len(pages))
        marks += [
            _Text(LEFT, 285 * MM, f"{receipt.company} · {receipt.number}", size=8, ink=MUTED),
            _Text(RIGHT, 285 * MM, foot, size=8, ink=MUTED, anchor=1),
        ]
        _paint_boxes(canvas, [mark for mark in marks if isinstance(mark, _Box)])
        _paint_texts(canvas, [mark for mark in marks if isinstance(mark, _Text)], faces)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _paint_boxes(canvas: Canvas, boxes: Iterable[_Box]) -> None:
    for box in boxes:
        canvas.setFillColor(box.fill)
        lower = PAGE_HEIGHT - box.y - box.height
        if box.radius:
            canvas.roundRect(box.x, lower, box.width, box.height, box.radius, stroke=0, fill=1)
        else:
            canvas.rect(box.x, lower, box.width, box.height, stroke=0, fill=1)


def _paint_texts(canvas: Canvas, texts: Iterable[_Text], faces: Faces) -> None:
    """Write one text object a page, telling font and colour only where they change: a third of the time otherwise."""
    pen = canvas.beginText()
    style: tuple[str, float] = ("", 0)
    ink: Color | None = None
    for mark in texts:
        text = printable(mark.text, faces[mark.face])
        if (mark.face, mark.size) != style:
            style = (mark.face, mark.size)
            pen.setFont(FACES[mark.face], mark.size)
        if mark.ink is not ink:
            ink = mark.ink
            pen.setFillColor(ink)
        shift = faces[mark.face].width(text, mark.size) if mark.anchor else 0
        pen.setTextOrigin(round(mark.x - shift, 2), round(PAGE_HEIGHT - mark.y, 2))
        pen.textOut(text)
    canvas.drawText(pen)
