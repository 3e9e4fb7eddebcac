"""A question answered by one key: the row is one tab stop, its letters choose, the next empty row follows."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Property, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from agent_desk.desktop.session.flow_layout import FlowLayout
from agent_desk.desktop.widgets import chip, kbd, label, set_property, set_text

SHORT_CHOICES = 26  # letters of all choices together that still fit beside the question
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer; `key` is the letter that chooses it, `tone` colours it when chosen."""

    value: object
    label: str
    key: str
    tone: str = "ok"


class KeyButton(QPushButton):
    """A choice with its key cap; chosen, it carries a tick, so that colour is not the only sign."""

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.choice = choice
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setProperty("kind", "choice")
        self._text = label(choice.label, "choice")
        box = QHBoxLayout(self)
        box.setContentsMargins(11, 4, 7 if choice.key else 11, 4)
        box.setSpacing(7)
        box.addWidget(self._text, 1)
        self._cap = kbd(choice.key.upper())
        box.addWidget(self._cap)
        if not choice.key:
            self._cap.hide()

    def show_key(self, *, shown: bool) -> None:
        """Show the key cap only while the key acts."""
        self._cap.setVisible(shown)

    def set_chosen(self, chosen: bool) -> None:
        """Show whether this is the answer."""
        tone = self.choice.tone if chosen else ""
        set_text(self._text, f"✓ {self.choice.label}" if chosen else self.choice.label)
        set_property(self, "tone", tone)
        set_property(self._text, "tone", tone)

    def sizeHint(self) -> QSize:
        """Return what the label and the key cap need."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return what the label and the key cap need."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().minimumSizeHint()


class AnswerRow(QFrame):
    """Question, its article, and the choices; `value` is None until answered."""

    answered = Signal(object)  # the new value, by the agent
    advance = Signal()  # the agent is done here: focus the next empty place

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("role", "answer")
        self._value: object = None
        self._choices: tuple[Choice, ...] = ()
        self._buttons: list[KeyButton] = []
        self._question = label(wrap=True)
        self._hint = label(role="small", wrap=True)
        self._hint.hide()
        self._chip = chip()
        self._chip.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(6, 3, 6, 3)
        outer.setSpacing(5)
        self._row = QHBoxLayout()
        self._row.setSpacing(6)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._question)
        texts.addWidget(self._hint)
        self._row.addLayout(texts, 1)
        self._row.addWidget(self._chip)
        self._first_choice = self._row.count()
        outer.addLayout(self._row)
        self._flow = FlowLayout()
        outer.addLayout(self._flow)

    def _get_question(self) -> str:
        return self._question.text()

    def set_question(self, text: str) -> None:
        """Ask this."""
        set_text(self._question, text)
        self._name()

    question = Property(str, _get_question, set_question)  # what forms set

    def set_hint(self, text: str) -> None:
        """Show one muted line under the question; empty hides it."""
        set_text(self._hint, text)
        self._hint.setVisible(bool(text))

    def make_title(self) -> None:
        """Let the question stand as a heading."""
        set_property(self._question, "role", "strong")

    def add_beside(self, widget: QWidget) -> None:
        """Put a widget at the right of the choices."""
        self._row.addWidget(widget)

    def set_article(self, text: str) -> None:
        """Show the article the question comes from; empty hides it."""
        set_text(self._chip, text)
        self._chip.setVisible(bool(text))

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer these answers, in this order."""
        if tuple(choices) == self._choices:
            return
        self._choices = tuple(choices)
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(choice) for choice in self._choices]
        beside = sum(len(choice.label) for choice in self._choices) <= SHORT_CHOICES
        for place, button in enumerate(self._buttons):
            if beside:
                self._row.insertWidget(self._first_choice + place, button)
            else:
                self._flow.addWidget(button)
        self._paint()

    @property
    def value(self) -> object:
        """The chosen value, or None."""
        return self._value

    @property
    def answered_now(self) -> bool:
        """Tell whether the value is one of those offered."""
        return self._value is not None and any(choice.value == self._value for choice in self._choices)

    def set_value(self, value: object) -> None:
        """Show `value` as the answer, without telling anyone."""
        if value != self._value:
            self._value = value
            self._paint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by letter or arrows; Enter moves on, Delete takes the answer back."""
        letter = event.text().casefold()
        chosen = next((choice for choice in self._choices if letter and letter == choice.key.casefold()), None)
        if chosen is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._choose(chosen.value)
        elif event.key() in _ARROWS:
            self._shift(_ARROWS[Qt.Key(event.key())])
        elif event.key() in _ENTER:
            self.advance.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._choose(None, go_on=False)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        set_property(self, "focused", True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        set_property(self, "focused", False)
        super().focusOutEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Focus the row on a click anywhere in it."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def _button(self, choice: Choice) -> KeyButton:
        button = KeyButton(choice)
        button.clicked.connect(lambda: self._choose(choice.value))
        return button

    def _choose(self, value: object, *, go_on: bool = True) -> None:
        changed = value != self._value
        self._value = value
        self._paint()
        if changed:
            self.answered.emit(value)
        if go_on:
            self.advance.emit()

    def _shift(self, by: int) -> None:
        values = [choice.value for choice in self._choices]
        place = values.index(self._value) + by if self._value in values else 0
        if 0 <= place < len(values):
            self._choose(values[place], go_on=False)

    def _paint(self) -> None:
        for button in self._buttons:
            button.set_chosen(self._value is not None and button.choice.value == self._value)
        self._name()

    def _name(self) -> None:
        answer = next((choice.label for choice in self._choices if choice.value == self._value), "")
        self.setAccessibleName(f"{self._question.text()} {answer}".strip())
        for button in self._buttons:
            button.setAccessibleName(f"{self._question.text()} {button.choice.label}")
