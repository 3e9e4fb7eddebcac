"""Texts longer than ours, to find what they would no longer fit into."""

import re
from math import ceil

from PySide6.QtCore import QObject, QPoint, QRect, QTranslator
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QComboBox, QLabel, QToolButton, QWidget

from agent_desk.desktop.header import SearchButton
from agent_desk.desktop.widgets import Elided
from agent_desk.wording import Wording

_WORD = re.compile(r"[^\W\d_]{2,}")
_SLACK = 1  # a pixel of rounding
YIELDING = (Elided, SearchButton)  # the first cuts on purpose, the second holds labels that are looked at


def stretched(text: str, by: float = 0.4) -> str:
    """Return `text` with its words longer by `by`; placeholders and keys stay as they are."""

    def longer(found: re.Match[str]) -> str:
        word = found[0]
        return word + word[-1] * ceil(len(word) * by)

    parts = re.split(r"(\{[^}]*\}|%n|Ctrl\+\w|\bF\d\b|\n)", text)
    return "".join(part if index % 2 else _WORD.sub(longer, part) for index, part in enumerate(parts))


class Stretcher(QTranslator):
    """Translates as the given translators do, only longer."""

    def __init__(self, translators: list[QTranslator], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._translators = translators

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        if disambiguation in ("key", "date"):
            return source
        for translator in self._translators:
            text = translator.translate(context, source, disambiguation, n)
            if text:
                return stretched(text)
        return source


def stretched_wording(wording: Wording) -> Wording:
    """Return the wording with every text longer."""
    tables = {name: {key: stretched(text) for key, text in table.items()} for name, table in wording.tables.items()}
    return Wording(wording.language, tables)


def clipped(window: QWidget) -> list[str]:
    """Return the texts of labels and buttons that do not fit where they stand."""
    shown = [one for one in window.findChildren(QWidget) if one.isVisible() and not isinstance(one, YIELDING)]
    found = []
    for one in shown:
        if isinstance(one, (QLabel, QAbstractButton, QComboBox)):
            text, wants = _wants(one)
            if wants:
                found.append(
                    f"{type(one).__name__} {one.objectName()!r} {text!r} is {one.width()}×{one.height()}, wants {wants}"
                )
    return found + _outside(window)


def _wants(widget: QLabel | QAbstractButton | QComboBox) -> tuple[str, str]:
    """Return the widget's text, and the size it wants where it has less."""
    if isinstance(widget, QComboBox):
        hint = widget.minimumSizeHint()
        return widget.currentText(), f"{hint.width()}" if hint.width() > widget.width() + _SLACK else ""
    text = widget.text()
    if not text:
        return text, ""
    if isinstance(widget, QLabel):
        return text, _label_wants(widget)
    hint = widget.sizeHint()
    if isinstance(widget, (QCheckBox, QToolButton)) or hint.isValid():
        fits = hint.width() <= widget.width() + _SLACK and hint.height() <= widget.height() + _SLACK
        return text, "" if fits else f"{hint.width()}×{hint.height()}"
    return text, ""


def _label_wants(label: QLabel) -> str:
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        longest = max((label.fontMetrics().horizontalAdvance(word) for word in label.text().split()), default=0)
        if needed > label.height() + _SLACK or longest > label.width() + _SLACK:
            return f"{longest}×{needed}"
        return ""
    hint = label.sizeHint()
    fits = hint.width() <= label.width() + _SLACK and hint.height() <= label.height() + _SLACK
    return "" if fits else f"{hint.width()}×{hint.height()}"


def _outside(window: QWidget) -> list[str]:
    """Return the widgets that stick out of their parent sideways, where nobody can scroll to them."""
    found = []
    for one in window.findChildren(QWidget):
        parent = one.parentWidget()
        if not isinstance(one, (QLabel, QAbstractButton)) or not one.isVisible() or parent is None:
            continue
        right = QRect(one.mapTo(window, QPoint(0, 0)), one.size()).right()
        if right > window.width() + _SLACK:
            found.append(f"{type(one).__name__} {one.objectName()!r} ends at {right} of {window.width()}")
    return found
