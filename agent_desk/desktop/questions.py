"""Feasibility: what a team is asked, with its clock, and every answer given so far, for the next customer (4.1, 4.4)."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from agent_desk import late
from agent_desk.desktop.boxes import Notice, Row
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_questions import Ui_Questions
from agent_desk.desktop.screen import Chip, Command, Header, Screen
from agent_desk.desktop.service_names import services_in_short
from agent_desk.desktop.session.flow_layout import FlowLayout
from agent_desk.desktop.table import Cell, Column, RowModel, Table
from agent_desk.desktop.widgets import button, label, on_click, set_text
from agent_desk.formats import format_short_moment
from agent_desk.rules.feasibility import CONDITIONS_MAX, PLATFORM, Question, Verdict

if TYPE_CHECKING:
    from agent_desk.actions.look_at_questions import Questions

READING_WIDTH = 400
TYPING_MS = 200
TONES = {Verdict.YES: "ok", Verdict.CONDITIONS: "warn", Verdict.NO: "bad"}
LONGEST_MOMENT = datetime(2026, 9, 30, 23, 59)  # noqa: DTZ001 - its length counts


class QuestionsScreen(Screen):
    """The list at the left, searched as one types; at the right the one chosen, and its answer."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.ui = Ui_Questions()
        self.ui.setupUi(self)
        self._found: Questions | None = None
        self._shown: Question | None = None
        self.model: RowModel[Question] = RowModel(self, (self._name, self._verdict, self._when))
        self.table = Table(desk, self.model, self.ui.card)
        self.table.setObjectName("questions")
        self.table.rowShown.connect(self._show_row)
        self.ui.table_place.addWidget(self.table)
        self.ui.side.setMinimumWidth(READING_WIDTH)
        self.notice = Notice()
        self.facts = self.ui.side.section()
        self.ui.side.add_first(self.notice)
        self.conditions = QLineEdit()
        self.conditions.setObjectName("conditions")
        self.conditions.setMaxLength(CONDITIONS_MAX)
        self._conditions_label = label()
        self._conditions_label.setBuddy(self.conditions)
        self.buttons = {
            verdict: on_click(button(name=f"answer_{verdict}"), partial(self.answer, verdict)) for verdict in Verdict
        }
        self.answering = self.ui.side.section()
        self.answering.rows.setSpacing(6)
        self.answering.add(self._conditions_label)
        self.answering.add(self.conditions)
        choices, flow = QWidget(), FlowLayout(8)
        for made in self.buttons.values():
            flow.addWidget(made)
        choices.setLayout(flow)
        self.answering.add(choices)
        self.open_button = on_click(button(kind="link", name="open_asking"), self._open_session)
        self.ui.side.add(self.open_button)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.load)
        self.ui.search.textChanged.connect(lambda _text: self._typing.start())
        desk.promisesChanged.connect(self._follow)
        self.retranslate()
        self._show(None)

    def header(self) -> Header:
        """Return the title and how many questions wait."""
        waiting = len(self._found.open) if self._found is not None else 0
        return Header(
            self.tr("Feasibility"), (Chip(self.tr("to answer: {0}").format(waiting), "warn"),) if waiting else ()
        )

    def commands(self) -> list[Command]:
        """Offer the answers to the question shown."""
        if not self._may_answer():
            return []
        words = self.desk.wording
        return [Command(words.text(f"verdicts.{one}"), partial(self.answer, one)) for one in Verdict]

    def refresh(self) -> None:
        """Bring the list up to date, with the keyboard where one types."""
        self.ui.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.load()

    def load(self) -> None:
        """Look for what is typed, in a worker."""
        words = self.ui.search.text()
        self.desk.run(lambda ctx: late.look_at_questions(ctx, words), partial(self._take, words), owner=self)

    def answer(self, verdict: Verdict) -> None:
        """Answer the question shown; a condition must be said where there is one."""
        one = self._shown
        if one is None or not self._may_answer():
            return
        said = self.conditions.text()
        self.desk.run(lambda ctx: late.answer_question(ctx, one.id, verdict, said), self._answered, self._refused, self)

    def says(self) -> str:
        """Return the sentence above the answer."""
        return self.notice.sentence.text()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.ui.retranslateUi(self)
        words = self.desk.wording
        self.table.set_columns(
            (
                Column(self.tr("Equipment or system"), stretch=True),
                Column(self.tr("Answer"), max((words.text(f"verdicts.{one}") for one in Verdict), key=len), chip=True),
                Column(self.tr("When"), format_short_moment(LONGEST_MOMENT, self.desk.language)),
            )
        )
        self.table.setAccessibleName(self.tr("Questions and answers on feasibility"))
        set_text(self._conditions_label, self.tr("On which condition"))
        self.conditions.setAccessibleName(self._conditions_label.text())
        self.answering.set_title(self.tr("Your answer"))
        self.facts.set_title(self.tr("Question"))
        for verdict, made in self.buttons.items():
            made.setText(words.text(f"verdicts.{verdict}"))
        self._show(self._shown)

    def _name(self, one: Question) -> Cell:
        return Cell(question_name(self.desk, one), heavy=one.verdict is None)

    def _verdict(self, one: Question) -> Cell:
        if one.verdict is None:
            return Cell(self.desk.wording.text("feasibilities.asked"), tone="acc")
        return Cell(self.desk.wording.text(f"verdicts.{one.verdict}"), tone=TONES[one.verdict])

    def _when(self, one: Question) -> Cell:
        """Return until when an answer is promised, or since when there is one."""
        when = one.due_at if one.verdict is None else one.answered_at
        late_ = one.verdict is None and one.due_at <= self.desk.clock.now()
        known = when is not None and when.year > 1970  # taken over from an older version, which kept no date
        text = format_short_moment(when.astimezone(), self.desk.language) if known and when is not None else "—"
        return Cell(text, "bad" if late_ else "muted")

    def _take(self, words: str, found: "Questions") -> None:
        if words != self.ui.search.text():  # an answer that comes late
            return
        self._found = found
        shown = self._shown.id if self._shown is not None else None
        self.model.set_rows((*found.open, *found.answers))
        empty = not self.model.rows
        self.table.setVisible(not empty)
        self.ui.nothing.setVisible(empty)
        set_text(
            self.ui.nothing,
            self.tr("Nobody has asked about this so far.")
            if words
            else self.tr("No question and no answer so far. A session asks in its third step."),
        )
        rows = [one.id for one in self.model.rows]
        if rows:
            self.table.selectRow(rows.index(shown) if shown in rows else 0)
        self._show_row(self.table.currentIndex().row())
        self.headerChanged.emit()

    def _show_row(self, row: int) -> None:
        questions = self.model.rows
        self._show(questions[row] if 0 <= row < len(questions) else None)

    def _show(self, one: Question | None) -> None:
        if one is None or self._shown is None or one.id != self._shown.id:
            self.conditions.clear()
            self.notice.tell("")
        self._shown = one
        self.facts.clear()
        self.facts.setVisible(one is not None)
        self.answering.setVisible(self._may_answer())
        self.open_button.setVisible(one is not None and one.session_id > 0)
        if one is None:
            return
        words, language = self.desk.wording, self.desk.language
        self.facts.add(label(question_name(self.desk, one), "strong", wrap=True))
        rows = [(self.tr("Service"), services_in_short(self.desk, (one.service,)) if one.service else "")]
        rows.append((self.tr("Asked by"), one.asked_by))
        if one.verdict is None:
            rows.append((self.tr("Answer until"), format_short_moment(one.due_at.astimezone(), language)))
        else:
            rows.append((words.text(f"verdicts.{one.verdict}"), one.answered_by))
        for left, right in rows:
            if right:
                self.facts.add(Row(left, right, left_role="muted"))
        if one.conditions:
            self.facts.add(label(one.conditions, wrap=True))
        self.open_button.setText(one.number)

    def _may_answer(self) -> bool:
        return (
            self._shown is not None
            and self._shown.verdict is None
            and self._found is not None
            and self._found.may_answer
        )

    def _answered(self, _question: Question) -> None:
        self._shown = None
        self.desk.promisesChanged.emit()
        self.load()

    def _refused(self, error: BaseException) -> None:
        self.notice.tell(self.desk.sentence(error), "bad")
        self.conditions.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_session(self) -> None:
        if self._shown is not None:
            self.desk.openRequested.emit(self._shown.session_id)

    def _follow(self) -> None:
        if self.isVisible():
            self.load()


def question_name(desk: Desk, one: Question) -> str:
    """Return what is asked about: equipment as it was typed, a system by its name."""
    system = desk.reference.platforms.get(one.name) if one.subject == PLATFORM else None
    return system.label(desk.language) if system is not None else one.name
