"""Boxes that hold other pieces of a screen: cards, notices, rows and sections."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from agent_desk.desktop.widgets import Scroll, clear_layout, label, set_property, set_text

RIGHT_WIDTH = 308


class Frame(QFrame):
    """A frame in one of the stylesheet's roles, with a vertical layout in `box`."""

    def __init__(
        self,
        role: str = "card",
        margins: tuple[int, int, int, int] = (15, 13, 15, 13),
        spacing: int = 8,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(*margins)
        self.box.setSpacing(spacing)


class Card(Frame):
    """A white surface with a line around it, and a heading when `title` is given."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__("card", parent=parent)
        self.heading = label(title, "strong")
        self.box.addWidget(self.heading)
        self.heading.setVisible(bool(title))  # once it stands in the card: before, it would be a window of its own

    def set_title(self, title: str) -> None:
        """Set the heading; none when empty."""
        set_text(self.heading, title)
        self.heading.setVisible(bool(title))


class Notice(Frame):
    """One sentence that must be seen, with a tone and at most a few buttons; hidden while it has nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("notice", (13, 8, 13, 8), 6, parent)
        self.sentence = label(wrap=True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._row = QHBoxLayout()
        self._row.addWidget(self.sentence, 1)
        self.box.addLayout(self._row)
        self.hide()

    def add_button(self, made: QPushButton) -> None:
        """Put a button at the right of the sentence."""
        self._row.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)

    def tell(self, sentence: str, tone: str = "warn") -> None:
        """Show `sentence`; an empty one hides the notice."""
        set_property(self, "tone", tone)
        set_text(self.sentence, sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))


class Row(QWidget):
    """A text at the left and a short one at the right, as in the right-hand panel."""

    def __init__(self, left: str = "", right: str = "", left_role: str = "", right_role: str = "") -> None:
        super().__init__()
        self.left = label(left, left_role, wrap=True)
        self.right = label(right, right_role)
        self.right.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 3, 0, 3)
        box.setSpacing(8)
        box.addWidget(self.left, 1)
        box.addWidget(self.right, 0)

    def set_texts(self, left: str, right: str) -> None:
        """Set both texts."""
        set_text(self.left, left)
        set_text(self.right, right)


class Section(QWidget):
    """A small grey heading with rows under it, which can be taken out and put in again."""

    def __init__(self, title: str = "", parent: QWidget | None = None, below: int = 14) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, below)
        outer.setSpacing(4)
        self.heading = label(title, "section")
        outer.addWidget(self.heading)
        self.rows = QVBoxLayout()
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(0)
        outer.addLayout(self.rows)

    def set_title(self, title: str) -> None:
        """Set the heading."""
        set_text(self.heading, title)

    def clear(self) -> None:
        """Take all rows out."""
        clear_layout(self.rows)

    def add(self, widget: QWidget) -> None:
        """Put a row at the end."""
        self.rows.addWidget(widget)


class RightPanel(QFrame):
    """The panel at the right of a screen: sections from top to bottom in a column that scrolls."""

    def __init__(self, parent: QWidget | None = None, width: int = RIGHT_WIDTH) -> None:
        super().__init__(parent)
        self.setProperty("role", "right")
        self.setMinimumWidth(width)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        scroll = Scroll(margins=(16, 18, 16, 18), spacing=0)
        self.box = scroll.box
        self.box.addStretch(1)
        outer.addWidget(scroll)

    def add(self, widget: QWidget) -> None:
        """Put a widget under those already there."""
        self.box.insertWidget(self.box.count() - 1, widget)

    def add_first(self, widget: QWidget) -> None:
        """Put a widget above all others."""
        self.box.insertWidget(0, widget)

    def section(self, title: str = "") -> Section:
        """Add a section and return it."""
        made = Section(title)
        self.add(made)
        return made

    def sizeHint(self) -> QSize:
        """Return the width of the pictures, or what the content needs when texts are longer."""
        return QSize(max(self.minimumWidth(), self.minimumSizeHint().width()), 400)
