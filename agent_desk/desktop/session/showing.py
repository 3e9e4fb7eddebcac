"""What stands around a step: its title and the sentence to say above, what F9 does below, and the note while nothing is open."""

from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent_desk.actions.views import SessionView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.flow import Flow
from agent_desk.desktop.session.preview import Preview
from agent_desk.desktop.session.saying import saying
from agent_desk.desktop.session.steps_pane import NAMES
from agent_desk.desktop.session.texts import clock_time
from agent_desk.desktop.widgets import button, label, set_text
from agent_desk.rules.session import ENDED, State, Step


def show_head(desk: Desk, ui: Any, step: Step, preview: Preview, view: SessionView, *, shown: bool) -> None:
    """Show the step's title, what it is for, and what to say unless a screen is shown."""
    name = NAMES[step]
    set_text(ui.stepTitle, desk.wording.text(f"step_titles.{name}"))
    set_text(ui.stepSubtitle, desk.wording.text(f"step_subtitles.{name}"))
    set_text(ui.sayText, saying(desk, step, preview, view))
    ui.sayBox.setVisible(not (shown and step is Step.INTERVENTION))  # the picture has the room


def show_foot(ui: Any, flow: Flow, step: Step, view: SessionView) -> None:
    """Show what F9 does now, and when typing was last saved."""
    state = view.state
    text = f"{flow.label(step, state)}  F9"
    if ui.primary.text() != text:
        ui.primary.setText(text)
    set_text(ui.hintLabel, flow.hint(step, state))
    ui.primary.setEnabled(not flow.is_busy)
    # After closing a withdrawal can still be recorded.
    ui.moreButton.setVisible(state not in ENDED or state is State.CLOSED)
    saved = QCoreApplication.translate("SessionScreen", "Saved at %1")
    set_text(ui.savedLabel, saved.replace("%1", clock_time(view.saved_at)))


class EmptyNote(QWidget):
    """Stands where a session would be, and starts one."""

    asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = label(role="muted")
        self._start = button("", "primary", name="start_session")
        self._start.clicked.connect(self.asked)
        box = QVBoxLayout(self)
        box.addStretch(1)
        box.addWidget(self._text, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addSpacing(12)
        box.addWidget(self._start, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(2)

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        translate = QCoreApplication.translate
        set_text(self._text, translate("SessionHeading", "No session open"))
        self._start.setText(translate("SessionHeading", "New session") + "  Ctrl+N")
