"""The right-hand panel: who, what it costs, what is still to be collected, what blocks, and the notes."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from agent_desk.actions.views import SessionView
from agent_desk.desktop.boxes import RightPanel, Row
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.preview import Preview
from agent_desk.desktop.session.side_rows import BlockerButton, GuardRow, ItemButton
from agent_desk.desktop.session.texts import short_service, short_time
from agent_desk.desktop.widgets import button, chip, label, rule, set_property, set_text
from agent_desk.formats import format_cents, format_permille
from agent_desk.rules.gates import Blocker, Item
from agent_desk.rules.session import ENDED, Content, Segment, State, Step

PROTECTION_KEY = "F7"
CANNED_KEY = "F8"
NOTES_HEIGHT = 92


class SidePane(QObject):
    """Fills a RightPanel; widgets are kept and filled anew, so that typing stays fast."""

    goto = Signal(object, str)  # Step, dotted path
    protection = Signal(bool)  # off
    noted = Signal(str)
    cannedAsked = Signal()
    notesClosed = Signal()  # while the keyboard was in them

    def __init__(self, desk: Desk, panel: RightPanel) -> None:
        super().__init__(panel)
        self._desk = desk
        self._customer = panel.section()
        self._who = label(wrap=True)
        self._subscription = Row(left_role="muted", right_role="tick")
        self._customer.add(self._who)
        self._customer.add(self._subscription)
        self._services = panel.section()
        self._lines: list[Row] = []
        self._line_box = QVBoxLayout()
        self._line_box.setSpacing(0)
        self._services.rows.addLayout(self._line_box)
        self._services.rows.addSpacing(5)
        self._services.add(rule())
        self._total_caption = label(wrap=True)
        self._total = label(role="total")
        self._services.add(self._total_row())
        self._vat = label(role="muted", wrap=True)
        self._services.add(self._vat)
        self._collect = panel.section()
        self._items: list[ItemButton] = []
        self._proceed = panel.section()
        self._clear = chip("", "ok")
        self._proceed.add(self._clear)
        self._blockers: list[BlockerButton] = []
        self._guard = GuardRow()
        self._guard_chip = label(role="warned", wrap=True)
        self._proceed.add(self._guard)
        self._proceed.add(self._guard_chip)
        self._guard.tick.clicked.connect(self.protection)
        self._note_section = panel.section()
        self.notes = QPlainTextEdit()
        self._canned = button("", "link", "note", "canned_notes")
        self._make_notes()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        translate = QCoreApplication.translate
        self._customer.set_title(translate("SessionSide", "Customer"))
        self._services.set_title(translate("SessionSide", "Services"))
        self._collect.set_title(translate("SessionSide", "To collect"))
        self._proceed.set_title(translate("SessionSide", "To go on"))
        title = self._desk.wording.text("fields.notes")
        self._note_section.set_title(title)
        self.notes.setAccessibleName(title)
        self._canned.setText(translate("SessionSide", "Ready-made notes  %1").replace("%1", CANNED_KEY))
        set_text(self._clear, self._desk.wording.text("collect.nothing_blocks"))

    def refresh(self, preview: Preview, view: SessionView, step: Step) -> None:
        """Show the session as it stands on screen, from the step in front."""
        content = preview.facts.content
        self._show_customer(content)
        self._show_services(preview)
        self._show_items(preview.items)
        ended = view.state in ENDED
        self._proceed.setVisible(not ended)
        self._let_note(ended=ended)
        self._canned.setVisible(not ended)
        self._show_blockers(() if ended else preview.blocking(step))
        self._show_guard(content, view, step)
        self._note_section.setVisible(step >= Step.INTERVENTION)
        if self.notes.toPlainText() != content.notes:
            self.notes.blockSignals(True)
            self.notes.setPlainText(content.notes)
            self.notes.blockSignals(False)

    def _let_note(self, *, ended: bool) -> None:
        """Notes of a session that has ended can be read and copied, and look it."""
        if ended == self.notes.isReadOnly():
            return
        self.notes.setReadOnly(ended)
        set_property(self.notes, "ended", "true" if ended else "false")
        if ended and self.notes.hasFocus():
            self.notesClosed.emit()

    def _total_row(self) -> QWidget:
        made = QWidget()
        box = QHBoxLayout(made)
        box.setContentsMargins(0, 5, 0, 0)
        box.addWidget(self._total_caption, 1, Qt.AlignmentFlag.AlignBottom)
        box.addWidget(self._total, 0, Qt.AlignmentFlag.AlignBottom)
        return made

    def _make_notes(self) -> None:
        self.notes.setObjectName("notes")
        self.notes.setFixedHeight(NOTES_HEIGHT)
        self.notes.setTabChangesFocus(True)
        self.notes.textChanged.connect(lambda: self.noted.emit(self.notes.toPlainText()))
        self._canned.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._canned.clicked.connect(self.cannedAsked)
        self._note_section.add(self.notes)
        self._note_section.add(self._canned)

    def _show_customer(self, content: Content) -> None:
        wording, customer = self._desk.wording, content.customer
        company = customer.company.strip() if customer.segment is Segment.PRO else ""
        parts = (
            wording.text(f"segments.{customer.segment}"),
            wording.text(f"territories.{customer.territory}"),
            company,
        )
        set_text(self._who, " · ".join(part for part in parts if part))
        todo = wording.text("answers.no") if customer.subscription is False else wording.text("collect.todo")
        self._subscription.set_texts(wording.text("collect.subscription"), "✓" if customer.subscription else todo)
        set_property(self._subscription.right, "role", "tick" if customer.subscription else "todo")

    def _show_services(self, preview: Preview) -> None:
        language, wording, facts = self._desk.language, self._desk.wording, preview.facts
        while len(self._lines) < len(preview.lines):
            row = Row()
            self._lines.append(row)
            self._line_box.addWidget(row)
        for place, row in enumerate(self._lines):
            row.setVisible(place < len(preview.lines))
            if place < len(preview.lines):
                line = preview.lines[place]
                name = short_service(line.service, facts.catalogue, language)
                offered = not line.full_cents
                amount = wording.text("money.offered") if offered else format_cents(line.amount_cents, language)
                row.set_texts(name, amount)
        set_text(self._total_caption, wording.text("money.to_bill" if preview.decision else "money.total_if_solved"))
        set_text(self._total, format_cents(preview.total_cents, language))
        rate = format_permille(facts.catalogue.vat_permille, language)
        set_text(self._vat, wording.text("money.vat", rate=rate, amount=format_cents(preview.vat_cents, language)))

    def _show_items(self, items: Sequence[Item]) -> None:
        while len(self._items) < len(items):
            made = ItemButton()
            self._items.append(made)
            self._collect.add(made)
        wording = self._desk.wording
        for place, made in enumerate(self._items):
            made.setVisible(place < len(items))
            if place < len(items):
                item = items[place]
                state = wording.text("collect.done" if item.done else "collect.todo")
                made.show_item(wording.text(f"collect.{item.code}"), state, done=item.done)
                made.setObjectName(f"item_{item.code}")
                made.go = partial(self.goto.emit, item.step, item.field)

    def _show_blockers(self, blockers: Sequence[Blocker]) -> None:
        # Postcode, town and street miss for one reason: it is said once.
        distinct = list({blocker.code: blocker for blocker in reversed(blockers)}.values())[::-1]
        while len(self._blockers) < len(distinct):
            made = BlockerButton()
            self._blockers.append(made)
            self._proceed.rows.insertWidget(len(self._blockers), made)
        for place, made in enumerate(self._blockers):
            made.setVisible(place < len(distinct))
            if place < len(distinct):
                blocker = distinct[place]
                self._fill_blocker(made, blocker)
        self._clear.setVisible(not distinct)

    def _fill_blocker(self, made: BlockerButton, blocker: Blocker) -> None:
        wording = self._desk.wording
        made.show_blocker(wording.text(f"gates.{blocker.code}"), wording.text("money.article", article=blocker.article))
        made.setObjectName(f"blocker_{blocker.code}")
        made.go = partial(self.goto.emit, blocker.step, blocker.field)

    def _show_guard(self, content: Content, view: SessionView, step: Step) -> None:
        off, on = content.closing.protection_off_at, content.closing.protection_on_at
        is_off = off is not None and (on is None or on < off)
        translate = QCoreApplication.translate
        self._guard.setVisible(step is Step.INTERVENTION and view.state in (State.AGREED, State.IN_PROGRESS))
        text = translate("SessionSide", "Firewall or antivirus off")
        since = translate("SessionSide", "Protection off since %1")
        shown = since.replace("%1", short_time(off)) if is_off and off is not None else text
        self._guard.show_guard(f"{shown}  {PROTECTION_KEY}", is_off=is_off)
        self._guard_chip.setVisible(is_off)
        put_back = translate("SessionSide", "to be put back before closing")
        set_text(self._guard_chip, f"{put_back} — {self._desk.wording.text('money.article', article='4.5')}")
