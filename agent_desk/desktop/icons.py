"""The drawn icon set of `resources/icons`: 20 × 20 strokes, drawn when painted, in the colour of the moment."""

from functools import lru_cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize
from PySide6.QtGui import QColor, QIcon, QIconEngine, QImage, QImageReader, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from agent_desk.paths import data_path

_TONES = {
    "": QPalette.ColorRole.ButtonText,
    "muted": QPalette.ColorRole.PlaceholderText,
    "accent": QPalette.ColorRole.Link,
    "on_accent": QPalette.ColorRole.HighlightedText,
}


@lru_cache(maxsize=96)
def _drawing(name: str) -> str:
    return data_path("resources", "icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def icon_image(name: str, colour: str, pixels: int) -> QImage:
    """Return the icon as a square of `pixels` device pixels in `colour` ("#RRGGBB"); FileNotFoundError if undrawn."""
    buffer = QBuffer()
    buffer.setData(QByteArray(_drawing(name).replace("currentColor", colour).encode()))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(QSize(pixels, pixels))
    return reader.read()


def paint_icon(painter: QPainter, name: str, colour: QColor, rect: QRect) -> None:
    """Draw the icon centred in `rect`, sharp at any scaling."""
    side = min(rect.width(), rect.height())
    ratio = painter.device().devicePixelRatio()
    image = icon_image(name, colour.name(), round(side * ratio))
    left, top = rect.x() + (rect.width() - side) // 2, rect.y() + (rect.height() - side) // 2
    painter.drawImage(QRect(left, top, side, side), image)


class _Ink(QIconEngine):
    """Draws at paint time, so that a change of theme needs no new icons."""

    def __init__(self, name: str, tone: str) -> None:
        super().__init__()
        self._name = name
        self._tone = tone

    def _ink(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        tone = self._tone
        if mode == QIcon.Mode.Disabled:
            tone = "muted"
        elif state == QIcon.State.On:
            tone = "accent"
        return QApplication.palette().color(_TONES[tone])

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint_icon(painter, self._name, self._ink(mode, state), rect)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return QPixmap.fromImage(icon_image(self._name, self._ink(mode, state).name(), max(1, size.width())))

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        pixmap = self.pixmap(size, mode, state)
        pixmap.setDevicePixelRatio(scale)
        return pixmap

    def clone(self) -> QIconEngine:
        return _Ink(self._name, self._tone)


def icon(name: str, tone: str = "") -> QIcon:
    """Return the icon called `name` in a tone of the theme in force: "", "muted", "accent" or "on_accent"."""
    return QIcon(_Ink(name, tone))
