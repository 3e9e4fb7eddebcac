"""Fitting any text into a line: what the font lacks is left out or marked, what is too long is wrapped or clipped."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

MISSING = "…"  # stands for letters this font cannot draw
LONGEST = 4000  # characters looked at; no text of a receipt is longer


@dataclass(frozen=True, slots=True)
class Face:
    """One cut of a font: the width of each character it has, in thousandths of its size."""

    widths: Mapping[int, float]
    default_width: float

    def width(self, text: str, size: float) -> float:
        """Return the width of `text` in points."""
        widths, default = self.widths, self.default_width
        return sum([widths.get(ord(char), default) for char in text]) * size / 1000


def printable(text: str, face: Face) -> str:
    """Return `text` as `face` can draw it: symbols it lacks vanish, letters it lacks become an ellipsis."""
    text = unicodedata.normalize("NFC", text[:LONGEST])
    if text.isprintable() and face.widths.keys() >= set(map(ord, text)):
        return text
    kept: list[str] = []
    for kind, run in groupby(text, key=lambda char: _fate(char, face)):
        if kind == "keep":
            kept.extend(run)
        elif kind == "space":
            kept.append(" ")
        elif kind == "mark":
            kept.append(MISSING)
    return " ".join("".join(kept).split(" ")).strip(" ") if kept else ""


def _fate(char: str, face: Face) -> str:
    category = unicodedata.category(char)
    if char in "\n\r\t\v\f" or category in ("Zl", "Zp"):
        return "space"
    if category in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return "drop"
    if ord(char) in face.widths:
        return "keep"
    return "mark" if category[0] in "LN" else "space" if category[0] == "Z" else "drop"


def clip(text: str, face: Face, size: float, width: float) -> str:
    """Return `text` on one line, cut with an ellipsis where it is wider than `width` points."""
    text = printable(text, face)
    return (
        text
        if face.width(text, size) <= width
        else _cut(text, face, size, width - face.width("…", size)).rstrip() + "…"
    )


def wrap(text: str, face: Face, size: float, width: float, most: int) -> list[str]:
    """Return `text` in at most `most` lines no wider than `width` points; no-break spaces do not break."""
    rows: list[str] = []
    row = ""
    used, space = 0.0, face.width(" ", size)
    for word in printable(text, face).split(" "):
        wide = face.width(word, size)
        if row and used + space + wide <= width:
            row, used = f"{row} {word}", used + space + wide
            continue
        if row:
            rows.append(row)
        row, used = word, wide
        while used > width and len(rows) <= most:
            part = _cut(row, face, size, width)
            rows.append(part)
            row = row[len(part) :]
            used = face.width(row, size)
        if len(rows) > most:
            break
    rows += [row] if row else []
    return rows if len(rows) <= most else [*rows[: most - 1], clip(f"{rows[most - 1]}…", face, size, width)]


def _cut(text: str, face: Face, size: float, width: float) -> str:
    """Return the longest start of `text` that fits, at least one character."""
    left = width * 1000 / size
    for index, char in enumerate(text):
        left -= face.widths.get(ord(char), face.default_width)
        if left < 0:
            return text[: max(index, 1)]
    return text
