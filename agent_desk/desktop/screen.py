"""What the main window expects of a screen."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QWidget

from agent_desk.desktop.desk import Desk


@dataclass(frozen=True, slots=True)
class Chip:
    """A small label; `tone` is "", "ok", "warn", "bad" or "acc" and never says what the text does not."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """The line above a screen: title, chips, and at the right a status that ends with an amount."""

    title: str
    chips: tuple[Chip, ...] = ()
    status: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """Something an agent can do from the palette; `key` is its shortcut as QKeySequence reads it."""

    text: str
    run: Callable[[], None]
    key: str = ""
    icon: str = ""
    hint: str = ""


class Screen(QWidget):
    """A page of the main window; it refreshes when shown and retranslates itself."""

    headerChanged = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setProperty("role", "page")

    def header(self) -> Header:
        """Return what stands above this screen now; called again after each `headerChanged`."""
        raise NotImplementedError

    def commands(self) -> list[Command]:
        """Return what the palette offers while this screen is shown."""
        return []

    def refresh(self) -> None:
        """Bring the screen up to date; called each time it comes to the front."""

    def save(self) -> None:
        """Hand what is not yet saved to the workers; the screen stays."""

    def loses(self) -> bool:
        """Tell whether closing would lose what could not be saved."""
        return False

    def flush(self) -> None:
        """Hand what is not yet saved to the workers; called before the window closes."""

    def says(self) -> str:
        """Return the sentence for the agent this screen shows now, "" for none."""
        return ""

    def keeps_open(self) -> bool:
        """Tell whether closing would lose what could not be saved; says so, and once only."""
        return False

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self.headerChanged.emit()
        super().changeEvent(event)
