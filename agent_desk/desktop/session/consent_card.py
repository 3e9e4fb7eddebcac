"""One text read to the customer, exactly as it ships, and the answer given; the one in hand is open."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from agent_desk.actions.consent_texts import ConsentText
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.answer_row import AnswerRow
from agent_desk.desktop.session.choices import article, consent_choices
from agent_desk.desktop.session.texts import short_time
from agent_desk.desktop.widgets import button, chip, label, set_property, set_text
from agent_desk.rules.session import Answer, Channel, Consent, ConsentKind

ARTICLES = {
    ConsentKind.PRICE: "3.3",
    ConsentKind.WARRANTY: "4.10",
    ConsentKind.BACKUP: "4.3",
    ConsentKind.EARLY_START: "10",
    ConsentKind.EARLY_START_WAIVER: "10",
    ConsentKind.SCREEN_SHARING: "2.2",
    ConsentKind.AFTER_HOURS: "3.2",
}
_GOOD = frozenset({Answer.YES, Answer.DONE, Answer.NONE_ACCEPTED})


class ConsentCard(QFrame):
    """Title, article and proof above; the text when open; the question with its keys below."""

    answered = Signal(object, object)  # kind, Answer
    withdrawn = Signal(object)  # kind

    def __init__(self, desk: Desk, kind: ConsentKind) -> None:
        super().__init__()
        self._desk = desk
        self.kind = kind
        self.setProperty("role", "consent")
        self.title = label(role="strong")
        self._article = chip()
        self._proof = chip()
        self._withdraw = button("", "link")
        self._withdraw.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._withdraw.clicked.connect(lambda: self.withdrawn.emit(self.kind))
        self._text = label(wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._weaker = label(role="muted", wrap=True)
        self._weaker.hide()
        self.row = AnswerRow()
        self.row.setObjectName(f"consents.{kind}")
        self.row.answered.connect(self._tell)
        head = QHBoxLayout()
        head.setSpacing(8)
        for widget in (self.title, self._article):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self._proof)
        head.addWidget(self._withdraw)
        box = QVBoxLayout(self)
        box.setContentsMargins(13, 8, 9, 7)
        box.setSpacing(5)
        box.addLayout(head)
        box.addWidget(self._text)
        box.addWidget(self.row)
        box.addWidget(self._weaker)
        self.set_open(False)

    def retranslate(self) -> None:
        """Put every text but the customer's in the language of the moment."""
        wording = self._desk.wording
        set_text(self.title, wording.text(f"consents.{self.kind}.title"))
        set_text(self._article, article(wording, ARTICLES[self.kind]))
        self.row.set_question(wording.text(f"consents.{self.kind}.question"))
        self.row.set_choices(consent_choices(self.kind, wording))
        self._withdraw.setText(QCoreApplication.translate("SessionAgreement", "Withdraw"))
        self._withdraw.setAccessibleName(f"{self._withdraw.text()} {self.title.text()}")

    def show_consent(self, text: ConsentText, filled: str, consent: Consent | None, note: str = "") -> None:
        """Show the text as read and the answer in force; `note` says why an earlier answer no longer counts."""
        set_text(self._text, filled.strip())
        self.row.set_value(None if consent is None else consent.answer)
        wording = self._desk.wording
        if consent is None:
            set_text(self._proof, note or wording.text("consent_notes.version", version=text.version))
            set_property(self._proof, "tone", "warn" if note else "")
        else:
            set_text(self._proof, self._proof_of(consent))
            set_property(self._proof, "tone", "ok" if consent.answer in _GOOD else "bad")
        self._withdraw.setVisible(consent is not None)
        set_text(self._weaker, wording.text("consent_notes.voice_is_weaker"))
        self._weaker.setVisible(consent is not None and self._is_weaker(consent))

    def set_open(self, is_open: bool) -> None:
        """Show or hide the text."""
        self._text.setVisible(is_open)
        set_property(self, "focused", is_open)

    def contains(self, widget: QWidget | None) -> bool:
        """Tell whether `widget` is part of this card."""
        return widget is not None and (widget is self or self.isAncestorOf(widget))

    def _is_weaker(self, consent: Consent) -> bool:
        """Tell whether this is a yes to sharing given aloud, which lets nobody see the screen (2.2)."""
        spoken = consent.channel is Channel.VOICE and consent.answer is Answer.YES
        return self.kind is ConsentKind.SCREEN_SHARING and spoken

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
