"""The consents one step asks for: their texts, their answers, and the way from one to the next."""

from collections.abc import Hashable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QBoxLayout, QWidget

from agent_desk import late
from agent_desk.actions.consent_texts import ConsentText, text_on
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.consent_card import ConsentCard
from agent_desk.desktop.session.editor import Editor
from agent_desk.desktop.session.preview import Preview
from agent_desk.formats import format_cents
from agent_desk.rules.gates import current, price_fingerprint
from agent_desk.rules.session import Answer, Channel, Consent, ConsentKind

WEAK_BY_VOICE = frozenset({ConsentKind.SCREEN_SHARING})  # 2.2: the screen is seen on the page's consent only


class Consents(QObject):
    """Cards for some kinds, in one layout; answers go through the session's queue."""

    finished = Signal()  # the last one is answered

    def __init__(
        self, desk: Desk, kinds: Sequence[ConsentKind], layout: QBoxLayout, parent: QWidget, *, opens_first: bool = True
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._opens_first = opens_first
        self._texts: dict[Hashable, ConsentText] = {}
        self.editor: Editor | None = None
        self.cards = {kind: ConsentCard(desk, kind) for kind in kinds}
        for card in self.cards.values():
            card.answered.connect(self._record)
            card.withdrawn.connect(self._withdraw)
            card.row.advance.connect(partial(self._advance, card))
            layout.addWidget(card)
        QApplication.instance().focusChanged.connect(self._open_in_hand)  # type: ignore[union-attr]

    def retranslate(self) -> None:
        """Put the cards in the language of the moment."""
        for card in self.cards.values():
            card.retranslate()

    def show(self, preview: Preview, kinds: Sequence[ConsentKind]) -> None:
        """Show the texts in the customer's language with the answers in force; only these `kinds` are asked."""
        for kind, card in self.cards.items():
            card.setVisible(kind in kinds)
            if kind in kinds:
                self._show_card(card, preview)
        self._open_in_hand(None, QApplication.focusWidget())

    def field(self, path: str) -> QWidget | None:
        """Return the row of a consent by its path; None for another."""
        rows = (card.row for card in self._shown())
        return next((row for row in rows if row.objectName() == path), None)

    def first_open(self) -> QWidget | None:
        """Return the first row without an answer."""
        return next((card.row for card in self._shown() if not card.row.answered_now), None)

    def _shown(self) -> list[ConsentCard]:
        return [card for card in self.cards.values() if not card.isHidden()]

    def _show_card(self, card: ConsentCard, preview: Preview) -> None:
        facts = preview.facts
        language = facts.content.customer.language
        changes = self._desk.reference.changes
        key = (card.kind, language, preview.day, changes)
        if key not in self._texts:
            self._texts[key] = text_on(card.kind, language, changes, preview.day)
        text = self._texts[key]
        total = format_cents(sum(line.full_cents for line in preview.lines), text.language)
        consent = current(facts.consents, card.kind)
        weak = card.kind in WEAK_BY_VOICE and (consent is None or consent.channel is Channel.VOICE)
        note = self._desk.wording.text("consent_notes.voice_is_weaker") if weak else ""
        if card.kind is ConsentKind.PRICE and consent is not None and self._is_stale(consent, preview):
            consent, note = None, self._desk.wording.text("gates.price_changed")
        card.show_consent(text, text.text.replace("{total}", total), consent, note)

    def _is_stale(self, consent: Consent, preview: Preview) -> bool:
        facts = preview.facts
        return consent.covers != price_fingerprint(facts.content.lines, facts.catalogue)

    def _record(self, kind: ConsentKind, answer: Answer) -> None:
        if self.editor is not None:
            self.editor.act(lambda view: lambda ctx: late.record_consent(ctx, view.id, kind, answer, Channel.VOICE))

    def _withdraw(self, kind: ConsentKind) -> None:
        if self.editor is not None and current(self.editor.view.consents, kind) is not None:
            self.editor.act(lambda view: lambda ctx: late.withdraw_consent(ctx, view.id, kind, Channel.VOICE))

    def _advance(self, card: ConsentCard) -> None:
        shown = self._shown()
        place = shown.index(card)
        following = [*shown[place + 1 :], *shown[:place]]
        target = next((one.row for one in following if not one.row.answered_now), None)
        if target is None:
            self.finished.emit()
        else:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def _open_in_hand(self, _old: QWidget | None, now: QWidget | None) -> None:
        shown = self._shown()
        if not any(card.isVisible() for card in shown):
            return
        in_hand = next((card for card in shown if card.contains(now)), None)
        if in_hand is None and self._opens_first:
            in_hand = next((card for card in shown if not card.row.answered_now), None)
        for card in shown:
            card.set_open(is_open=card is in_hand, focused=card.contains(now))
