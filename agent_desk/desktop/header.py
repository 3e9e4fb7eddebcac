"""The line above every screen: what is shown, its chips, the running call, and the way into the palette."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from agent_desk.desktop.screen import Header
from agent_desk.desktop.theme import with_figures
from agent_desk.desktop.widgets import Bar, ChipRow, Elided, kbd, label, set_text

WIDTH = 250


class SearchButton(QPushButton):
    """Looks like a search field, opens the palette."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setProperty("kind", "search")
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._box = box = QHBoxLayout(self)
        box.setContentsMargins(11, 0, 9, 0)
        box.setSpacing(4)
        self._label = label(role="muted")
        box.addWidget(self._label)
        box.addStretch(1)
        self._keys: list[QLabel] = [kbd("Ctrl"), kbd("K")]
        for key in self._keys:
            box.addWidget(key)
        for inner in (self._label, *self._keys):
            inner.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_label(self, text: str, control: str) -> None:
        """Set the words and the name of the Ctrl key."""
        set_text(self._label, text)
        set_text(self._keys[0], control)
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the width of the pictures, or what longer words need."""
        return QSize(max(WIDTH, self._box.sizeHint().width()), 33)

    def minimumSizeHint(self) -> QSize:
        """Never cut the words."""
        return self.sizeHint()


class HeaderBar(Bar):
    """Shows a `Header`, changing only what differs: it is called every second while a call runs."""

    searchRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "header")
        self.row.setSpacing(14)
        self.title = Elided(role="heading")
        self.title.setObjectName("screen_title")
        self.chips = ChipRow()
        self.status = label(role="muted")
        self.status.setObjectName("call_status")
        self.amount = label(role="strong")
        self.amount.setObjectName("call_amount")
        for clock in (self.status, self.amount):
            clock.setFont(with_figures(clock.font()))
        self.search = SearchButton()
        self.search.clicked.connect(self.searchRequested)
        self.row.addWidget(self.title)
        self.row.addWidget(self.chips)
        self.row.addStretch(1)
        call = QHBoxLayout()
        call.setSpacing(0)
        call.addWidget(self.status)
        call.addWidget(self.amount)
        self.row.addLayout(call)
        self.row.addWidget(self.search)

    def show_header(self, header: Header) -> None:
        """Show what a screen says about itself."""
        self.title.set_whole(header.title)
        self.chips.set_chips(header.chips)
        between = " · " if header.status and header.amount else ""
        set_text(self.status, f"{header.status}{between}")
        set_text(self.amount, header.amount)
