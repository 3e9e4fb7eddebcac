"""Step 4: the customer hears each text and answers; what is agreed is kept as given."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_session_agreement import Ui_SessionAgreement
from agent_desk.desktop.session.consents import Consents
from agent_desk.desktop.session.editor import Editor
from agent_desk.desktop.session.page import Page
from agent_desk.desktop.session.preview import Preview
from agent_desk.desktop.session.texts import short_time
from agent_desk.desktop.widgets import set_text
from agent_desk.rules.session import ConsentKind, Segment, Step

ALWAYS = (ConsentKind.PRICE, ConsentKind.WARRANTY, ConsentKind.BACKUP)
RESIDENTIAL = (ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER)


class AgreementStep(Page):
    """Price, warranty, backup and, for residential customers, the two statements on starting early."""

    step = Step.AGREEMENT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Ui_SessionAgreement())
        self._consents = Consents(desk, (*ALWAYS, *RESIDENTIAL), self.ui.consentsLayout, self)
        self._consents.finished.connect(self.finished)
        self.retranslate()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        super().retranslate()
        self._consents.retranslate()

    def attach(self, editor: Editor | None) -> None:
        """Show another session from now on."""
        super().attach(editor)
        self._consents.editor = editor

    def arrange(self, preview: Preview) -> None:
        """Ask what this customer must answer."""
        residential = preview.facts.content.customer.segment is Segment.RESIDENTIAL
        self._consents.show(preview, ALWAYS + RESIDENTIAL if residential else ALWAYS)
        agreed_at = preview.facts.agreed_at
        self.ui.agreedNote.setVisible(agreed_at is not None)
        if agreed_at is not None:
            sent = QCoreApplication.translate(
                "SessionAgreement", "Agreed at %1; the offer was prepared for the customer."
            )
            set_text(self.ui.agreedText, sent.replace("%1", short_time(agreed_at)))

    def field(self, path: str) -> QWidget | None:
        """Return the row of a consent."""
        return self._consents.field(path)

    def first_field(self) -> QWidget | None:
        """Return the first consent without an answer, or the first one."""
        return self._consents.first_open() or self._consents.field(f"consents.{ConsentKind.PRICE}")
