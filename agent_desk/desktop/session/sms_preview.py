"""A text message as it will be sent, with its length: what any form that sends SMS shows before it does."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent_desk.desktop.widgets import label, set_property, set_text
from agent_desk.rules.sms import MOST_PARTS, measure


class SmsPreview(QWidget):
    """Shows the text within the GSM alphabet where it can be, and how many places and SMS it takes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = label(wrap=True)
        self.text.setObjectName("sms_text")
        self.length = label(role="muted")
        self.length.setObjectName("sms_length")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.text)
        column.addWidget(self.length)
        self._given = ""
        self.set_text("")

    def set_text(self, text: str) -> None:
        """Show a text; "" shows nothing."""
        self._given = text
        found = measure(text)
        set_text(self.text, found.text)
        told = self.tr("{0}/{1}, {2} SMS").format(found.length, found.room, found.parts)
        set_text(self.length, told if text else "")
        set_property(self.length, "role", "bad" if found.parts > MOST_PARTS else "muted")
        self.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        """Say it in the language of the moment."""
        if event.type() == QEvent.Type.LanguageChange:
            self.set_text(self._given)
        super().changeEvent(event)
