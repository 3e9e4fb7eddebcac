"""Typing the database has not taken yet, kept on this workstation as long as that lasts."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from agent_desk import late
from agent_desk.desktop.desk import Desk

if TYPE_CHECKING:
    from agent_desk.actions.context import Context
    from agent_desk.actions.late_typing import LateTyping
    from agent_desk.desktop.session.editor import Editor

KEEP_AFTER_MS = 250  # as soon as it would have been saved


class LateKeep(QObject):
    """Keeps what `editor` could not save, anew after each keystroke, and forgets it once it is saved."""

    changed = Signal()  # whether it is kept

    def __init__(self, desk: Desk, editor: "Editor") -> None:
        super().__init__(editor)
        self._desk = desk
        self._editor = editor
        self.lasting: bool | None = None  # whether it outlives the program; None before anything was kept
        self._under_way = 0
        self._timer = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._timer.timeout.connect(self.keep_now)

    @property
    def is_used(self) -> bool:
        """Tell whether something is kept, or about to be."""
        return self.lasting is not None or self._timer.isActive()

    @property
    def is_waiting(self) -> bool:
        """Tell whether something typed is still to be kept."""
        return self._timer.isActive() or self._under_way > 0

    def touch(self) -> None:
        """Something is not saved and will not be soon: keep it within a quarter of a second."""
        if not self._timer.isActive():
            self._timer.start()

    def keep_now(self) -> None:
        """Keep it now."""
        self._timer.stop()
        if not self._editor.unsaved:
            return
        typing = self._editor.late_typing()
        self._under_way += 1
        self._run(lambda ctx: self._desk.site.keep_typing(ctx, typing), self._kept, lambda _error: self._kept(False))

    def forget(self) -> None:
        """All is saved."""
        used, self.lasting = self.is_used, None
        self._timer.stop()
        if used:
            session_id = self._editor.view.id
            self._run(lambda ctx: self._desk.site.drop_typing(ctx, session_id), None, lambda _error: None)

    def adopt(self) -> None:
        """What is kept of this session is what is unsaved on the screen."""
        self.lasting = True

    def _kept(self, lasting: bool) -> None:
        self._under_way -= 1
        self.lasting = lasting
        self.changed.emit()

    def _run(self, job: Any, done: Any, failed: Any) -> None:
        # In a queue of its own: what hangs for want of an answer must not hold it up.
        queue = ("keep", self._editor.view.id)
        self._desk.run(job, done, failed, owner=self, queue=queue, away=True)


def typing_of(editor: "Editor", paths: tuple[str, ...]) -> "LateTyping":
    """Return what is typed at `paths` and not saved, as it is kept."""
    view = editor.view
    made: LateTyping = late.load("agent_desk.actions.late_typing:LateTyping")(
        session_id=view.id,
        number=view.number,
        opened_at=view.opened_at,
        base=view.content,
        content=editor.content,
        paths=paths,
        step=editor.step,
        field=editor.field,
        at=editor.now(),
    )
    return made


def save_over(ctx: "Context", typing: "LateTyping", keep: "Callable[[Context, LateTyping], bool]") -> None:
    """Write what was typed over whatever others have made of the session, or keep it for the next start."""
    try:
        kept = late.save_late_typing(ctx, typing)
    except Exception:
        keep(ctx, typing)
        raise
    if not kept:
        keep(ctx, typing)
