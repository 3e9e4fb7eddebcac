"""What F9 does: from step to step, and from state to state where a step ends one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from agent_desk import late
from agent_desk.actions.errors import Refusal
from agent_desk.actions.views import SessionView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.editor import Editor, MakeWork
from agent_desk.desktop.session.preview import Preview
from agent_desk.desktop.session.versions import CHOOSE_FIRST
from agent_desk.rules.gates import Blocker
from agent_desk.rules.handover import Receiver, Words
from agent_desk.rules.session import ENDED, State, Step

if TYPE_CHECKING:
    from agent_desk.actions.context import Context
    from agent_desk.rules.feasibility import Question

BEGINNABLE = frozenset({State.AGREED, State.SCHEDULED})


class Flow(QObject):
    """Goes on where nothing blocks, else to what does; a second press while one is under way does nothing."""

    stepWanted = Signal(object)  # Step
    blocked = Signal(object)  # the first Blocker
    refused = Signal(object)  # the exception
    changed = Signal()  # busy or not

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.editor: Editor | None = None
        self.is_busy = False

    def label(self, step: Step, state: State) -> str:
        """Return what F9 does now, as the primary button says it."""
        translate = QCoreApplication.translate
        if state in ENDED:
            return translate("SessionFlow", "Back to Today")
        if step is Step.AGREEMENT:
            return translate("SessionFlow", "Customer agrees")
        if step is Step.INTERVENTION and state in BEGINNABLE:
            return translate("SessionFlow", "Begin the work")
        if step is Step.INTERVENTION:
            return translate("SessionFlow", "Go to closing")
        if step is Step.CLOSING:
            return translate("SessionFlow", "Close and send")
        return translate("SessionFlow", "Continue")

    def hint(self, step: Step, state: State) -> str:
        """Return what to know before pressing it."""
        translate = QCoreApplication.translate
        if step is Step.CLOSING and state is State.IN_PROGRESS:
            return translate("SessionFlow", "one single transaction")
        if step is Step.AGREEMENT and state not in ENDED:
            return translate("SessionFlow", "the offer goes out by mail")
        return ""

    def advance(self, step: Step, preview: Preview) -> None:
        """Go on from `step`, or to the first thing that blocks."""
        if self.editor is None or self.is_busy:
            return
        state = self.editor.view.state
        if state in ENDED:
            self._desk.screenRequested.emit("today")
            return
        if self.editor.versions.differ:
            self.refused.emit(Refusal(CHOOSE_FIRST))
            return
        blocking = preview.blocking(step)
        if blocking:
            self.blocked.emit(blocking[0])
            return
        self._steps(state)[step]()

    def _steps(self, state: State) -> dict[Step, Callable[[], None]]:
        return {
            Step.CUSTOMER: lambda: self.stepWanted.emit(Step.REQUEST),
            Step.REQUEST: lambda: self._qualify(state),
            Step.PREREQUISITES: lambda: self.stepWanted.emit(Step.AGREEMENT),
            Step.AGREEMENT: self._agree,
            Step.INTERVENTION: lambda: self._begin(state),
            Step.CLOSING: lambda: self._close(state),
        }

    def _qualify(self, state: State) -> None:
        if state is State.DRAFT and not self._desk.link.is_lost:  # agreeing does it too
            # The agent goes on meanwhile; a refusal is told when it comes.
            self._act(lambda view: lambda ctx: late.qualify_session(ctx, view.id, view.version), None)
        self.stepWanted.emit(Step.PREREQUISITES)

    def _agree(self) -> None:
        self._act(lambda view: lambda ctx: late.agree_session(ctx, view.id, view.version), Step.INTERVENTION)

    def _begin(self, state: State) -> None:
        if state is State.IN_PROGRESS:
            self.stepWanted.emit(Step.CLOSING)
        elif state in BEGINNABLE:
            self._act(lambda view: lambda ctx: late.begin_work(ctx, view.id, view.version), Step.INTERVENTION)
        else:
            self.stepWanted.emit(Step.AGREEMENT)

    def _close(self, state: State) -> None:
        if state is State.IN_PROGRESS:
            self._act(
                lambda view: lambda ctx: late.close_session(ctx, view.id, view.version, view.revision), Step.CLOSING
            )
        else:
            self.stepWanted.emit(Step.INTERVENTION if state in BEGINNABLE else Step.AGREEMENT)

    def cancel(self, reason: str) -> None:
        """Give the session up before the work."""
        self._act(lambda view: lambda ctx: late.cancel_session(ctx, view.id, view.version, reason), None)

    def withdraw(self) -> None:
        """Record the customer's withdrawal."""
        self._act(lambda view: lambda ctx: late.withdraw_session(ctx, view.id, view.version), None)

    def hang_up(self) -> None:
        """The call is over: it costs no more."""
        if self.editor is not None and self.editor.content.call.ended_at is None:
            self.editor.set("call.ended_at", self._desk.clock.now())

    def park(self) -> None:
        """Put the session aside and go back to Today."""
        if self.editor is None or self.is_busy or self.editor.view.state in ENDED:
            return
        self.hang_up()
        shared = self.editor.watch.is_shared

        def parked() -> None:
            self._desk.screenRequested.emit("today")
            if shared:
                self._desk.told.emit(QCoreApplication.translate("SessionFlow", "Put aside; the screen share was cut."))

        self._act(lambda view: lambda ctx: _put_aside(ctx, view.id, shared=shared), None, parked)

    def hand_over(self, to: Receiver, words: Words, done: Callable[[], None]) -> None:
        """Give the session to a colleague or a team; `done` once it is theirs."""
        if self.editor is None or self.is_busy or self.editor.view.state in ENDED:
            return
        self.hang_up()

        def handed() -> None:
            done()
            told = QCoreApplication.translate("SessionFlow", "Handed over to %1.")
            self._desk.told.emit(told.replace("%1", to.name))

        self._act(lambda view: lambda ctx: late.hand_over_session(ctx, view.id, view.version, to, words), None, handed)

    def go_round(self, job: "Callable[[Context, int], SessionView]", done: Callable[[], None], *, gone: bool) -> None:
        """Do what follows the session or goes round it, upon its version; the call is over where it is `gone` by that."""
        if self.editor is None or self.is_busy:
            return
        if gone and self.editor.content.call.ended_at is None:
            self.editor.set("call.ended_at", self._desk.clock.now())
        self._act(lambda view: lambda ctx: job(ctx, view.version), None, done)

    def _act(self, make: MakeWork, then: Step | None, after: Callable[[], None] | None = None) -> None:
        if self.editor is None or self.is_busy:
            return
        editor = self.editor
        self._set_busy(True)

        def done(_view: Any) -> None:
            self._set_busy(False)
            self._desk.sessionChanged.emit(editor.view.id)
            if then is not None and editor is self.editor:
                self.stepWanted.emit(then)
            if after is not None:
                after()

        def failed(error: BaseException) -> None:
            self._set_busy(False)
            found: tuple[Blocker, ...] = error.blockers if isinstance(error, Refusal) else ()
            if found and editor is self.editor:
                self.blocked.emit(found[0])
            self.refused.emit(error)

        editor.act(make, done, failed)

    def _set_busy(self, busy: bool) -> None:
        self.is_busy = busy
        self.changed.emit()


def _put_aside(ctx: "Context", session_id: int, *, shared: bool) -> SessionView:
    """Park a session; nobody looks at a screen meanwhile."""
    if shared:
        late.stop_share(ctx, session_id)
    return late.park_session(ctx, session_id)


def taken_up(ctx: "Context", session_id: int) -> SessionView:
    """Return the session, taken up again where it was put aside, by who may."""
    view: SessionView = late.read_file(ctx, session_id)
    rests = view.parked_at is not None and view.state not in ENDED
    may = rests and late.load("agent_desk.actions.resume_session:may_resume")(ctx)
    return late.resume_session(ctx, session_id) if may else view


def with_answers(ctx: "Context", session_id: int) -> "tuple[SessionView, tuple[Question, ...]]":
    """Return the session, taken up again, with what was decided meanwhile about what it asked."""
    view = taken_up(ctx, session_id)
    found = late.take_in_answers(ctx, session_id) if view.state not in ENDED else ()
    return (late.load_session(ctx, session_id) if found else view), found
