"""A text message as it will be sent, with its length: what any form that sends SMS shows before it does."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.widgets import label, set_property, set_text
from agent_desk.rules.sms import MOST_PARTS, Encoding, measure

if TYPE_CHECKING:
    from agent_desk.actions.context import Context

    Job = Callable[[Context], str]


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
        self._wanted: Job | None = None
        self._asking = False
        self._show("")

    def set_text(self, text: str) -> None:
        """Show a text; "" shows nothing."""
        self._wanted = None
        self._show(text)

    def ask(self, desk: Desk, job: "Job") -> None:
        """Show what `job` returns, nothing where it is refused; of what is asked meanwhile only the last counts."""
        self._wanted = job
        if not self._asking and not desk.background.closed:
            self._run(desk, job)

    def _run(self, desk: Desk, job: "Job") -> None:
        self._asking = True
        desk.run(job, lambda text: self._take(desk, job, text), lambda _: self._take(desk, job, ""), owner=self)

    def _take(self, desk: Desk, job: "Job", text: str) -> None:
        self._asking = False
        if self._wanted is job:
            self._show(text)
        elif self._wanted is not None:
            self._run(desk, self._wanted)

    def _show(self, text: str) -> None:
        self._given = text
        found = measure(text)
        set_text(self.text, found.text)
        alphabet = self.tr("GSM alphabet") if found.encoding is Encoding.GSM else self.tr("Unicode")
        told = self.tr("{0}/{1} characters, {2} SMS, {3}").format(found.length, found.room, found.parts, alphabet)
        set_text(self.length, told if text else "")
        set_property(self.length, "role", "bad" if found.parts > MOST_PARTS else "muted")
        self.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        """Say it in the language of the moment."""
        if event.type() == QEvent.Type.LanguageChange:
            self._show(self._given)
        super().changeEvent(event)
