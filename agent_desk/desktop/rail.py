"""The rail at the left: one button per screen."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from agent_desk.desktop.icons import icon
from agent_desk.desktop.widgets import bold

WIDTH = 84
FRAME = 13


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: the screen's name, its icon, its key; those `below` stand at the bottom."""

    name: str
    icon: str
    key: str
    below: bool = False


PLACES = (
    Place("today", "today", "Alt+1"),
    Place("session", "session", "Alt+2"),
    Place("catalogue", "catalogue", "Alt+3"),
    Place("journal", "journal", "Alt+4"),
    Place("pilotage", "pilotage", "Alt+5"),
    Place("agenda", "calendar", "Alt+6"),
    Place("help", "help", "F1", below=True),
    Place("settings", "settings", "Ctrl+,", below=True),
)


class Rail(QFrame):
    """Where an agent goes from screen to screen; arrow keys move inside, Tab leaves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self.setMinimumWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 12, 6, 12)
        box.setSpacing(4)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        for place in PLACES:
            if place.below and not any(one.below for one in PLACES[: PLACES.index(place)]):
                box.addStretch(1)
            box.addWidget(self._button(place))

    def _button(self, place: Place) -> QToolButton:
        made = QToolButton()
        made.setObjectName(f"rail_{place.name}")
        made.setProperty("role", "rail")
        made.setCheckable(True)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setIcon(icon(place.icon, "muted"))
        made.setIconSize(QSize(20, 20))
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        self._group.addButton(made)
        self.buttons[place.name] = made
        return made

    def on_choice(self, go: Callable[[str], None]) -> None:
        """Call `go(name)` when a button is pressed."""
        for name, made in self.buttons.items():
            made.clicked.connect(lambda _checked=False, name=name: go(name))

    def offer(self, name: str, *, offered: bool) -> None:
        """Show the button of a screen, or hide it."""
        self.buttons[name].setVisible(offered)

    def set_current(self, name: str) -> None:
        """Mark the screen that is shown."""
        self.buttons[name].setChecked(True)

    def set_texts(self, texts: dict[str, str], keys: dict[str, str]) -> None:
        """Set what stands under the icons, and the keys told in the tool tips."""
        heavy = bold(self.font())  # the chosen one is written in bold: no text may need more room then
        heavy.setPixelSize(11)
        metrics = QFontMetrics(heavy)
        for name, made in self.buttons.items():
            made.setText(texts[name])
            made.setMinimumWidth(max(WIDTH - 13, metrics.horizontalAdvance(texts[name]) + FRAME))
            made.setAccessibleName(texts[name])
            made.setToolTip(f"{texts[name]} ({keys[name]})")
