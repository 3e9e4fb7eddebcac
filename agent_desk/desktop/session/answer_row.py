"""A question answered by one key: the row is one tab stop, its letters choose, the next empty row follows."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Property, QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from agent_desk.desktop.session.styling import restyle


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer; `key` is the letter that chooses it, `good` colours it when chosen."""

    value: object
    label: str
    key: str
    good: bool = True


class AnswerRow(QFrame):
    """Question on the left, choices on the right; `value` is None until answered."""

    answered = Signal(object)  # the new value, by the agent
    advance = Signal()  # the agent is done here: focus the next empty place

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("role", "answer")
        self._value: object = None
        self._choices: tuple[Choice, ...] = ()
        self._buttons: list[QPushButton] = []
        self._question = QLabel(wordWrap=True)
        self._question.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._hint = QLabel(wordWrap=True)
        self._hint.setProperty("role", "hint")
        self._hint.hide()
        texts = QVBoxLayout(spacing=1)
        texts.addWidget(self._question)
        texts.addWidget(self._hint)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 5, 8, 5)
        self._row.setSpacing(6)
        self._row.addLayout(texts, 1)

    def _get_question(self) -> str:
        return self._question.text()

    def _set_question(self, text: str) -> None:
        self._question.setText(text)
        self._name()

    question = Property(str, _get_question, _set_question)

    def set_hint(self, text: str) -> None:
        """Show one muted line under the question; empty hides it."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer these answers, first one leftmost."""
        if tuple(choices) == self._choices:
            return
        self._choices = tuple(choices)
        for button in self._buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = [self._button(choice) for choice in self._choices]
        self._paint()

    @property
    def value(self) -> object:
        """The chosen value, or None."""
        return self._value

    def set_value(self, value: object) -> None:
        """Show `value` as the answer, without telling anyone."""
        self._value = value
        self._paint()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose by letter or arrows; Enter moves on, Delete takes the answer back."""
        key = event.text().casefold()
        chosen = next((choice for choice in self._choices if key and key == choice.key.casefold()), None)
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if chosen is not None and plain:
            self._choose(chosen.value)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._shift(1 if event.key() == Qt.Key.Key_Right else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.advance.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._choose(None, go_on=False)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Show the ring."""
        restyle(self, focused=True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Hide the ring."""
        restyle(self, focused=False)
        super().focusOutEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A click anywhere on the row focuses it."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Follow being enabled or not."""
        if event.type() == QEvent.Type.EnabledChange:
            self._paint()
        super().changeEvent(event)

    def _button(self, choice: Choice) -> QPushButton:
        text = f"{choice.label}  {choice.key.upper()}" if choice.key else choice.label
        button = QPushButton(text)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCheckable(True)
        button.setProperty("role", "choice")
        button.setAccessibleName(f"{self._question.text()} {choice.label}")
        button.clicked.connect(lambda: self._choose(choice.value))
        self._row.addWidget(button)
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
        for button, choice in zip(self._buttons, self._choices, strict=True):
            chosen = choice.value == self._value and self._value is not None
            button.setChecked(chosen)
            restyle(button, tone=("ok" if choice.good else "bad") if chosen else "")
        self._name()

    def _name(self) -> None:
        answer = next((choice.label for choice in self._choices if choice.value == self._value), "")
        self.setAccessibleName(f"{self._question.text()} {answer}".strip())
