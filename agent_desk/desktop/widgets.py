"""The pieces all screens are made of; their looks are in `resources/theme/style.qss`."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from agent_desk.desktop.icons import icon
from agent_desk.desktop.screen import Chip

BAR_HEIGHT = 56
LONGEST_LINE = 400


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property the stylesheet looks at, and have it look again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def set_text(label: QLabel, text: str) -> None:
    """Set a label's text only where it differs, so that nothing is laid out again for nothing."""
    if label.text() != text:
        label.setText(text)


def label(text: str = "", role: str = "", *, wrap: bool = False, rich: bool = False) -> QLabel:
    """Return a label in one of the stylesheet's roles; plain text unless `rich`, as names may hold any character."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.RichText if rich else Qt.TextFormat.PlainText)
    made.setText(text)
    if role:
        made.setProperty("role", role)
    if wrap:
        made.setWordWrap(True)
    return made


def chip(text: str = "", tone: str = "") -> QLabel:
    """Return a small rounded label."""
    made = label(text, "chip")
    made.setProperty("tone", tone)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return made


def kbd(key: str) -> QLabel:
    """Return a key cap."""
    made = label(key, "kbd")
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return made


def rule() -> QFrame:
    """Return a thin line across."""
    line = QFrame()
    line.setProperty("role", "rule")
    line.setFixedHeight(1)
    return line


def button(text: str = "", kind: str = "", icon_name: str = "", name: str = "") -> QPushButton:
    """Return a push button: `kind` is "", "primary", "danger", "good", "quiet", "link" or "blocker"."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    if icon_name:
        made.setIcon(icon(icon_name, "on_accent" if kind == "primary" else ""))
        made.setIconSize(QSize(16, 16))
    if name:
        made.setObjectName(name)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def clear_layout(layout: QLayout) -> None:
    """Take every widget out of `layout` and delete it."""
    while True:
        item: QLayoutItem | None = layout.takeAt(0)
        if item is None:
            return
        widget = item.widget()
        inner = item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear_layout(inner)


def typed_text(field: QPlainTextEdit) -> str:
    """Return what stands in a field of several lines, with its no-break spaces, which `toPlainText` takes away."""
    return field.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")


def bold(font: QFont, weight: QFont.Weight = QFont.Weight.DemiBold) -> QFont:
    """Return `font` in another weight."""
    heavy = QFont(font)
    heavy.setWeight(weight)
    return heavy


class Elided(QLabel):
    """One line that gives way when there is no room: a name may have 10,000 characters."""

    def __init__(self, parent: QWidget | None = None, text: str = "", role: str = "") -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        if role:
            self.setProperty("role", role)
        self.set_whole(text)

    def set_whole(self, text: str) -> None:
        """Show as much of `text` as there is room for; the tool tip holds the beginning of the rest."""
        text = " ".join(text[:LONGEST_LINE].split())
        if text != self._whole:
            self._whole = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self._fit()

    def whole(self) -> str:
        """Return the text as it is without the room's limits."""
        return self._whole

    def sizeHint(self) -> QSize:
        """Return the room the whole text wants."""
        margins = self.contentsMargins()
        width = self.fontMetrics().horizontalAdvance(self._whole) + margins.left() + margins.right() + 2
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return room for a few characters."""
        return QSize(min(self.sizeHint().width(), 60), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(self.contentsRect().width(), 0)
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        if shown != self.text():
            self.setText(shown)
        self.setToolTip("" if shown == self._whole else self._whole)


class NumberBox(QSpinBox):
    """A number typed, or changed with the arrow keys; the stylesheet cannot indent the field inside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(9, 0, 9, 0)


class Scroll(QScrollArea):
    """A column that scrolls when the window is low; never sideways."""

    def __init__(
        self,
        parent: QWidget | None = None,
        margins: tuple[int, int, int, int] = (0, 0, 0, 0),
        spacing: int = 12,
    ) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        inner.setProperty("role", "scrolled")
        self.box = QVBoxLayout(inner)
        self.box.setContentsMargins(*margins)
        self.box.setSpacing(spacing)
        self.setWidget(inner)

    def minimumSizeHint(self) -> QSize:
        """Return the width the content needs: it is never cut sideways."""
        inner = self.widget()
        width = inner.minimumSizeHint().width() if inner is not None else 0
        return QSize(width, 60)


class Bar(QFrame):
    """A header or footer: one row, 56 pixels high."""

    def __init__(self, parent: QWidget | None = None, role: str = "footer") -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setMinimumHeight(BAR_HEIGHT)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(18, 0, 18, 0)
        self.row.setSpacing(10)


class ChipRow(QWidget):
    """Chips side by side, rebuilt only where they changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self._labels: list[QLabel] = []

    def set_chips(self, chips: Sequence[Chip]) -> None:
        """Show these chips."""
        while len(self._labels) < len(chips):
            made = chip()
            self._labels.append(made)
            self._box.addWidget(made)
        for index, made in enumerate(self._labels):
            made.setVisible(index < len(chips))
            if index < len(chips):
                set_text(made, chips[index].text)
                set_property(made, "tone", chips[index].tone)


class KeyHint(QWidget):
    """Key caps and what they do: `Ctrl` `K` search."""

    def __init__(self, keys: Sequence[str], text: str = "") -> None:
        super().__init__()
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        for key in keys:
            box.addWidget(kbd(key))
        self.text = label(text, "small")
        box.addWidget(self.text)
        box.addStretch(1)


def column(*widgets: QWidget, spacing: int = 8) -> QWidget:
    """Return the widgets one under the other, without margins."""
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(spacing)
    for widget in widgets:
        box.addWidget(widget)
    return made


def line(*widgets: QWidget | None, spacing: int = 8) -> QWidget:
    """Return the widgets side by side, without margins; None stands for the free space."""
    made = QWidget()
    box = QHBoxLayout(made)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(spacing)
    for widget in widgets:
        if widget is None:
            box.addStretch(1)
        else:
            box.addWidget(widget)
    return made


def on_click(made: QPushButton, action: Callable[[], None]) -> QPushButton:
    """Connect a button to an action without arguments and return it."""
    made.clicked.connect(lambda _checked=False: action())
    return made
