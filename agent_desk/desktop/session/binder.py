"""Ties the fields of a form to places of the content, and moves the focus as someone on the telephone types.

A widget with the dynamic property `path` shows that place of the content and takes it as its object name.
Enter goes to the next empty field; a field with the property `optional` is passed over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QSpinBox, QWidget

from agent_desk.desktop.session.answer_row import AnswerRow
from agent_desk.desktop.session.choice_box import ChoiceBox
from agent_desk.rules.content_path import read
from agent_desk.rules.session import Content

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class _Manner:
    """How one class of widget is listened to, read, filled, and known to be empty."""

    listen: Callable[[Any, Callable[..., None]], object]
    get: Callable[[Any], object]
    put: Callable[[Any, Any], object]


def _put_text(edit: QLineEdit, value: str) -> None:
    if edit.text() != value:  # keeps the cursor and the undo steps where nothing changed
        edit.setText(value)
        edit.setCursorPosition(0)


def _put_plain(edit: QPlainTextEdit, value: str) -> None:
    if edit.toPlainText() != value:
        edit.setPlainText(value)


_MANNERS: dict[type, _Manner] = {
    QLineEdit: _Manner(lambda w, f: w.textEdited.connect(f), QLineEdit.text, _put_text),
    QPlainTextEdit: _Manner(lambda w, f: w.textChanged.connect(f), QPlainTextEdit.toPlainText, _put_plain),
    ChoiceBox: _Manner(lambda w, f: w.chosen.connect(f), lambda w: w.value, ChoiceBox.set_value),
    QSpinBox: _Manner(lambda w, f: w.valueChanged.connect(f), QSpinBox.value, QSpinBox.setValue),
    QCheckBox: _Manner(lambda w, f: w.toggled.connect(f), QCheckBox.isChecked, QCheckBox.setChecked),
    AnswerRow: _Manner(lambda w, f: w.answered.connect(f), lambda w: w.value, AnswerRow.set_value),
}


class Binder(QObject):
    """The bound fields of one form."""

    typed = Signal(str, object)  # path, value
    finished = Signal()  # Enter with nothing left to fill

    def __init__(self, form: QWidget) -> None:
        super().__init__(form)
        self._form = form
        self.fields: dict[str, QWidget] = {}
        self._manners: dict[QWidget, _Manner] = {}
        for widget in form.findChildren(QWidget):
            path = widget.property("path")
            if path:
                self.bind(widget, path)

    def bind(self, widget: QWidget, path: str) -> None:
        """Tie `widget` to `path`; it must be of a class named above."""
        widget.setObjectName(path)
        self.fields[path] = widget
        manner = self._manners[widget] = _manner(widget)
        manner.listen(widget, lambda *_: self.typed.emit(widget.objectName(), manner.get(widget)))
        if isinstance(widget, AnswerRow | ChoiceBox):
            widget.advance.connect(lambda: self.advance(widget))
        if not isinstance(widget, AnswerRow):
            widget.installEventFilter(self)

    def release(self, widget: QWidget) -> None:
        """Forget a widget that is about to go."""
        self.fields = {path: kept for path, kept in self.fields.items() if kept is not widget}
        self._manners.pop(widget, None)

    def show(self, content: Content) -> None:
        """Fill every field from `content`, without telling anyone."""
        for path, widget in self.fields.items():
            with QSignalBlocker(widget):
                self._manners[widget].put(widget, read(content, path))

    def set_read_only(self, read_only: bool) -> None:
        """Leave texts readable and everything else as answered, once nothing can be changed."""
        for widget in self.fields.values():
            if isinstance(widget, QLineEdit | QPlainTextEdit):
                widget.setReadOnly(read_only)
            else:
                widget.setEnabled(not read_only)

    def advance(self, from_widget: QWidget) -> None:
        """Focus the next empty field after this one, round to the first; `finished` where none is empty."""
        chain = self._chain()
        place = chain.index(from_widget) if from_widget in chain else -1
        following = chain[place + 1 :] + chain[: max(place, 0)]
        target = next((widget for widget in following if _is_empty(widget)), None)
        if target is None:
            self.finished.emit()
        else:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def first_empty(self) -> QWidget | None:
        """Return the first empty field that is not optional, or the first field."""
        chain = self._chain()
        return next((widget for widget in chain if _is_empty(widget)), chain[0] if chain else None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Turn Enter into a step forward; Ctrl+Enter stays a new line in a text."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _ENTER:
            several_lines = isinstance(watched, QPlainTextEdit)
            if (
                isinstance(watched, QWidget)
                and not several_lines
                and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            ):
                self.advance(watched)
                return True
        return super().eventFilter(watched, event)

    def _chain(self) -> list[QWidget]:
        """Return the fields that can take the focus now, in tab order."""
        bound = set(self.fields.values())
        chain = []
        widget = self._form.nextInFocusChain()
        while widget is not None and widget is not self._form:
            if widget in bound and widget.isEnabled() and widget.isVisibleTo(self._form):
                chain.append(widget)
            widget = widget.nextInFocusChain()
        return chain


def _manner(widget: QWidget) -> _Manner:
    return next(manner for kind, manner in _MANNERS.items() if isinstance(widget, kind))


def _is_empty(widget: QWidget) -> bool:
    if widget.property("optional"):
        return False
    return not widget.answered_now if isinstance(widget, AnswerRow) else _manner(widget).get(widget) in (None, "")
