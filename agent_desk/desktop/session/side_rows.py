"""What the right-hand panel is made of: things to collect, things that block, and protection switched off."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from agent_desk.desktop.widgets import label, set_property, set_text


class ItemButton(QPushButton):
    """One thing to collect, with its state; a click goes there."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "row")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._text = label()
        self._state = label(role="todo")
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 4)
        box.addWidget(self._text, 1)
        box.addWidget(self._state)
        self.go: Callable[[], None] = lambda: None
        self.clicked.connect(self._go)

    def _go(self) -> None:
        self.go()

    def show_item(self, text: str, state: str, *, done: bool) -> None:
        """Show the item, a tick when it is done."""
        set_text(self._text, text)
        set_text(self._state, "✓" if done else state)
        set_property(self._state, "role", "tick" if done else "todo")
        self.setAccessibleName(f"{text}: {state}")

    def sizeHint(self) -> QSize:
        """Return what the texts need."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return what the texts need."""
        return self.sizeHint()


class BlockerButton(QPushButton):
    """One thing that blocks, in words; a click goes there."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "blocker")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed
        )  # a push button keeps its text's width
        self._text = label(role="blocker", wrap=True)
        box = QHBoxLayout(self)
        box.setContentsMargins(9, 4, 9, 4)
        box.addWidget(self._text)
        self.go: Callable[[], None] = lambda: None
        self.clicked.connect(self._go)

    def _go(self) -> None:
        self.go()

    def show_blocker(self, text: str, article: str) -> None:
        """Show what misses and the article behind it."""
        set_text(self._text, text)
        self.setToolTip(article)
        self.setAccessibleName(f"{text}, {article}")

    def hasHeightForWidth(self) -> bool:
        """Tell that a long text takes a second line."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the text at this width."""
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else 0

    def sizeHint(self) -> QSize:
        """Return what the text needs."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the least: any width will do."""
        return QSize(60, self.heightForWidth(max(self.width(), 240)))


class GuardRow(QWidget):
    """A tick and a text of as many lines as it takes: protection off, and since when (4.5)."""

    def __init__(self) -> None:
        super().__init__()
        self.tick = QCheckBox()
        self.tick.setObjectName("protection_off")
        self._text = label(wrap=True)
        self._text.setBuddy(self.tick)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.tick, 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self._text, 1)

    def show_guard(self, text: str, *, is_off: bool) -> None:
        """Show whether it is off."""
        self.tick.setChecked(is_off)
        self.tick.setAccessibleName(text)
        set_text(self._text, text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let a click on the text tick too."""
        super().mouseReleaseEvent(event)
        self.tick.click()
