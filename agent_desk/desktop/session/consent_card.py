"""One text read to the customer, exactly as it ships, and the answer given; the one in hand is open."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from agent_desk.actions.consent_texts import ConsentText
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.answer_row import AnswerRow
from agent_desk.desktop.session.choices import article, consent_choices
from agent_desk.desktop.session.texts import short_time
from agent_desk.desktop.widgets import button, label, set_property, set_text
from agent_desk.rules.session import Answer, Consent, ConsentKind

ARTICLES = {
    ConsentKind.PRICE: "3.3",
    ConsentKind.WARRANTY: "4.10",
    ConsentKind.BACKUP: "4.3",
    ConsentKind.EARLY_START: "10",
    ConsentKind.EARLY_START_WAIVER: "10",
    ConsentKind.SCREEN_SHARING: "2.2",
    ConsentKind.AFTER_HOURS: "3.2",
}


class ConsentCard(QFrame):
    """Title, article, proof and choices in one row; the text below it when open."""

    answered = Signal(object, object)  # kind, Answer
    withdrawn = Signal(object)  # kind

    def __init__(self, desk: Desk, kind: ConsentKind) -> None:
        super().__init__()
        self._desk = desk
        self.kind = kind
        self.setProperty("role", "consent")
        self._withdraw = button("", "link")
        self._withdraw.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._withdraw.clicked.connect(lambda: self.withdrawn.emit(self.kind))
        self._text = label(wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setContentsMargins(6, 0, 6, 4)
        self.row = AnswerRow()
        self.row.setProperty("role", "inner")
        self.row.make_title()
        self.row.setObjectName(f"consents.{kind}")
        self.row.answered.connect(self._tell)
        self.row.add_beside(self._withdraw)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 3, 6, 4)
        box.setSpacing(2)
        box.addWidget(self.row)
        box.addWidget(self._text)
        self.set_open(is_open=False, focused=False)

    def retranslate(self) -> None:
        """Put every text but the customer's in the language of the moment."""
        wording = self._desk.wording
        title = wording.text(f"consents.{self.kind}.title")
        self.row.set_question(title)
        self.row.set_article(article(wording, ARTICLES[self.kind]))
        self.row.set_choices(consent_choices(self.kind, wording))
        self.row.setToolTip(wording.text(f"consents.{self.kind}.question"))
        self._withdraw.setText(QCoreApplication.translate("SessionAgreement", "Withdraw"))
        self._withdraw.setAccessibleName(f"{self._withdraw.text()} {title}")

    def show_consent(self, text: ConsentText, filled: str, consent: Consent | None, note: str = "") -> None:
        """Show the text as read and the answer in force; `note` says what else to know."""
        set_text(self._text, filled.strip())
        self.row.set_value(None if consent is None else consent.answer)
        version = self._desk.wording.text("consent_notes.version", version=text.version)
        proof = version if consent is None else self._proof_of(consent)
        self.row.set_hint(f"{proof} — {note}" if note else proof)
        self._withdraw.setVisible(consent is not None)

    def set_open(self, *, is_open: bool, focused: bool) -> None:
        """Show or hide the text; the one with the focus carries the ring."""
        self._text.setVisible(is_open)
        set_property(self, "focused", focused)

    def contains(self, widget: QWidget | None) -> bool:
        """Tell whether `widget` is part of this card."""
        return widget is not None and (widget is self or self.isAncestorOf(widget))

    def _proof_of(self, consent: Consent) -> str:
        wording = self._desk.wording
        parts = (
            wording.text(f"consent_channels.{consent.channel}"),
            wording.text("consent_notes.version", version=consent.text_version),
            short_time(consent.at),
            consent.recorded_by,
        )
        return " · ".join(part for part in parts if part)

    def _tell(self, value: object) -> None:
        if isinstance(value, Answer):
            self.answered.emit(self.kind, value)
        else:
            self.withdrawn.emit(self.kind)
