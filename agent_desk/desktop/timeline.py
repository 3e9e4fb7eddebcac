"""The right side of the Journal: everything that happened in one session, its mails, and what can be done."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from agent_desk.actions.views import EventView, Proof, Timeline
from agent_desk.desktop.boxes import RightPanel, Section
from agent_desk.desktop.case_export import CaseExport
from agent_desk.desktop.correction import CorrectionCard
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.duplicate import Duplicate
from agent_desk.desktop.mail_row import MailRow
from agent_desk.desktop.review_card import ReviewCard
from agent_desk.desktop.service_names import event_words
from agent_desk.desktop.session.flow_layout import FlowLayout
from agent_desk.desktop.widgets import Elided, button, chip, clear_layout, column, label, on_click, rule, set_text
from agent_desk.formats import format_day

LEAST_WIDTH = 312
TIME_WIDTH = 60
MOST_EVENTS = 150


class EventRow(QWidget):
    """Time, what happened, and whether the row follows from the one before."""

    def __init__(self, desk: Desk, event: EventView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        clock = label(f"{event.at.astimezone():%H:%M:%S}", "muted")
        clock.setFixedWidth(max(TIME_WIDTH, clock.sizeHint().width()))
        words = event_words(desk)
        title = label(words.title(event.kind, event.payload), wrap=True)
        detail = label(words.detail(event.kind, event.payload), "muted", wrap=True)
        mark = label("✓" if event.chain_ok else self.tr("✗ broken"), "tick" if event.chain_ok else "bad")
        mark.setAccessibleName(self.tr("follows from the row before") if event.chain_ok else self.tr("broken"))
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(title)
        texts.addWidget(detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(10)
        row.addWidget(clock, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        detail.setVisible(bool(detail.text()))  # once it stands in the row: before, it would be a window of its own


class ProofRow(QWidget):
    """One check of the session: a chip that says what, and a sentence that says whether it holds."""

    def __init__(self, desk: Desk, proof: Proof, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = desk.wording.text(f"proofs.{proof.kind}.name")
        mark = "✓" if proof.holds else "✗"
        sentence = desk.wording.text(f"proofs.{proof.kind}.{'holds' if proof.holds else 'fails'}")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 4, 0, 4)
        rows.setSpacing(2)
        rows.addWidget(chip(f"{mark} {name}", "ok" if proof.holds else "bad"), 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(label(sentence, "muted", wrap=True))


class TimelinePane(RightPanel):
    """Shows one session's story; empty until one is chosen."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent, LEAST_WIDTH)
        self._desk = desk
        self._story: Timeline | None = None
        self._all = False
        self.title = Elided(role="section")
        self.title.setContentsMargins(0, 6, 0, 0)  # the rules of review may stand above it
        self.path = label(role="muted", wrap=True)
        self.path.setObjectName("case_path")
        self.empty = label(role="muted", wrap=True)
        self.open_button = on_click(button(kind="primary", icon_name="open", name="open_session"), self._open)
        self.open_button.hide()
        self.correct_button = on_click(button(icon_name="edit", name="correct_outcome"), self._begin_correction)
        self.correct_button.hide()
        self.case_export = CaseExport(desk)
        self.duplicate = Duplicate(desk)
        self.review = ReviewCard(desk)
        self._review_place = column(self.review)
        self._review_place.setContentsMargins(0, 8, 0, 14)
        self.correction = CorrectionCard(desk)
        self.correction.closed.connect(self._end_correction)
        self.proofs = Section()
        self.events = Section()
        self.mails = Section()
        self.events.heading.hide()
        self._buttons = QWidget()
        row = FlowLayout(8)
        row.addWidget(self.open_button)
        row.addWidget(self.correct_button)
        row.addWidget(self.duplicate.button)
        row.addWidget(self.case_export.button)
        self._buttons.setLayout(row)
        for widget in (
            self.title,
            self.path,
            self.empty,
            self._review_place,
            self.proofs,
            self.events,
            self.mails,
            self.correction,
            self._buttons,
        ):
            self.add(widget)
        self.show_story(None)

    @property
    def session_id(self) -> int | None:
        """The session whose story is shown."""
        return self._story.session.id if self._story is not None else None

    def show_story(self, story: Timeline | None) -> None:
        """Show this story, or nothing."""
        if story is None or self.session_id != story.session.id:
            self._all = False
            self.correction.leave()
        self._story = story
        self._fill()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.open_button.setText(self.tr("Open the session"))
        self.correct_button.setText(self.tr("Correct…"))
        self.case_export.retranslate()
        self.duplicate.retranslate()
        self.correction.retranslate()
        self.review.retranslate()
        self.empty.setText(self.tr("Choose a session to see everything that happened in it."))
        self.proofs.set_title(self.tr("Checked"))
        self.mails.set_title(self.tr("Mails"))
        self._fill()

    def _fill(self) -> None:
        story = self._story
        self.empty.setVisible(story is None)
        self.title.setVisible(story is not None)
        set_text(self.path, " → ".join(story.path) if story is not None else "")
        self.path.setVisible(bool(self.path.text()))
        self.open_button.setVisible(story is not None)
        self.correct_button.setVisible(self._may_correct(story))
        self.case_export.show_story(story)
        self.duplicate.show_story(story)
        self.review.show_story(story)
        self._review_place.setHidden(self.review.isHidden())
        self.proofs.setVisible(story is not None and bool(story.proofs))
        self.mails.setVisible(story is not None and bool(story.session.mails))
        clear_layout(self.proofs.rows)
        clear_layout(self.events.rows)
        clear_layout(self.mails.rows)
        if story is None:
            return
        customer = story.session.content.customer
        name = (customer.company or f"{customer.first_name} {customer.surname}").strip()
        self.title.set_whole(f"{story.session.number} · {name}" if name else story.session.number)
        for proof in story.proofs:
            self.proofs.add(ProofRow(self._desk, proof))
        self._fill_events(story)
        for mail in story.session.mails:
            row = MailRow(self._desk, mail, alone=False)
            self.mails.add(row)
            self.mails.add(rule())

    def _fill_events(self, story: Timeline) -> None:
        hidden = 0 if self._all else max(len(story.events) - MOST_EVENTS, 0)
        if hidden:
            text = self.tr("Show %n earlier event(s)", "", hidden)
            self.events.add(on_click(button(text, "link", name="show_all_events"), self._show_all))
        day = None
        for event in story.events[hidden:]:
            if event.at.astimezone().date() != day:
                day = event.at.astimezone().date()
                self.events.add(label(format_day(day, self._desk.language), "small"))
            self.events.add(EventRow(self._desk, event))
            self.events.add(rule())

    def _show_all(self) -> None:
        self._all = True
        self._fill()

    def _may_correct(self, story: Timeline | None) -> bool:
        return story is not None and story.may_correct and self.correction.isHidden()

    def _begin_correction(self) -> None:
        if self._story is not None:
            self.correction.open(self._story.session)
            self.correct_button.hide()

    def _end_correction(self) -> None:
        self.correct_button.setVisible(self._may_correct(self._story))

    def _open(self) -> None:
        if self._story is not None:
            self._desk.openRequested.emit(self._story.session.id)
