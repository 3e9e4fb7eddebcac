"""The session on screen: six steps, what they cost and still need, and F9 from the call to the confirmation."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from agent_desk import late
from agent_desk.actions.views import SessionView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_session import Ui_SessionForm
from agent_desk.desktop.icons import icon
from agent_desk.desktop.link import says_away
from agent_desk.desktop.screen import Command, Header, Screen
from agent_desk.desktop.session.around import Around
from agent_desk.desktop.session.editor import Editor
from agent_desk.desktop.session.ending_bar import CANCEL, WITHDRAW, EndingBar
from agent_desk.desktop.session.flow import Flow, with_answers
from agent_desk.desktop.session.handing import Handing
from agent_desk.desktop.session.heading import session_header
from agent_desk.desktop.session.help_bar import Helping
from agent_desk.desktop.session.keys import Keys
from agent_desk.desktop.session.matters import Matters
from agent_desk.desktop.session.neighbours import Neighbours
from agent_desk.desktop.session.notices import Notices
from agent_desk.desktop.session.page import Page
from agent_desk.desktop.session.pages import Pages
from agent_desk.desktop.session.preview import Preview, done_steps, preview
from agent_desk.desktop.session.pro_note import ProNote
from agent_desk.desktop.session.showing import EmptyNote, show_foot, show_head
from agent_desk.desktop.session.side_pane import SidePane
from agent_desk.desktop.session.steps_pane import StepsPane
from agent_desk.desktop.session.version_bar import VersionBar
from agent_desk.desktop.session.versions import CHOOSE_FIRST
from agent_desk.rules.gates import Blocker
from agent_desk.rules.handover import Handover
from agent_desk.rules.session import Call, Customer, Step

if TYPE_CHECKING:
    from agent_desk.actions.late_typing import LateTyping
    from agent_desk.rules.feasibility import Question

    Opened = tuple[SessionView, tuple[Question, ...], LateTyping | None, Handover | None]

TICK_MS = 1000
TICKS_TO_REFRESH = 20  # warnings that come with the hour need no more
PREWARM_MS = 120
NOTES = "notes"


class SessionScreen(Screen):
    """One session at a time; opening another keeps this one as it was left."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.ui = Ui_SessionForm()
        self.ui.setupUi(self)
        self.editor: Editor | None = None
        self.preview: Preview | None = None
        self.step = Step.CUSTOMER
        self._made_for = ""
        self.flow = Flow(desk, self)
        self.steps = StepsPane(desk, self, self.ui.stepsLayout, self.ui.keysLayout)
        self.side = SidePane(desk, self.ui.sidePane)
        self.notices = Notices(desk, self.ui, self)
        self.ending = EndingBar(self.ui, self)
        self.pages = Pages(desk, self.ui.stack, self)
        self.versions = VersionBar(desk)
        self.handing = Handing(desk, self, self.put_away)
        self.helping = Helping(desk, self)
        self.pro = ProNote(desk, self)
        self.matters = Matters(desk, self)
        self.around = Around(desk, self, self.ui.sidePane)
        self.keys = Keys(self)
        self.neighbours = Neighbours(desk, self)
        self.neighbours.changed.connect(self.headerChanged)
        self.neighbours.ended.connect(self._ended_elsewhere)
        self.empty = EmptyNote(self)
        self.ui.rootLayout.insertWidget(0, self.empty)
        self.ui.rootLayout.insertWidget(2, self.versions)
        self._menu = QMenu(self)
        self.ui.moreButton.setMenu(self._menu)
        self._menu.aboutToShow.connect(partial(self.keys.hide_forbidden, self._menu))
        self._connect()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._each_second)
        self._ticks = 0
        self.retranslate()
        self._show_whether_open()

    def open_session(self, session_id: int) -> None:
        """Show this session at the step and field it was left at; a parked one is taken up again."""
        if self.editor is not None and self.editor.view.id == session_id:
            return
        kept = self.desk.site.kept_typing
        self.desk.run(
            lambda ctx: (*with_answers(ctx, session_id), kept(ctx, session_id), late.look_at_handover(ctx, session_id)),
            self._show_opened,
            owner=self,
            queue=session_id,
        )

    def start_session(self, customer: Customer | None = None) -> None:
        """A call comes in."""
        call = Call(started_at=self.desk.clock.now())
        self.desk.run(lambda ctx: late.open_session(ctx, call, customer), self._started, owner=self)

    def header(self) -> Header:
        """Return who is on the telephone, at which step, and what the call costs so far."""
        return session_header(self.desk, self.editor, self.step, self.neighbours.colleagues)

    def commands(self) -> list[Command]:
        """Return what can be done in this session."""
        return self.keys.commands()

    def refresh(self) -> None:
        """Bring everything up to date with the clock."""
        self._refresh()

    def save(self) -> None:
        """Save now what is unsaved."""
        if self.editor is not None:
            self.editor.flush()

    def loses(self) -> bool:
        """Tell whether closing would lose what could not be saved."""
        return self.editor is not None and self.editor.loses

    def flush(self) -> None:
        """The window closes: give what is not yet saved to the workers, and show nobody's screen to nobody."""
        if self.editor is not None:
            self.editor.hand_over()
            self.editor.watch.cut()
            self.neighbours.follow(None, self.step)

    def says(self) -> str:
        """Return the sentence above the step."""
        return self.notices.sentence

    def keeps_open(self) -> bool:
        """Ask for a second close where typing could not be saved."""
        if self.editor is None or not self.editor.holds_window():
            return False
        self.notices.tell_kept_open()
        return True

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.ui.retranslateUi(self)
        self.steps.retranslate()
        self.side.retranslate()
        self.ending.retranslate()
        self.versions.retranslate()
        self.handing.retranslate()
        self.helping.retranslate()
        self.pro.retranslate()
        self.matters.retranslate()
        self.around.retranslate()
        self.pages.retranslate()
        self.keys.fill_menu(self._menu)
        self.empty.retranslate()
        self.ui.back.setText(f"‹ {self.ui.back.text()}  Shift+F9")
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the sentence to say take the lines it needs at this width."""
        super().resizeEvent(event)
        self.ui.sayText.updateGeometry()

    def show_session(
        self, view: SessionView, late_typing: "LateTyping | None" = None, handed: Handover | None = None
    ) -> None:
        """Put a session on the screen, at its step and field, with what could not be saved when it was typed."""
        if self.editor is not None:
            self.editor.changed.disconnect(self._refresh)
            self.editor.retire()
        may = late.load("agent_desk.actions.resume_session:may_resume")
        self.editor = Editor(self.desk, view, self, watched=not may(self.desk.context))
        self.editor.changed.connect(self._refresh)
        self.editor.moved.connect(self._refresh)
        self.editor.saved.connect(self._settle)
        self.editor.adjusted.connect(self.notices.tell_adjusted)
        self.editor.troubled.connect(self.notices.tell_unsaved)
        self.flow.editor = self.editor
        self.notices.clear()
        self.ending.close()
        self.handing.attend(handed)
        self.helping.attend(view.id)
        self.around.look()
        self.pages.attach(self.editor)
        if late_typing is not None and late_typing.opened_at == view.opened_at:
            self.editor.adopt(late_typing)
        self.versions.attend(self.editor)
        self._show_whether_open()
        self._tick.start()
        field = self.editor.field
        self.go(self.editor.step)
        if field:
            self._focus(field)
        self.matters.attend()

    def go(self, step: Step) -> None:
        """Show a step and focus its first empty field."""
        if self.editor is None:
            return
        if step is not self.step:
            self.notices.tell_of_page("")
        self.step = step
        page = self.pages.show(step)
        self._refresh()
        if self.editor.ended or not page.focus_field(""):
            self.ui.primary.setFocus()
        self.editor.place(step, page.current_field())
        self.headerChanged.emit()
        QTimer.singleShot(PREWARM_MS, self._prewarm)

    def advance(self) -> None:
        """F9."""
        if self.preview is not None:
            self.flow.advance(self.step, self.preview)

    def back(self) -> None:
        """Go to the step before; from the first one, to Today."""
        if self.step is Step.CUSTOMER or self.editor is None:
            self.desk.screenRequested.emit("today")
        else:
            self.go(Step(self.step - 1))

    def goto(self, step: Step, field: str) -> None:
        """Go to a step and focus a field there."""
        if self.editor is not None:
            if step is not self.step:
                self.go(step)
            self._focus(field)

    @property
    def page(self) -> Page | None:
        """The step in front."""
        return self.pages.current()

    def _connect(self) -> None:
        ui = self.ui
        ui.back.clicked.connect(self.back)
        ui.primary.clicked.connect(self.advance)
        ui.moreButton.setIcon(icon("more"))
        self.steps.chosen.connect(self.go)
        self.side.goto.connect(self.goto)
        self.side.noted.connect(partial(self._type, NOTES))
        self.side.protection.connect(self.keys.protect)
        self.side.notesClosed.connect(ui.primary.setFocus)
        self.side.cannedAsked.connect(self.keys.offer_notes)
        self.pages.finished.connect(ui.primary.setFocus)
        self.pages.told.connect(self.notices.tell_of_page)
        self.pages.removed.connect(self.notices.tell_removed)
        self.flow.stepWanted.connect(self.go)
        self.flow.blocked.connect(self._go_to_blocker)
        self.flow.refused.connect(self._show_trouble)
        self.flow.changed.connect(self._show_foot)
        self.empty.asked.connect(lambda: self.desk.newRequested.emit(None))
        self.ending.confirmed.connect(self._end)
        self.versions.settled.connect(self._take_back)
        self.ending.kept.connect(lambda: self.page.focus_field("") if self.page is not None else None)
        self.desk.becameReady.connect(self._refresh)
        self.desk.link.back.connect(self._take_back)
        self.desk.settingsChanged.connect(self._refresh)
        self.desk.catalogueChanged.connect(self._refresh)
        self.desk.mailsChanged.connect(self._follow_mails)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._note_place)

    def _show_opened(self, found: "Opened") -> None:
        view, answers, late_typing, handed = found
        self.show_session(view, late_typing, handed)
        self.notices.tell_answers(answers)

    def _started(self, view: SessionView) -> None:
        self.show_session(view)
        self.desk.sessionChanged.emit(view.id)

    def _show_whether_open(self) -> None:
        is_open = self.editor is not None
        self.ui.body.setVisible(is_open)
        self.ui.footer.setVisible(is_open)
        self.empty.setVisible(not is_open)

    def _refresh(self) -> None:
        if self.editor is None or not self.desk.ready:
            return
        self.neighbours.follow(self.editor, self.step)
        self.pro.follow()
        view, content, now = self.editor.view, self.editor.content, self.desk.clock.now()
        self.preview = preview(view, content, self.desk.reference, self.desk.settings, now)
        self.notices.unblock(self.preview.blockers)
        self.side.refresh(self.preview, view, self.step)
        self.steps.refresh(self.step, done_steps(self.preview, view, self.step))
        page = self.page
        if page is not None:
            page.refresh(self.preview)
        show_head(self.desk, self.ui, self.step, self.preview, view, shown=self.editor.watch.is_viewed)
        self._show_foot()
        self.headerChanged.emit()

    def put_away(self) -> None:
        """Take the session off the screen: it is somebody else's now."""
        if self.editor is not None:
            self.editor.changed.disconnect(self._refresh)
            self.editor.retire()
        self.editor = self.flow.editor = self.preview = None
        self.helping.attend(None)
        self.matters.attend()
        self._tick.stop()
        self.neighbours.follow(None, self.step)
        self.versions.attend(None)
        self.notices.clear()
        self._show_whether_open()
        self.headerChanged.emit()
        self.desk.screenRequested.emit("today")

    def _show_foot(self) -> None:
        if self.editor is not None:
            show_foot(self.ui, self.flow, self.step, self.editor.view)

    def _settle(self) -> None:
        self._show_foot()
        if self.editor is not None:
            self.notices.settle(self.editor.content)

    def _show_trouble(self, error: BaseException) -> None:
        self.notices.tell(self.desk.sentence(error), "bad")

    def _take_back(self) -> None:
        """The database answers, or a choice was made: what was said of it before is true no longer."""
        choose_first = self.desk.wording.text(f"errors.{CHOOSE_FIRST}")
        if says_away(self.desk.wording, self.notices.sentence) or self.notices.sentence == choose_first:
            self.notices.clear()

    def _go_to_blocker(self, blocker: Blocker) -> None:
        self.notices.tell_blocker(blocker)
        self.goto(blocker.step, blocker.field)

    def _ended_elsewhere(self) -> None:
        """Show that it is over to whoever still has it on the screen."""
        if self.editor is not None and not self.editor.ended:
            self.editor.reload()

    def _follow_mails(self) -> None:
        """A closed session says what became of its confirmation."""
        if self.editor is not None and self.editor.ended:
            self.editor.act(lambda view: lambda ctx: late.load_session(ctx, view.id))

    def _focus(self, field: str) -> None:
        if field == NOTES and self.step >= Step.INTERVENTION:
            self.side.notes.setFocus()
        elif self.page is not None:
            self.page.focus_field(field)

    def _type(self, path: str, value: object) -> None:
        if self.editor is not None:
            self.editor.set(path, value)

    def _end(self, way: str, reason: str) -> None:
        if way == CANCEL:
            self.flow.cancel(reason)
        elif way == WITHDRAW:
            self.flow.withdraw()

    def _note_place(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self.editor is None or now is None or not self.isAncestorOf(now):
            return
        field = NOTES if now is self.side.notes else self.page.current_field() if self.page is not None else ""
        if field:
            self.editor.place(self.step, field)

    def _each_second(self) -> None:
        if not self.isVisible():
            return
        self._ticks += 1
        if self._ticks % TICKS_TO_REFRESH:
            self.headerChanged.emit()
        else:
            self._refresh()

    def _prewarm(self) -> None:
        if self.preview is not None and self.step < Step.CLOSING and not self.flow.is_busy:
            self.pages.warm(Step(self.step + 1), self.preview)
