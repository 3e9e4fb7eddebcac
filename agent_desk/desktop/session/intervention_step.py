"""Step 5: the code, the customer's screen, what was agreed by telephone, and the procedure to follow."""

from functools import partial

from PySide6.QtWidgets import QApplication, QWidget

from agent_desk import late
from agent_desk.actions.share_views import ShareView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_session_intervention import Ui_SessionIntervention
from agent_desk.desktop.session.code_card import CodeCard
from agent_desk.desktop.session.consents import Consents
from agent_desk.desktop.session.editor import Editor
from agent_desk.desktop.session.page import Page
from agent_desk.desktop.session.preview import Preview
from agent_desk.desktop.session.share_card import ShareCard
from agent_desk.desktop.session.share_words import ShareWords, share_note
from agent_desk.desktop.session.texts import short_service
from agent_desk.desktop.widgets import set_text
from agent_desk.procedures import Procedure, load_procedure
from agent_desk.rules.clocks import WorkWarning, work_warning
from agent_desk.rules.gates import current
from agent_desk.rules.session import ConsentKind, State, Step

BELOW = 40  # pixels in sight under the point in hand: the next one
KINDS = (ConsentKind.SCREEN_SHARING, ConsentKind.AFTER_HOURS)


class InterventionStep(Page):
    """Code, words and view of the screen share, consents by telephone, procedure."""

    step = Step.INTERVENTION

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Ui_SessionIntervention())
        self.code = CodeCard(desk, self.ui, self)
        self.code.issued.connect(self._show_top)
        self.words = ShareWords(desk, self.ui, self)
        self.share = ShareCard(desk, self.ui, self)
        self._connect_share()
        self._consents = Consents(desk, KINDS, self.ui.phoneConsentsLayout, self, opens_first=False)
        self._consents.finished.connect(self.finished)
        self._services: tuple[str, ...] = ()
        self._procedures: dict[str, Procedure] = {}
        self.ui.procedure.dress(desk)
        self.ui.procedure.ticked.connect(self._tick)
        self.ui.procedure.selectionModel().currentChanged.connect(lambda *_: self._show_point())
        self.ui.procedureTabs.currentChanged.connect(lambda _: self._show_procedure())
        self.retranslate()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        super().retranslate()
        self.code.retranslate()
        self.words.retranslate()
        self.share.retranslate()
        self._consents.retranslate()
        self._services, self._procedures = (), {}

    def attach(self, editor: Editor | None) -> None:
        """Show another session from now on."""
        super().attach(editor)
        self.code.editor = self._consents.editor = self.words.editor = self.share.editor = editor
        self._services = ()
        if editor is not None:
            editor.watch.changed.connect(partial(self._follow_share, editor))
        self.share.show()  # the screen of the session before is left, whatever step is in front

    def arrange(self, preview: Preview) -> None:
        """Show the code, the consents and the procedures of these services."""
        if self.editor is None:
            return
        facts = preview.facts
        self.words.show()
        self.code.show(self.editor.view)
        self.share.show()
        warning = work_warning(facts.now, facts.content.customer.territory)
        running = self.editor.view.state is State.IN_PROGRESS
        late_now = running and (warning is not None or current(facts.consents, ConsentKind.AFTER_HOURS) is not None)
        self._consents.show(preview, KINDS if late_now else KINDS[:1])
        self._show_hours(warning if running else None)
        self._show_tabs(preview)

    def field(self, path: str) -> QWidget | None:
        """Return a consent's row, the code's button, or the procedure."""
        cut = self.ui.shareCut if self.share.is_shown else self._issue_button()
        own = {"code": self._issue_button(), "share": cut, "ticks": self.ui.procedure}
        return own.get(path) or self._consents.field(path)

    def first_field(self) -> QWidget | None:
        """Return the procedure: it is what the agent follows."""
        procedure: QWidget = self.ui.procedure
        return procedure

    def focus_field(self, path: str) -> bool:
        """Put the focus at `path`; the code stays in sight while the point in hand leaves room for it."""
        found = super().focus_field(path)
        if self.ui.procedure.hasFocus():
            self._show_top()
            self._show_point()
        return found

    def _connect_share(self) -> None:
        words, share = self.words, self.share
        self.code.issued.connect(share.seat.prepare)
        words.codeWanted.connect(self.code.issue)
        words.failed.connect(self._tell_trouble)
        share.failed.connect(self._tell_trouble)
        share.resized.connect(self._fit_row)
        share.seat.is_typing = lambda: self.editor is not None and self.editor.unsaved
        share.seat.hinted.connect(lambda: self.editor.watch.ask() if self.editor is not None else None)
        share.seat.unserved.connect(self.code.show_fault)

    def _fit_row(self) -> None:
        """Another width: the cards stand beside or below each other, and the digits have another size."""
        if self.editor is not None:
            self.words.show()
            self.code.show(self.editor.view)

    def _tell_trouble(self, error: BaseException) -> None:
        self.told.emit(self.desk.sentence(error), "bad")

    def _follow_share(self, editor: Editor, before: ShareView | None) -> None:
        """Say what must be seen at whatever step: a second browser, somebody guessing, an end that nobody here asked for."""
        if editor is not self.editor:
            return
        self.share.show()
        if editor.share is not None:
            note = share_note(before, editor.share, at_hand=self.isVisible())
            if note:
                self.told.emit(self.text(note), "warn")

    def _issue_button(self) -> QWidget:
        beside: QWidget = self.ui.sideIssue
        own: QWidget = self.ui.codeIssue
        return beside if beside.isVisibleTo(self) else own

    def _show_top(self) -> None:
        self.verticalScrollBar().setValue(0)

    def _show_point(self) -> None:
        procedure = self.ui.procedure
        index = procedure.currentIndex()
        if procedure.hasFocus() and index.isValid():
            below = procedure.viewport().mapTo(self.widget(), procedure.visualRect(index).bottomLeft())
            self.ensureVisible(0, below.y(), 0, BELOW)

    def _show_hours(self, warning: WorkWarning | None) -> None:
        self.ui.hoursNote.setVisible(warning is not None)
        if warning is not None:
            set_text(self.ui.hoursText, self.text(f"work_warnings.{warning}"))

    def _show_tabs(self, preview: Preview) -> None:
        facts, tabs = preview.facts, self.ui.procedureTabs
        services = tuple(line.service for line in facts.content.lines)
        if services != self._services:
            self._services = services
            while tabs.count():
                tabs.removeTab(0)
            for code in services:
                tabs.addTab(short_service(code, facts.catalogue, self.desk.language))
        tabs.setVisible(len(services) > 1)
        self.ui.procedureCard.setVisible(bool(services))
        self._show_procedure()

    def _current_service(self) -> str:
        place = self.ui.procedureTabs.currentIndex()
        return self._services[place] if 0 <= place < len(self._services) else ""

    def _show_procedure(self) -> None:
        service = self._current_service()
        if not service or self.editor is None:
            return
        if service not in self._procedures:
            try:
                self._procedures[service] = load_procedure(service, self.desk.language)
            except KeyError:
                self._procedures[service] = Procedure("", (), ())
        procedure = self._procedures[service]
        start = f"{service}/"
        ticks = self.editor.content.ticks
        done = frozenset(int(tick.removeprefix(start)) for tick in ticks if tick.startswith(start))
        self.ui.procedure.show_items(procedure.items, done)
        set_text(self.ui.procedureTitle, procedure.title)
        set_text(self.ui.procedureCount, f"{len(done)} / {len(procedure.items)}")
        set_text(self.ui.procedureTip, "\n".join(procedure.tips))
        self.ui.procedureTip.setVisible(bool(procedure.tips))

    def _tick(self, item: int, done: bool) -> None:
        if self.editor is None:
            return
        tick = f"{self._current_service()}/{item}"
        self.editor.act(lambda view: lambda ctx: late.tick_step(ctx, view.id, tick, done))
        others = tuple(one for one in self.editor.content.ticks if one != tick)
        self.editor.show("ticks", (*others, tick) if done else others)

    def current_field(self) -> str:
        """Return the consent in hand, else where the procedure stands."""
        widget = QApplication.focusWidget()
        if widget is self.ui.procedure:
            return "ticks"
        return "code" if widget in (self.ui.codeIssue, self.ui.sideIssue) else super().current_field()
