"""Lines of text that lists paint over and over: cut and laid out once."""

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QStaticText

KEPT = 500


class Lines:
    """Lines in one font, cut and laid out once: that takes five times as long as to paint them again."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetrics(font)
        self._made: dict[tuple[str, int], tuple[QStaticText, float]] = {}

    def paint(self, painter: QPainter, rect: QRect, text: str, ink: QColor, *, right: bool = False) -> None:
        """Paint one line in the middle of `rect`, cut to its width."""
        line, width = self._made.get((text, rect.width())) or self._make(text, rect.width())
        painter.setPen(ink)
        painter.setFont(self.font)
        left = rect.left() + (rect.width() - width if right else 0)
        painter.drawStaticText(QPointF(left, rect.top() + (rect.height() - self._metrics.height()) // 2), line)

    def _make(self, text: str, room: int) -> tuple[QStaticText, float]:
        if len(self._made) >= KEPT:
            self._made.clear()
        line = QStaticText(self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
        line.setTextFormat(Qt.TextFormat.PlainText)
        line.prepare(font=self.font)
        self._made[text, room] = line, line.size().width()
        return self._made[text, room]
