"""The review of a closed session beside its story: why it is reviewed, what was said, and one key for each mark."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QWidget

from agent_desk import late
from agent_desk.actions.views import ReviewView, Timeline
from agent_desk.desktop.boxes import Card
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.review_words import rule_in_words
from agent_desk.desktop.session.flow_layout import FlowLayout
from agent_desk.desktop.widgets import button, chip, clear_layout, column, label, on_click, set_property, set_text
from agent_desk.formats import format_short_moment
from agent_desk.rules.review import TEXT_MAX, Mark, ReviewNote, ReviewStep, marks_open

if TYPE_CHECKING:
    from agent_desk.actions.context import Context

MARK_KEYS = {Mark.GOOD: "F2", Mark.TO_IMPROVE: "F3", Mark.FAULT: "F4"}
TONES = {Mark.GOOD: "ok", Mark.TO_IMPROVE: "warn", Mark.FAULT: "bad"}


class ReviewCard(Card):
    """Hidden where there is no review to be seen; every button is one step, and the story follows."""

    taken = Signal(int)  # a step of this session's review

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._desk = desk
        self._story: Timeline | None = None
        self.state = chip()
        self.why = label(role="muted", wrap=True)
        self._notes = column(spacing=6)
        self.text = QLineEdit()
        self.text.setObjectName("review_text")
        self.text.setMaxLength(TEXT_MAX)
        self.back = QCheckBox()
        self.back.setObjectName("review_back")
        self.marks = {mark: self._mark_button(mark) for mark in Mark}
        self.answer = on_click(button(kind="primary", name="review_answer"), self._answer)
        self.read = on_click(button(name="review_read"), self._read)
        self.choose = on_click(button(icon_name="eye", name="choose_review"), self._choose)
        self.hint = label(role="muted", wrap=True)
        self._buttons = QWidget()
        row = FlowLayout(8)
        for made in (*self.marks.values(), self.answer, self.read, self.choose):
            row.addWidget(made)
        self._buttons.setLayout(row)
        for widget in (self.state, self.why, self._notes, self.text, self.back, self.hint, self._buttons):
            self.box.addWidget(widget)
        self.text.returnPressed.connect(self._on_return)
        self.text.textChanged.connect(lambda _text: self._tell())
        self.hide()

    def show_story(self, story: Timeline | None) -> None:
        """Show this story's review; what was typed for another session is not for this one."""
        before = self._story.session.id if self._story is not None else None
        self._story = story
        if story is None or story.session.id != before:
            self.text.clear()
            self.back.setChecked(False)
        self._fill()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        words = self._desk.wording
        self.set_title(self.tr("Review"))
        self.back.setText(self.tr("Return to the agent"))
        for mark, made in self.marks.items():
            made.setText(f"{words.text(f'reviews.marks.{mark}')}   {MARK_KEYS[mark]}")
            made.setShortcut(MARK_KEYS[mark])  # a new text takes the old shortcut away
        self.answer.setText(self.tr("Answer"))
        self.read.setText(self.tr("Read and understood"))
        self.choose.setText(self.tr("Review this session"))
        self._fill()

    def _mark_button(self, mark: Mark) -> QPushButton:
        kind = "good" if mark is Mark.GOOD else ""
        return on_click(button(kind=kind, name=f"review_{mark}"), lambda: self._judge(mark))

    def _fill(self) -> None:
        story = self._story
        found = story.review if story is not None else None
        self.setVisible(story is not None and (found is not None or story.may_choose_review))
        self.choose.setVisible(story is not None and story.may_choose_review)
        rows = self._notes.layout()
        assert rows is not None  # noqa: S101 - `column` makes it
        clear_layout(rows)
        steps = found.steps if found is not None else frozenset()
        open_marks = self._open_marks()
        for mark, made in self.marks.items():
            made.setVisible(mark in open_marks)
        answers = ReviewStep.ANSWER in steps
        for widget in (self.answer, self.read):
            widget.setVisible(answers)
        self.text.setVisible(bool(steps))
        self.back.setVisible(ReviewStep.RETURN in steps)
        self.state.setVisible(found is not None)
        self.why.setVisible(found is not None and self._supervises())
        self._notes.setVisible(found is not None and bool(found.notes))
        self._buttons.setVisible(bool(steps) or self.choose.isVisibleTo(self))
        if found is not None:
            self._fill_review(found, answers)
        self._tell()

    def _fill_review(self, found: ReviewView, answers: bool) -> None:
        words, mark = self._desk.wording, found.review.mark
        state = words.text(f"reviews.states.{found.review.state}")
        set_text(self.state, f"{state} · {words.text(f'reviews.marks.{mark}')}" if mark else state)
        set_property(self.state, "tone", TONES[mark] if mark else "acc")
        set_text(self.why, self.tr("Why: {0}").format(rule_in_words(self._desk, found.rule)))
        rows = self._notes.layout()
        assert rows is not None  # noqa: S101 - `column` makes it
        for note in found.notes:
            rows.addWidget(label(self._head(note), "small", wrap=True))
            if note.body:
                rows.addWidget(label(note.body, wrap=True))
        asked = self.tr("Your answer, in a sentence") if answers else self.tr("What matters, in a sentence")
        self.text.setPlaceholderText(asked)
        self.text.setAccessibleName(asked)

    def _head(self, note: ReviewNote) -> str:
        words = self._desk.wording
        step = words.text(f"reviews.told.{note.step}")
        mark = f" · {words.text(f'reviews.marks.{note.mark}')}" if note.mark else ""
        when = format_short_moment(note.at.astimezone(), self._desk.language)
        return f"{step}{mark} · {note.author}, {when}"

    def _supervises(self) -> bool:
        """Tell whether whoever looks is not the one who answers: why it was drawn is not theirs to know."""
        found = self._story.review if self._story is not None else None
        return found is not None and ReviewStep.ANSWER not in found.steps

    def _open_marks(self) -> frozenset[Mark]:
        found = self._story.review if self._story is not None else None
        if found is None:
            return frozenset()
        name, now = self._desk.settings.agent_name, self._desk.clock.now()
        judging = found.steps - {ReviewStep.ANSWER}
        return frozenset(mark for step in judging for mark in marks_open(found.review, step, name, now) if mark)

    def _tell(self) -> None:
        """Say what is still missing, and let only what can be done be pressed."""
        said = bool(self.text.text().strip())
        self.answer.setEnabled(said)
        set_text(self.hint, "" if said or not self._open_marks() else self.tr("F3 and F4 want a few words first."))
        self.hint.setVisible(bool(self.hint.text()))

    def _on_return(self) -> None:
        if self.answer.isVisibleTo(self) and self.answer.isEnabled():
            self._answer()

    def _judge(self, mark: Mark) -> None:
        found = self._story.review if self._story is not None else None
        if found is None:
            return
        if mark is not Mark.GOOD and not self.text.text().strip():
            self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        returns = mark is Mark.FAULT or (mark is Mark.TO_IMPROVE and self.back.isChecked())
        first = ReviewStep.RETURN if returns else ReviewStep.MARK
        self._take(ReviewStep.SETTLE if ReviewStep.SETTLE in found.steps else first, mark, self.text.text())

    def _answer(self) -> None:
        self._take(ReviewStep.ANSWER, None, self.text.text())

    def _read(self) -> None:
        self._take(ReviewStep.ANSWER, None, self.text.text().strip() or self.read.text())

    def _take(self, step: ReviewStep, mark: Mark | None, text: str) -> None:
        story = self._story
        if story is None or story.review is None or not self._buttons.isEnabled():
            return
        session, version = story.session, story.review.review.version
        self._run(
            lambda ctx: late.review_session(ctx, session.id, version, session.version, step, mark, text), session.id
        )

    def _choose(self) -> None:
        if self._story is not None and self._buttons.isEnabled():
            of = self._story.session.id
            self._run(lambda ctx: late.load("agent_desk.actions.review_session:choose_review")(ctx, of), of)

    def _run(self, job: "Callable[[Context], object]", of: int) -> None:
        """Do it once, however often it is pressed."""
        self._buttons.setEnabled(False)

        def done(_view: object) -> None:
            self._buttons.setEnabled(True)
            if self._story is not None and self._story.session.id == of:  # what is typed for another one by now stays
                self.text.clear()
            self.taken.emit(of)
            self._desk.sessionChanged.emit(of)

        def failed(error: BaseException) -> None:
            self._buttons.setEnabled(True)
            self._desk.report(error)
            self._desk.sessionChanged.emit(of)  # what stands now is shown, be it somebody else's

        self._desk.run(job, done, failed, owner=self)
