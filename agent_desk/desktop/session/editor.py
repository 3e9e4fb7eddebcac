"""The session on the screen: what is typed, when it is saved, and the one queue every change of it goes through."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from agent_desk import late
from agent_desk.actions.errors import Refusal
from agent_desk.actions.share_views import ShareView
from agent_desk.actions.views import Saved, SessionView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.link import Away, is_away
from agent_desk.desktop.session.late_keep import LateKeep, save_over, typing_of
from agent_desk.desktop.session.share_watch import ShareWatch
from agent_desk.desktop.session.versions import CHOOSE_FIRST, Versions, is_stale
from agent_desk.rules.content_path import read, write
from agent_desk.rules.late_typing import typed_over
from agent_desk.rules.session import ENDED, Content, Step

if TYPE_CHECKING:
    from agent_desk.actions.context import Context
    from agent_desk.actions.late_typing import LateTyping

SAVE_AFTER_MS = 250  # the promise is 500 ms from the first unsaved keystroke to the row; the rest is for a busy disk
RETRY_AFTER_MS = 3000
LATE_AFTER_MS = 500  # a save not answered by then is kept on the workstation too
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

    def __init__(self, desk: Desk, view: SessionView, parent: QObject | None = None, *, watched: bool = False) -> None:
        super().__init__(parent)
        self._desk = desk
        self._watched = watched
        self.view = view
        self.content: Content = view.content
        self.step: Step = view.step
        self.field: str = view.field
        self.share: ShareView | None = None  # the screen share as last heard of
        self.versions = Versions(self)  # where there are two, nothing is saved before a choice
        self._pending: dict[str, object] = {}
        self._sent: dict[str, object] = {}
        self._placed = False
        self._due = False
        self._running = False
        self._retired = False
        self._left = False
        self._failed = False
        self._warned = False
        self._clock_told = False
        self._jobs: deque[tuple[MakeWork, Done | None, Failed | None]] = deque()
        self._timer = self._single_shot(SAVE_AFTER_MS, self.flush)
        self.watch = ShareWatch(desk, self)
        self.keep = LateKeep(desk, self)
        self._late = self._single_shot(LATE_AFTER_MS, self.keep.touch)
        desk.link.lost.connect(self._stay_behind)
        desk.link.back.connect(self._catch_up)

    @property
    def ended(self) -> bool:
        """Tell whether nothing can be typed any more."""
        return self.view.state in ENDED

    @property
    def is_read_only(self) -> bool:
        """Tell whether whoever sits here types nothing: it has ended, or they look after it and leave it to its agent."""
        return self.ended or self._watched

    @property
    def is_open(self) -> bool:
        """Tell whether somebody is at work here: neither ended nor put aside."""
        return not self.ended and self.view.parked_at is None

    @property
    def unsaved(self) -> bool:
        """Tell whether something on screen is not in the database yet."""
        return bool(self._pending or self._sent or self.versions.differ) or self._placed

    @property
    def busy(self) -> bool:
        """Tell whether a change of the session is under way."""
        return self._running or bool(self._jobs)

    def now(self) -> datetime:
        """Return the present moment."""
        return self._desk.clock.now()

    def set(self, path: str, value: object) -> None:
        """Type `value` at `path`; saved within half a second."""
        if self.is_read_only or read(self.content, path) == value:
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
        if (step, field) != (self.step, self.field) and not self.is_read_only:
            self.step, self.field = step, field
            self._placed = True
            self._start_timer()

    def act(self, make: MakeWork, done: Done | None = None, failed: Failed | None = None) -> None:
        """Save what is unsaved, then run `make(view)` in the session's queue; its SessionView or Saved is taken over.

        Refused at once while the database is away, or while the agent has to choose between two versions.
        """
        if self._desk.link.is_lost:
            self._refuse(Away(), failed)
        elif self.versions.differ:
            self._refuse(Refusal(CHOOSE_FIRST), failed)
        else:
            self._jobs.append((make, done, failed))
            self._next()

    def reload(self) -> None:
        """Something else changed the session: show it as the database has it now."""
        if not self._desk.link.is_lost and not self.versions.differ:
            self.act(lambda view: lambda ctx: late.load_session(ctx, view.id))

    def flush(self) -> None:
        """Save now what is unsaved."""
        self._timer.stop()
        self._due = self.unsaved
        self._next()

    def choose(self, *, mine: bool) -> None:
        """Of two versions, keep what was typed here, or take what was saved elsewhere."""
        typed = self.versions.choose(mine=mine and not self.ended)
        since = {path: value for path, value in self._pending.items() if path not in typed.dropped}
        self._pending = {**typed.kept, **since}
        self._show_over(self.view.content)
        self.flush()
        if not self.unsaved:
            self.keep.forget()

    def adopt(self, typing: "LateTyping") -> None:
        """Go on with what was kept of this session when it could not be saved."""
        self.keep.adopt()
        self.step, self.field, self._placed = typing.step, typing.field, not self.ended
        self._pending = self.versions.compare(self.view, typing.base, typing.content, typing.paths)
        self._show_over(self.view.content)
        self.flush()

    def late_typing(self) -> "LateTyping":
        """Return what is not saved, as it is kept on the workstation."""
        return typing_of(self, tuple(self._sent | self.versions.typed | self._pending))

    @property
    def loses(self) -> bool:
        """Tell whether closing now would lose what could not be saved."""
        return self._failed and (self.unsaved or self.busy) and not self.keep.lasting

    def holds_window(self) -> bool:
        """Tell, once after each failure that is not over, that closing loses what could not be saved."""
        holds = self.loses and not self._warned
        self._warned = holds or self._warned
        return holds

    def hand_over(self) -> None:
        """The window closes: give everything to the workers now, as no answer will be read any more."""
        self._late.stop()
        if self._desk.link.is_lost or self.versions.differ:
            self._left = True
            self._timer.stop()
            self.keep.keep_now()
            return
        if not self.busy:
            self.flush()
            self._left = True
            return
        self._left = True
        self._timer.stop()
        session_id, typing, keep = self.view.id, self.late_typing(), self._desk.site.keep_typing
        for make, _, _ in self._jobs:
            self._desk.run(make(self.view), queue=session_id)
        if self.unsaved:
            self._desk.run(lambda ctx: save_over(ctx, typing, keep), queue=session_id)

    def retire(self) -> None:
        """Another session comes to the screen: finish what is under way, then go."""
        self._retired = True
        self.watch.stop()
        self.flush()
        self._go_if_done()

    def _go_if_done(self) -> None:
        if self._retired and not self.busy and (self.versions.differ or not self.unsaved):
            self.keep.keep_now()  # where a choice is open, until the session is opened again
            self.deleteLater()

    def _single_shot(self, milliseconds: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=milliseconds)
        timer.timeout.connect(then)
        return timer

    def _start_timer(self) -> None:
        if self._left:
            return
        if self._desk.link.is_lost or self.keep.is_used:
            self.keep.touch()
        # Never restarted by the next keystroke: the half second counts from the first unsaved one.
        if not self._timer.isActive():
            self._timer.start(SAVE_AFTER_MS)

    def _next(self) -> None:
        if self._running or self._left or self.versions.differ or self._desk.link.is_lost:
            return
        if self.unsaved and (self._due or self._jobs):
            self._save()
        elif self._jobs:
            make, done, failed = self._jobs.popleft()
            self._run(
                make(self.view), lambda result: self._finish(result, done), lambda error: self._refuse(error, failed)
            )

    def _save(self) -> None:
        self._sent, placed = self._pending, self._placed
        self._pending, self._placed, self._due = {}, False, False
        self._timer.stop()
        self._late.start()
        session_id, revision = self.view.id, self.view.revision
        content, step, field = self.content, self.step, self.field

        def done(saved: Saved) -> None:
            self._late.stop()
            self._sent = {}
            self.view = replace(self.view, step=step, field=field)
            self._take_saved(saved)

        def failed(error: Exception) -> None:
            self._late.stop()
            sent, self._sent = self._sent, {}
            self._pending = {path: value for path, value in sent.items() if path not in self._pending} | self._pending
            self._placed = self._placed or placed
            self._hold(error)

        self._run(lambda ctx: late.save_draft(ctx, session_id, revision, content, step, field), done, failed)

    def _hold(self, error: Exception) -> None:
        """A save failed: what waits for it is refused with the same sentence, what was typed stays and is tried again."""
        told = self._failed
        self._failed = True
        self._refuse_waiting(error)
        if is_stale(error):
            self._reload()
        else:
            self._timer.start(RETRY_AFTER_MS)
        if is_away(error):
            self.keep.touch()
        # That the database is away is told by one line for the whole desk; of two versions, what differs is shown.
        if not is_stale(error) and (not is_away(error) or (told and not self._desk.link.is_lost)):
            self.troubled.emit(error)

    def _refuse_waiting(self, error: Exception) -> None:
        waiting, self._jobs = self._jobs, deque()
        for _, _, failed in waiting:
            if failed is not None:
                failed(error)

    def _stay_behind(self) -> None:
        """The database is away: what waits for it is refused, what is typed from now on is kept here."""
        self._refuse_waiting(Away())
        if self.unsaved and not self._left:
            self._failed = True
            self.keep.touch()

    def _catch_up(self) -> None:
        """The database is there again."""
        if not self._left:
            self.flush()

    def _reload(self) -> None:
        """Somebody else changed the session: compare what they made of it with what was typed here."""
        session_id, base, paths = self.view.id, self.view.content, tuple(self._pending)

        def compared(view: SessionView) -> None:
            typed = tuple(dict.fromkeys((*paths, *self._pending)))
            self.view = view
            self._pending = self.versions.compare(view, base, self.content, typed)
            self._placed = self._placed and view.state not in ENDED
            self._due = True
            self.take_over(view)
            if self.versions.differ:
                self.keep.touch()

        self._run(lambda ctx: late.load_session(ctx, session_id), compared, self.troubled.emit)

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
        if not self.unsaved:
            self.keep.forget()
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
        content = typed_over(content, self.versions.typed | self._pending)
        if content != self.content:
            self.content = content
            self.changed.emit()

    def _refuse(self, error: Exception, failed: Failed | None) -> None:
        fact = getattr(error, "fact", None)
        if fact is not None:
            self._settle(fact)
        elif is_stale(error):
            self._reload()
        self._show_over(self.view.content)  # what was shown at once did not happen
        if failed is not None:
            failed(error)
        else:
            self.troubled.emit(error)

    def _settle(self, fact: Any) -> None:
        """The answer to a change was lost: before anything else it is looked up, as often as it takes."""

        def again(error: Exception) -> None:
            if is_away(error):
                self._settle(fact)

        self._jobs.appendleft((lambda view: lambda ctx: late.settle_change(ctx, view.id, fact), None, again))
        self._next()
