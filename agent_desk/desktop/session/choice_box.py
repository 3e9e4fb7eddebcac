"""A drop-down list of values, not of texts; a letter chooses and moves on."""

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from agent_desk.desktop.session.answer_row import Choice


class ChoiceBox(QComboBox):
    """`value` is what the chosen text stands for, None where nothing is chosen."""

    chosen = Signal(object)  # the new value, by the agent
    advance = Signal()  # chosen by letter: the next empty field is next

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: list[object] = []
        self._keys: dict[str, int] = {}
        self._keep = False
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)  # no choice is ever cut
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.currentIndexChanged.connect(self._tell)

    @property
    def value(self) -> object:
        """The chosen value, or None."""
        place = self.currentIndex()
        return self._values[place] if 0 <= place < len(self._values) else None

    def set_value(self, value: object) -> None:
        """Show `value` as chosen, nothing where it is not offered; nobody is told."""
        self._keep = True
        self.setCurrentIndex(self._values.index(value) if value in self._values else -1)
        self._keep = False

    def fill(self, items: Iterable[tuple[object, str]]) -> None:
        """Offer (value, text) pairs, keeping the value chosen; the first where there was none before."""
        was_filled, value = bool(self._values), self.value
        pairs = list(items)
        with QSignalBlocker(self):
            self.clear()
            self._values = [one for one, _ in pairs]
            self.addItems([text for _, text in pairs])
        self.updateGeometry()  # unheard, the new texts would be cut at the width of the old ones
        self.set_value(value if was_filled else next(iter(self._values), None))

    def fill_choices(self, choices: Iterable[Choice]) -> None:
        """Offer choices with their letters; nothing is chosen before."""
        choices = tuple(choices)
        value = self.value
        self.fill([(choice.value, choice.label) for choice in choices])
        self._keys = {choice.key.casefold(): place for place, choice in enumerate(choices)}
        self.set_value(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by letter."""
        place = self._keys.get(event.text().casefold()) if event.text() else None
        if place is None:
            super().keyPressEvent(event)
        else:
            self.setCurrentIndex(place)
            self.advance.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the scrolling step: a turn must not change an answer."""
        event.ignore()

    def _tell(self) -> None:
        if not self._keep:
            self.chosen.emit(self.value)
