"""Beside the code: where the customer is, then the two words to recognise, then why the share ended."""

from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QBoxLayout, QLineEdit, QPlainTextEdit, QScrollArea, QWidget

from agent_desk import late
from agent_desk.actions.share_views import ShareView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.answer_row import Choice, KeyButton
from agent_desk.desktop.session.code_card import ISSUE_KEY, NARROW
from agent_desk.desktop.session.editor import Editor
from agent_desk.desktop.session.texts import short_time
from agent_desk.desktop.widgets import set_property, set_text
from agent_desk.rules.share import PAIRS, Pair, ShareEnd, ShareState

WIDTH = 190
WIDEST = 16777215  # Qt's own "as wide as you like"
PAIR_HEIGHT = 29
LIVE = "live"
GOOD_ENDS = frozenset({ShareEnd.BY_CUSTOMER, ShareEnd.BY_AGENT, ShareEnd.SESSION_ENDED, ShareEnd.REPLACED})
_TEXTS = (QLineEdit, QPlainTextEdit)


class ShareWords(QObject):
    """Drives the narrow card of the Intervention form; the keys 1, 2 and 3 act while no text is being typed."""

    failed = Signal(object)  # the exception
    codeWanted = Signal()

    def __init__(self, desk: Desk, ui: Any, page: QScrollArea) -> None:
        super().__init__(page)
        self._desk = desk
        self._ui = ui
        self._page = page
        self._pairs: dict[int, tuple[tuple[Pair, ...], int | None]] = {}  # by share: what was shown, what was chosen
        self.editor: Editor | None = None
        self._buttons: list[KeyButton] = []
        self._keys = [self._key(place, page) for place in range(PAIRS)]
        ui.sideIssue.clicked.connect(self.codeWanted)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow_focus)

    def retranslate(self) -> None:
        """Show the key beside what it does."""
        text = QCoreApplication.translate("SessionIntervention", "New code")
        self._ui.sideIssue.setText(f"{text}  {ISSUE_KEY}")

    def show(self) -> None:
        """Show how the session's share stands."""
        ui, editor = self._ui, self.editor
        share = editor.share if editor is not None else None
        waits = editor is not None and editor.view.code is not None and editor.view.code.state == LIVE
        ui.sideCard.setVisible(self._desk.serves_page and (waits or share is not None) and not self._is_over())
        ended = share is not None and share.state is ShareState.ENDED and not waits
        pairs, taken = self._shown_pairs(share)
        self._show_pairs(pairs, taken)
        set_text(ui.sideTitle, self._title(share, ended=ended, words=bool(pairs)))
        text = self._ended_text(share) if ended and share is not None else "" if pairs else self._progress(share)
        set_text(ui.sideText, text)
        ui.sideText.setVisible(bool(text))
        ui.sideIssue.setVisible(ended)
        self._lay_out()
        ui.sideCard.setAccessibleName(" ".join(part for part in (ui.sideTitle.text(), text) if part))
        self._offer_keys(QApplication.focusWidget())

    def choose(self, place: int) -> None:
        """Take this pair, counted from 0, for the one the customer read."""
        editor = self.editor
        share = editor.share if editor is not None else None
        if editor is None or share is None or share.state is not ShareState.WAITING or share.share_id in self._pairs:
            return
        self._pairs[share.share_id] = (share.choices, place)
        self.show()
        session_id = editor.view.id

        def failed(error: BaseException) -> None:
            self._pairs.pop(share.share_id, None)  # it is to be chosen again
            self.show()
            self.failed.emit(error)

        self._desk.run(lambda ctx: late.choose_words(ctx, session_id, place), editor.watch.take, failed, owner=editor)

    def _lay_out(self) -> None:
        """Stand beside the code, in a small window below it."""
        narrow = self._page.viewport().width() < NARROW
        directions = QBoxLayout.Direction
        self._ui.codeRowLayout.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        least = max(WIDTH, self._least_width())
        self._ui.sideCard.setMinimumWidth(least)
        self._ui.sideCard.setMaximumWidth(WIDEST if narrow else least)

    def _least_width(self) -> int:
        """Return the room that the button and the pairs need, in whatever language and size of letters."""
        shown = [one for one in (self._ui.sideIssue, *self._buttons) if not one.isHidden()]
        margins = self._ui.sideCard.layout().contentsMargins()
        edges = margins.left() + margins.right() + 2 * self._ui.sideCard.frameWidth()
        return max((one.sizeHint().width() + edges for one in shown), default=0)

    def _is_over(self) -> bool:
        return self.editor is not None and self.editor.ended

    def _shown_pairs(self, share: ShareView | None) -> tuple[tuple[Pair, ...], int | None]:
        if share is None or share.state is ShareState.ENDED:
            return (), None
        if share.state is ShareState.WAITING:
            pairs, taken = self._pairs.get(share.share_id, (share.choices, None))
            return pairs, taken
        return self._pairs.get(share.share_id, ((), None))

    def _show_pairs(self, pairs: tuple[Pair, ...], taken: int | None) -> None:
        ui = self._ui
        ui.sideWords.setVisible(bool(pairs))
        texts = [" · ".join(pair) for pair in pairs]
        if [button.choice.label for button in self._buttons] != texts:
            for button in self._buttons:
                button.hide()
                button.deleteLater()
            self._buttons = [self._button(place, text) for place, text in enumerate(texts)]
        share = self.editor.share if self.editor is not None else None
        asked = share is not None and share.state is ShareState.WAITING and taken is None
        for place, button in enumerate(self._buttons):
            button.setEnabled(asked)
            button.set_chosen(place == taken and share is not None and share.state is not ShareState.WAITING)

    def _button(self, place: int, text: str) -> KeyButton:
        made = KeyButton(Choice(place, text, str(place + 1)))
        made.setObjectName(f"word_{place + 1}")
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.setAccessibleName(text)
        made.setMinimumHeight(PAIR_HEIGHT)
        made.clicked.connect(partial(self.choose, place))
        self._ui.sideWordsLayout.addWidget(made)
        return made

    def _key(self, place: int, page: QWidget) -> QShortcut:
        made = QShortcut(QKeySequence(str(place + 1)), page)
        made.activated.connect(partial(self.choose, place))
        made.setEnabled(False)
        return made

    def _follow_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        self._offer_keys(now)

    def _offer_keys(self, focused: QWidget | None) -> None:
        """Show the keys where they act: in a text field a digit is a digit."""
        acts = any(button.isEnabled() for button in self._buttons) and not isinstance(focused, _TEXTS)
        for key in self._keys:
            key.setEnabled(acts)
        for button in self._buttons:
            button.show_key(shown=acts)

    def _title(self, share: ShareView | None, *, ended: bool, words: bool) -> str:
        translate = QCoreApplication.translate
        if words:
            return translate("SessionIntervention", "The customer reads two words")
        if ended and share is not None:
            good = share.end_reason in GOOD_ENDS
            set_property(self._ui.sideText, "role", "" if good else "todo")
            return translate("SessionIntervention", "Share ended at %1").replace(
                "%1", short_time(share.ended_at or self._desk.clock.now())
            )
        set_property(self._ui.sideText, "role", "")
        return translate("SessionIntervention", "The customer")

    def _ended_text(self, share: ShareView) -> str:
        return self._desk.wording.text(f"share_told.{share.end_reason}")

    def _progress(self, share: ShareView | None) -> str:
        """Return what has happened, each with its tick, and what is waited for."""
        done, waits = _steps(share)
        words = self._desk.wording
        lines = [f"✓ {words.text(f'share_steps.{step}')}" for step in done]
        return "\n".join([*lines, f"… {words.text(f'share_steps.{waits}')}"])


def _steps(share: ShareView | None) -> tuple[tuple[str, ...], str]:
    """Return the steps done and the one waited for, as keys of the wording table `share_steps`."""
    if share is None or share.state is ShareState.ENDED:
        return (), "typing"
    if share.state is ShareState.OPENED:
        return (("code",), "joining") if not share.on_page else (("code", "on_page"), "reading")
    if share.state is ShareState.WAITING:
        return ("code", "on_page", "accepted"), "reading_words"
    if share.state is ShareState.ADMITTED:
        return ("code", "accepted", "words"), "picking"
    return ("accepted", "words"), "showing" if share.state is ShareState.LIVE else "lost"


def share_note(before: ShareView | None, now: ShareView, *, at_hand: bool) -> str:
    """Return what to tell of a change, as a key of the wording; "" where the step in front says it already."""
    if before is None or before.share_id != now.share_id:
        before = None
    if now.second_browser and not (before is not None and before.second_browser):
        return "share_notes.second_browser"
    if now.alarm and not (before is not None and before.alarm):
        return "share_notes.alarm"
    ended = before is not None and before.state is not ShareState.ENDED and now.state is ShareState.ENDED
    return f"share_told.{now.end_reason}" if ended and not at_hand else ""
