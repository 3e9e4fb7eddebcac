"""A page of paper: runs of text and filled boxes at their places, painted with our own fonts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Protocol

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from agent_desk.adapters.pdf_text import Face, printable

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT = 20 * MM, 190 * MM
BOTTOM = 272 * MM  # of the text; the page number stands below
NEXT_PAGE_TOP = 24 * MM

INK, MUTED, LINE, SUNK = (HexColor(value) for value in ("#1A1F26", "#56606C", "#DADFE6", "#F5F6F8"))
FACES = {"regular": "Inter-Regular", "semibold": "Inter-SemiBold"}
LOCALES = {"fr": "fr-FR", "en": "en-GB"}

Faces = dict[str, Face]


class Document(Protocol):
    """What every page says of its document."""

    @property
    def language(self) -> str:
        """Return "fr" or "en"."""

    @property
    def number(self) -> str:
        """Return the number of its session."""

    @property
    def title(self) -> str:
        """Return its title."""

    @property
    def company(self) -> str:
        """Return in whose name it is written."""

    @property
    def author(self) -> str:
        """Return who wrote it."""

    @property
    def page_label(self) -> str:
        """Return how a page is numbered, with places for `page` and `pages`."""


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text; `anchor` is 0 at its left edge and 1 at its right edge, `y` its base line from the top."""

    x: float
    y: float
    text: str
    face: str = "regular"
    size: float = 9.5
    ink: Color = INK
    anchor: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle, `y` its upper edge from the top."""

    x: float
    y: float
    width: float
    height: float
    fill: Color
    radius: float = 0


@dataclass(slots=True)
class Flow:
    """Where the next thing goes; opens a page when it would not fit."""

    y: float
    pages: list[list[Text | Box]] = field(default_factory=lambda: [[]])

    def room(self, height: float) -> bool:
        """Go to a new page unless `height` points are left on this one; tell whether it is new."""
        full = self.y + height > BOTTOM
        if full:
            self.pages.append([])
            self.y = NEXT_PAGE_TOP
        return full

    def put(self, *marks: Text | Box) -> None:
        """Place marks on the present page."""
        self.pages[-1].extend(marks)


@cache
def load_faces(folder: Path) -> Faces:
    """Return the fonts of that folder, read once for the process."""
    faces: Faces = {}
    for key, name in FACES.items():
        font = TTFont(name, str(folder / f"{name}.ttf"))
        pdfmetrics.registerFont(font)
        faces[key] = Face(font.face.charWidths, font.face.defaultWidth)
    return faces


def paint(document: Document, pages: list[list[Text | Box]], faces: Faces) -> bytes:
    """Return the pages as PDF, each with its foot: identical bytes for identical data."""
    out = BytesIO()
    canvas = Canvas(
        out,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        invariant=1,  # no clock, no random identifier: identical bytes for identical data
        pageCompression=0,  # text as subset codes hardly shrinks, and packing it costs a tenth of the time
        lang=LOCALES.get(document.language, document.language),
        initialFontName=FACES["regular"],
        initialFontSize=9.5,
    )
    canvas.setTitle(printable(document.title, faces["regular"]))
    canvas.setAuthor(printable(f"{document.author}, {document.company}", faces["regular"]))
    canvas.setSubject(document.number)
    canvas.setCreator("Agent Desk")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for number, marks in enumerate(pages, start=1):
        foot = document.page_label.format(page=number, pages=len(pages))
        marks += [
            Text(LEFT, 285 * MM, f"{document.company} · {document.number}", size=8, ink=MUTED),
            Text(RIGHT, 285 * MM, foot, size=8, ink=MUTED, anchor=1),
        ]
        _paint_boxes(canvas, [mark for mark in marks if isinstance(mark, Box)])
        _paint_texts(canvas, [mark for mark in marks if isinstance(mark, Text)], faces)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _paint_boxes(canvas: Canvas, boxes: Iterable[Box]) -> None:
    for box in boxes:
        canvas.setFillColor(box.fill)
        lower = PAGE_HEIGHT - box.y - box.height
        if box.radius:
            canvas.roundRect(box.x, lower, box.width, box.height, box.radius, stroke=0, fill=1)
        else:
            canvas.rect(box.x, lower, box.width, box.height, stroke=0, fill=1)


def _paint_texts(canvas: Canvas, texts: Iterable[Text], faces: Faces) -> None:
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
