"""How delegates paint chips and cut texts, so that lists look like the rest."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from agent_desk.desktop.theme import Theme
from agent_desk.desktop.widgets import bold

CHIP_HEIGHT, CHIP_PAD = 20, 6
WRAP = int(Qt.TextFlag.TextWordWrap)
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_CHIP = {
    "": ("sunk", "muted"),
    "ok": ("ok_soft", "ok_text"),
    "warn": ("warn_soft", "warn_text"),
    "bad": ("bad_soft", "bad_text"),
    "acc": ("accent_soft", "accent_text"),
}


def chip_font(font: QFont) -> QFont:
    """Return the font of chips."""
    small = bold(font)
    small.setPixelSize(11)
    return small


def chip_width(text: str, font: QFont) -> int:
    """Return how wide a chip with this text is."""
    return QFontMetrics(chip_font(font)).horizontalAdvance(text) + 18


def chip_size(text: str, font: QFont, width: int) -> QSize:
    """Return the size of a chip no wider than `width`: one line where that is enough."""
    inner = wrapped(text, chip_font(font), width - 18)
    return QSize(inner.width() + 18, inner.height() + CHIP_PAD)


def wrapped(text: str, font: QFont, width: int) -> QSize:
    """Return the room a text takes whose lines end at `width`."""
    return QFontMetrics(font).boundingRect(QRect(0, 0, max(width, 60), 2000), WRAP, text).size()


def paint_chip(painter: QPainter, rect: QRect, text: str, tone: str, theme: Theme, *, chosen: bool = False) -> int:
    """Paint a chip at the left of `rect`, cut to its width; return the width taken. On a chosen row it stands out."""
    ground, ink = _CHIP[tone]
    if chosen and tone in ("", "acc"):
        ground = "surface"
    plain = painter.font()
    painter.setFont(chip_font(plain))
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(rect.width() - 18, 0))
    width = metrics.horizontalAdvance(shown) + 18
    box = QRect(rect.left(), rect.center().y() - CHIP_HEIGHT // 2 + 1, width, CHIP_HEIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(ground))
    painter.drawRoundedRect(box, CHIP_HEIGHT / 2, CHIP_HEIGHT / 2)
    painter.setPen(theme.colour(ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
    painter.setFont(plain)
    return width


def paint_text(painter: QPainter, rect: QRect, text: str, ink: QColor, align: Qt.AlignmentFlag = LEFT) -> int:
    """Paint one line cut to `rect`; return the width taken."""
    painter.setPen(ink)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(rect.width(), 0))
    painter.drawText(rect, align, shown)
    return painter.fontMetrics().horizontalAdvance(shown)
