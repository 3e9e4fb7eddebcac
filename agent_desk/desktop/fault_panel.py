"""What fills the window when there is no database to work with: one sentence, and the way out."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent_desk.desktop.boxes import Card
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.screen import Header, Screen
from agent_desk.desktop.widgets import button, label, line, on_click


class FaultPanel(Screen):
    """Calm, and never in the way of a second try."""

    settingsWanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._again: Callable[[], None] = lambda: None
        card = Card()
        card.setFixedWidth(560)
        self.title = label(role="title", wrap=True)
        self.sentence = label(wrap=True)
        self.sentence.setObjectName("fault_sentence")
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.again = on_click(button(kind="primary", icon_name="refresh", name="try_again"), self._try)
        self.folder = on_click(button(icon_name="folder", name="open_folder"), self._open_folder)
        self.settings = on_click(button(icon_name="settings", name="open_settings"), self.settingsWanted.emit)
        for widget in (self.title, self.sentence, line(self.again, self.settings, self.folder, None)):
            card.box.addWidget(widget)
        outer = QVBoxLayout(self)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        self.retranslate()

    def header(self) -> Header:
        """Return the title."""
        return Header(self.tr("Agent Desk"))

    def tell(self, sentence: str, again: Callable[[], None]) -> None:
        """Show what is wrong; `again` is called for another try."""
        self._again = again
        self.sentence.setText(sentence)
        self.again.setEnabled(True)
        self.again.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        self.title.setText(self.tr("The database cannot be used"))
        self.again.setText(self.tr("Try again"))
        self.settings.setText(self.tr("Settings"))
        self.folder.setText(self.tr("Open the data folder"))

    def _try(self) -> None:
        self.again.setEnabled(False)
        self._again()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.desk.site.data_folder)))
