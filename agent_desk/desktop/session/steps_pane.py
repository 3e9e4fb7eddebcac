"""The left-hand column: the six steps with what is done, and the keys that move between them."""

from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.widgets import KeyHint, label, set_property, set_text
from agent_desk.rules.session import Step

NAMES = {step: step.name.lower() for step in Step}
ROW_HEIGHT = 40


class StepButton(QPushButton):
    """A numbered step; done, it carries a tick."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self.step = step
        self.setProperty("kind", "step")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setObjectName(f"step_{NAMES[step]}")
        self.setFixedHeight(ROW_HEIGHT)
        self._badge = label(str(int(step)), "badge")
        self._badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = label(role="step")
        box = QHBoxLayout(self)
        box.setContentsMargins(8, 0, 6, 0)
        box.setSpacing(10)
        box.addWidget(self._badge)
        box.addWidget(self._name, 1)

    def show_step(self, name: str, state: str, *, now: bool, done: bool) -> None:
        """Show the name and how the step stands; `state` says it to who does not see it."""
        tone = "now" if now else "done" if done else ""
        set_text(self._badge, "✓" if done and not now else str(int(self.step)))
        set_text(self._name, name)
        for widget in (self, self._badge, self._name):
            set_property(widget, "tone", tone)
        self.setAccessibleName(f"{name}, {state}" if state else name)

    def sizeHint(self) -> QSize:
        """Return what badge and name need."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()


class StepsPane(QObject):
    """Six buttons and three key hints."""

    chosen = Signal(object)  # Step

    def __init__(self, desk: Desk, parent: QWidget, steps: QVBoxLayout, keys: QVBoxLayout) -> None:
        super().__init__(parent)
        self._desk = desk
        self._keys_box = keys
        self._hints: list[KeyHint] = []
        self.buttons = {step: StepButton(step) for step in Step}
        for step, made in self.buttons.items():
            made.clicked.connect(partial(self.chosen.emit, step))
            steps.addWidget(made)

    def retranslate(self) -> None:
        """Put the key hints in the language of the moment."""
        for hint in self._hints:
            self._keys_box.removeWidget(hint)
            hint.deleteLater()
        translate = QCoreApplication.translate
        control = translate("SessionSteps", "Ctrl")
        self._hints = [
            KeyHint((control, "1…6"), translate("SessionSteps", "go to the step")),
            KeyHint(("F9",), translate("SessionSteps", "next step")),
            KeyHint(("F4",), translate("SessionSteps", "take up later")),
        ]
        for hint in self._hints:
            _wrap(hint)
            self._keys_box.addWidget(hint)

    def refresh(self, now: Step, done: frozenset[Step]) -> None:
        """Show where the agent is and which steps are complete."""
        translate = QCoreApplication.translate
        for step, made in self.buttons.items():
            name = self._desk.wording.text(f"steps.{NAMES[step]}")
            state = translate("SessionSteps", "current step") if step is now else ""
            state = state or (translate("SessionSteps", "complete") if step in done else "")
            made.show_step(name, state, now=step is now, done=step in done)


def _wrap(hint: KeyHint) -> None:
    """Let a long hint take a second line: the column keeps its width."""
    hint.text.setWordWrap(True)
    box = hint.layout()
    if isinstance(box, QHBoxLayout):
        box.takeAt(box.count() - 1)
        box.setStretchFactor(hint.text, 1)
