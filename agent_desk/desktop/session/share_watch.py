"""Follows the customer's side of the screen share, only while there is something to wait for."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from agent_desk import late
from agent_desk.actions.share_views import ShareView
from agent_desk.desktop.desk import Desk
from agent_desk.rules.share import VIEWED, ShareState

if TYPE_CHECKING:
    from agent_desk.actions.context import Context
    from agent_desk.actions.views import CodeView
    from agent_desk.desktop.session.editor import Editor

ASK_MS = 400
ASK_AGAIN_MS = 3000  # after a fault, which whoever types is told about
LOOKS_AT_CODE = 5  # a code that burns is seen on each fifth question
LIVE, REDEEMED = "live", "redeemed"

Found = tuple[ShareView | None, "CodeView | None"]


class ShareWatch(QObject):
    """Keeps `editor.share` up to date; asks while a code is live or a share has not ended, and is silent otherwise."""

    changed = Signal(object)  # the ShareView as it was before, or None

    def __init__(self, desk: Desk, editor: "Editor") -> None:
        super().__init__(editor)
        self._desk = desk
        self._editor = editor
        self._asking = False
        self._asked = 0
        self._stopped = False
        self._timer = QTimer(self)
        self._timer.setInterval(ASK_MS)
        self._timer.timeout.connect(self.ask)
        editor.moved.connect(self._wake)
        if editor.view.code is not None:
            self.ask()

    @property
    def is_shared(self) -> bool:
        """Tell whether a share has begun and not ended, seen or not."""
        share = self._editor.share
        return share is not None and share.state is not ShareState.ENDED

    @property
    def is_viewed(self) -> bool:
        """Tell whether the agent sees the customer's screen, or is about to."""
        share = self._editor.share
        return share is not None and share.state in VIEWED

    @property
    def is_awake(self) -> bool:
        """Tell whether it asks."""
        return self._timer.isActive()

    def stop(self) -> None:
        """Another session is on the screen."""
        self._stopped = True
        self._timer.stop()

    def cut(self) -> None:
        """End a share that is under way; nobody waits for the answer."""
        session_id = self._editor.view.id
        if self.is_shared:
            self._desk.run(lambda ctx: late.stop_share(ctx, session_id))

    def ask(self) -> None:
        """Ask now, unless an answer is on its way."""
        if self._asking or self._desk.background.closed:
            return
        self._asking = True
        self._asked += 1
        session_id, whole = self._editor.view.id, self._asked % LOOKS_AT_CODE == 1
        self._desk.run(lambda ctx: _look(ctx, session_id, whole), self._answered, self._failed, owner=self)

    def take(self, share: ShareView | None) -> None:
        """Go on from what an action or the database says."""
        before, self._editor.share = self._editor.share, share
        if share != before:
            self._editor.moved.emit()
            self.changed.emit(before)
            self._editor.reload()  # consents and code changed with it
        self._wake()

    def _answered(self, found: Found) -> None:
        self._asking = False
        self._timer.setInterval(ASK_MS)
        share, code = found
        if share == self._editor.share and code is not None and code != self._editor.view.code:
            self._editor.reload()
        self.take(share)

    def _failed(self, _error: BaseException) -> None:
        self._asking = False
        self._timer.setInterval(ASK_AGAIN_MS)

    def _wake(self) -> None:
        if self._is_needed() == self._timer.isActive():
            return
        if self._timer.isActive():
            self._timer.stop()
        else:
            self._timer.start()

    def _is_needed(self) -> bool:
        code = self._editor.view.code
        if self._stopped or self.is_shared:
            return not self._stopped
        if code is None or self._desk.clock.now() >= code.expires_at:
            return False
        share = self._editor.share
        unheard = code.state == REDEEMED and (share is None or share.opened_at < code.issued_at)
        return code.state == LIVE or unheard


def _look(ctx: "Context", session_id: int, whole: bool) -> Found:
    code = late.load_session(ctx, session_id).code if whole else None  # first: whoever used it has a share by now
    return late.look_at_share(ctx, session_id), code
