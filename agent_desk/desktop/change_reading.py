"""One change at the right of the list: what, from when, why, who, what people read then; and what may be done with it."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from agent_desk import late
from agent_desk.actions.change_views import Beside, ChangePreview, ChangeView, StepView
from agent_desk.desktop.change_names import TONES, parts_in, subject_name
from agent_desk.desktop.change_places import ChangePlaces
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.screen import Chip
from agent_desk.desktop.widgets import ChipRow, button, label, line, on_click, set_text
from agent_desk.formats import format_date, format_moment
from agent_desk.rules.catalogue_changes import REASON_MAX, STEPS, ChangeState, ChangeStep

PREVIEWED = frozenset({ChangeState.PROPOSED, ChangeState.APPROVED, ChangeState.REVOCATION_ASKED})
FIRST = frozenset({ChangeStep.APPROVE, ChangeStep.REVOKE})
FIRST_KEY, OTHER_KEY = "F2", "F3"  # of those that may be taken, one is first at most, and one other


class ChangeReading(QWidget):
    """Follows the list; a step is taken with its own button, and a refusal wants its reason in the field above."""

    stepped = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._view: ChangeView | None = None
        self._name = label(role="heading", wrap=True)
        self._chips = ChipRow()
        self._story = label(role="muted", wrap=True)
        self._story.setTextFormat(Qt.TextFormat.PlainText)
        self._story.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.places = ChangePlaces(desk)
        self.reason = QLineEdit()
        self.reason.setObjectName("step_reason")
        self.reason.setMaxLength(REASON_MAX)
        self.reason.textChanged.connect(lambda _text: self._allow())
        self.buttons: dict[ChangeStep, QPushButton] = {
            step: on_click(
                button(kind="primary" if step in FIRST else "", name=f"step_{step}"), partial(self._take, step)
            )
            for step in STEPS
        }
        self._steps = line(*self.buttons.values(), None)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for widget in (self._name, line(self._chips, None), self._story, self.reason, self._steps, self.places):
            box.addWidget(widget)

    def show_change(self, view: ChangeView | None) -> None:
        """Show this change, or nothing; what people would read follows from a worker."""
        if view is None or self._view is None or view.id != self._view.id:
            self.reason.clear()
        self._view = view
        self.setVisible(view is not None)
        if view is None:
            return
        self.retranslate()
        self.places.show_places(() if view.state in PREVIEWED else self._parts(view), "change_parts")
        if view.state in PREVIEWED:
            proposal, language = view.proposal, self._desk.language
            self._desk.run(
                lambda ctx: late.preview_change(ctx, proposal, language), partial(self._previewed, view.id), owner=self
            )

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        words = self._desk.wording
        self.reason.setPlaceholderText(self.tr("Why, in a few words (kept in the log)"))
        self.reason.setAccessibleName(self.tr("Reason"))
        for step, made in self.buttons.items():
            key = FIRST_KEY if step in FIRST else OTHER_KEY
            made.setText(f"{words.text(f'change_steps.{step}')}   {key}")
            made.setShortcut(key)  # a new text takes the old shortcut away
        view = self._view
        if view is None:
            return
        proposal, language = view.proposal, self._desk.language
        set_text(self._name, subject_name(self._desk, proposal.kind, proposal.subject))
        self._chips.set_chips(
            (
                Chip(words.text(f"change_states.{view.state}"), TONES.get(view.state, "")),
                Chip(words.text(f"change_kinds.{proposal.kind}")),
                Chip(self.tr("from {0} on").format(format_date(proposal.valid_from, language))),
            )
        )
        proposed = self.tr("Proposed by {0}").format(view.by)
        told = [f"{proposed}, {format_moment(view.at.astimezone(), language)}", proposal.reason]
        set_text(self._story, "\n".join([*told, *(self._step_line(step) for step in view.steps)]))
        for step, made in self.buttons.items():
            made.setVisible(step in view.may)
        self.reason.setVisible(bool(view.may))
        self._allow()

    def _parts(self, view: ChangeView) -> list[Beside]:
        """Return old beside new as it was decided: nobody is asked any more what would be read."""
        before, after = (parts_in(self._desk, value) for value in (view.before, view.proposal.value))
        return [
            Beside(part, (text,) if (text := before.get(part)) else (), (after[part],))
            for part in after
            if before.get(part) != after[part]
        ]

    def _step_line(self, step: StepView) -> str:
        said = self._desk.wording.text(f"change_steps_taken.{step.step}", by=step.by)
        when = format_moment(step.at.astimezone(), self._desk.language)
        return f"{said[:1].upper()}{said[1:]}, {when}" + (f"\n{step.reason}" if step.reason else "")

    def _previewed(self, number: int, preview: ChangePreview) -> None:
        if self._view is not None and self._view.id == number:
            self.places.show_places(preview.places)

    def _allow(self) -> None:
        """Let a step be taken once it has the reason it wants."""
        given = bool(self.reason.text().strip())
        for step, made in self.buttons.items():
            made.setEnabled(given or not STEPS[step].reason)
            made.setToolTip("" if made.isEnabled() else self.tr("Write the reason in the field above first"))

    def _take(self, step: ChangeStep) -> None:
        view, reason = self._view, self.reason.text()
        if view is None:
            return
        for made in self.buttons.values():
            made.setEnabled(False)
        self._desk.run(
            lambda ctx: late.act_on_change(ctx, view.id, step, reason),
            lambda _nothing: self._taken(view.id),
            self._failed,
            owner=self,
        )

    def _taken(self, number: int) -> None:
        if self._view is not None and self._view.id == number:  # what is typed for another one by now stays
            self.reason.clear()
        self._desk.look_at_catalogue()
        self.stepped.emit()

    def _failed(self, error: BaseException) -> None:
        self._allow()
        self._desk.report(error)
        self.stepped.emit()
