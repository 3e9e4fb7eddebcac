"""The session on the screen: what is typed, when it is saved, and the one queue every change of it goes through."""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from agent_desk import late
from agent_desk.actions.errors import Refusal
from agent_desk.actions.share_views import ShareView
from agent_desk.actions.views import Saved, SessionView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.share_watch import ShareWatch
from agent_desk.rules.content_path import read, write
from agent_desk.rules.session import ENDED, Content, Step

if TYPE_CHECKING:
    from agent_desk.actions.context import Context

SAVE_AFTER_MS = 250  # the promise is 500 ms from the first unsaved keystroke to the row; the rest is for a busy disk
RETRY_AFTER_MS = 3000
TOO_LONG = "too_long"

Work = Callable[["Context"], Any]
MakeWork = Callable[[SessionView], Work]
Done = Callable[[Any], None]
Failed = Callable[[Exception], None]


class Editor(QObject):
    """One open session; `content` is what the agent sees, `view` what the database last said."""

    changed = Signal()  # content differs from what was on screen
    moved = Signal()  # state, consents, code or decision differ: `view` was replaced
    saved = Signal()
    adjusted = Signal(object)  # Saved: what could not be kept as typed
    troubled = Signal(object)  # the exception; nothing on screen was lost

    def __init__(self, desk: Desk, view: SessionView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.view = view
        self.content: Content = view.content
        self.step: Step = view.step
        self.field: str = view.field
        self.share: ShareView | None = None  # the screen share as last heard of
        self._pending: dict[str, object] = {}
        self._placed = False
        self._due = False
        self._running = False
        self._retired = False
        self._left = False
        self._failed = False
        self._warned = False
        self._clock_told = False
        self._jobs: deque[tuple[MakeWork, Done | None, Failed | None]] = deque()
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self.flush)
        self.watch = ShareWatch(desk, self)

    @property
    def ended(self) -> bool:
        """Tell whether nothing can be typed any more."""
        return self.view.state in ENDED

    @property
    def unsaved(self) -> bool:
        """Tell whether something on screen is not in the database yet."""
        return bool(self._pending) or self._placed

    @property
    def busy(self) -> bool:
        """Tell whether a change of the session is under way."""
        return self._running or bool(self._jobs)

    def set(self, path: str, value: object) -> None:
        """Type `value` at `path`; saved within half a second."""
        if self.ended or read(self.content, path) == value:
            return
        self.content = write(self.content, path, value)
        self._pending.pop(path, None)
        self._pending[path] = value
        self._start_timer()
        self.changed.emit()

    def show(self, path: str, value: object) -> None:
        """Put `value` on screen at once; the action under way writes it."""
        self.content = write(self.content, path, value)
        self.changed.emit()

    def place(self, step: Step, field: str) -> None:
        """Remember where the agent stands, so that the session reopens there."""
        if (step, field) != (self.step, self.field) and not self.ended:
            self.step, self.field = step, field
            self._placed = True
            self._start_timer()

    def act(self, make: MakeWork, done: Done | None = None, failed: Failed | None = None) -> None:
        """Save what is unsaved, then run `make(view)` in the session's queue; its SessionView or Saved is taken over."""
        self._jobs.append((make, done, failed))
        self._next()

    def reload(self) -> None:
        """Something else changed the session: show it as the database has it now."""
        self.act(lambda view: lambda ctx: late.load_session(ctx, view.id))

    def flush(self) -> None:
        """Save now what is unsaved."""
        self._timer.stop()
        self._due = self.unsaved
        self._next()

    def holds_window(self) -> bool:
        """Tell, once after each failure that is not over, that closing loses what could not be saved."""
        holds = self._failed and (bool(self._pending) or self.busy) and not self._warned
        self._warned = holds or self._warned
        return holds

    def hand_over(self) -> None:
        """The window closes: give everything to the workers now, as no answer will be read any more."""
        if not self.busy:
            self.flush()
            self._left = True
            return
        self._left = True
        self._timer.stop()
        session_id, pending, step, field = self.view.id, self._pending, self.step, self.field
        for make, _, _ in self._jobs:
            self._desk.run(make(self.view), queue=session_id)
        if self.unsaved:
            self._desk.run(lambda ctx: _save_over(ctx, session_id, pending, step, field), queue=session_id)

    def retire(self) -> None:
        """Another session comes to the screen: finish what is under way, then go."""
        self._retired = True
        self.watch.stop()
        self.flush()
        self._go_if_done()

    def _go_if_done(self) -> None:
        if self._retired and not self.busy and not self.unsaved:
            self.deleteLater()

    def _start_timer(self) -> None:
        # Never restarted by the next keystroke: the half second counts from the first unsaved one.
        if not self._timer.isActive() and not self._left:
            self._timer.start(SAVE_AFTER_MS)

    def _next(self) -> None:
        if self._running or self._left:
            return
        if self.unsaved and (self._due or self._jobs):
            self._save()
        elif self._jobs:
            make, done, failed = self._jobs.popleft()
            self._run(
                make(self.view), lambda result: self._finish(result, done), lambda error: self._refuse(error, failed)
            )

    def _save(self) -> None:
        sent, placed = self._pending, self._placed
        self._pending, self._placed, self._due = {}, False, False
        self._timer.stop()
        session_id, revision = self.view.id, self.view.revision
        content, step, field = self.content, self.step, self.field

        def done(saved: Saved) -> None:
            self.view = replace(self.view, step=step, field=field)
            self._take_saved(saved)

        def failed(error: Exception) -> None:
            self._pending = {path: value for path, value in sent.items() if path not in self._pending} | self._pending
            self._placed = self._placed or placed
            self._keep(error)

        self._run(lambda ctx: late.save_draft(ctx, session_id, revision, content, step, field), done, failed)

    def _keep(self, error: Exception) -> None:
        """A save failed: what waits for it is refused with the same sentence, what was typed stays and is tried again."""
        self._failed = True
        waiting, self._jobs = self._jobs, deque()
        for _, _, failed in waiting:
            if failed is not None:
                failed(error)
        if isinstance(error, Refusal) and error.code == "changed_elsewhere":
            self._reload()
        else:
            self._timer.start(RETRY_AFTER_MS)
        self.troubled.emit(error)

    def _reload(self) -> None:
        session_id = self.view.id
        self._run(
            lambda ctx: late.load_session(ctx, session_id), lambda view: self._finish(view, None), self.troubled.emit
        )

    def _run(self, work: Work, done: Done, failed: Failed) -> None:
        self._running = True

        def settle(then: Callable[[Any], None], result: Any) -> None:
            self._running = False
            then(result)
            self._next()
            self._go_if_done()

        self._desk.run(
            work,
            done=lambda result: settle(done, result),
            failed=lambda error: settle(failed, error),
            owner=self,
            queue=self.view.id,
        )

    def _finish(self, result: Any, done: Done | None) -> None:
        if isinstance(result, SessionView):
            self.take_over(result)
        elif isinstance(result, Saved):
            self._take_saved(result)
        if done is not None:
            done(result)

    def _take_saved(self, saved: Saved) -> None:
        self.view = replace(self.view, revision=saved.revision, saved_at=saved.at, content=saved.content)
        kept = saved.content
        for one in saved.adjusted:
            if one.code == TOO_LONG:  # cut in the database, whole on screen: the rest can still be moved to the notes
                kept = write(kept, one.field, read(self.content, one.field))
        self._show_over(kept)
        self._failed = self._warned = False
        self.saved.emit()
        clock_told, self._clock_told = self._clock_told, saved.clock_back_minutes > 0
        if saved.adjusted or (self._clock_told and not clock_told):
            self.adjusted.emit(saved)

    def take_over(self, view: SessionView) -> None:
        """Go on from what the database says now; what was typed since stays on screen."""
        self.view = view
        self._show_over(view.content)
        self.moved.emit()
        if self.unsaved:
            self._start_timer()

    def _show_over(self, content: Content) -> None:
        """Put `content` on screen under what was typed since."""
        for path, value in self._pending.items():
            with suppress(IndexError):  # a line another window removed meanwhile takes its typing with it
                content = write(content, path, value)
        if content != self.content:
            self.content = content
            self.changed.emit()

    def _refuse(self, error: Exception, failed: Failed | None) -> None:
        if isinstance(error, Refusal) and error.code == "changed_elsewhere":
            self._reload()
        self._show_over(self.view.content)  # what was shown at once did not happen
        if failed is not None:
            failed(error)
        else:
            self.troubled.emit(error)


def _save_over(ctx: "Context", session_id: int, pending: dict[str, object], step: Step, field: str) -> None:
    """Write what was typed over whatever the jobs before have made of the session."""
    view = late.load_session(ctx, session_id)
    content = view.content
    for path, value in pending.items():
        with suppress(IndexError):
            content = write(content, path, value)
    late.save_draft(ctx, session_id, view.revision, content, step, field)
