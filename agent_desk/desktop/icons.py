"""The drawn icon set of `resources/icons`: 20 × 20 strokes, drawn when painted, in the colour of the moment."""

from functools import lru_cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize
from PySide6.QtGui import QColor, QIcon, QIconEngine, QImage, QImageReader, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from agent_desk.paths import data_path

_ROLE = {
    QIcon.Mode.Normal: QPalette.ColorRole.ButtonText,
    QIcon.Mode.Active: QPalette.ColorRole.ButtonText,
    QIcon.Mode.Selected: QPalette.ColorRole.ButtonText,
    QIcon.Mode.Disabled: QPalette.ColorRole.PlaceholderText,
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

    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self._name = name
        self._colour = colour

    def _ink(self, mode: QIcon.Mode) -> QColor:
        if self._colour and mode != QIcon.Mode.Disabled:
            return QColor(self._colour)
        return QApplication.palette().color(_ROLE[mode])

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        paint_icon(painter, self._name, self._ink(mode), rect)

    def pixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State) -> QPixmap:
        return QPixmap.fromImage(icon_image(self._name, self._ink(mode).name(), max(1, size.width())))

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        pixmap = self.pixmap(size, mode, state)
        pixmap.setDevicePixelRatio(scale)
        return pixmap

    def clone(self) -> QIconEngine:
        return _Ink(self._name, self._colour)


def icon(name: str, colour: str = "") -> QIcon:
    """Return the icon called `name`, in `colour` or, without one, in the button text colour of the theme in force."""
    return QIcon(_Ink(name, colour))
