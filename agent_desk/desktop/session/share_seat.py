"""The agent's seat at a share: the gateway started, the view loaded in an idle moment, let in, and let in again."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout

from agent_desk import late
from agent_desk.actions.share_views import ShareView
from agent_desk.desktop.desk import Desk
from agent_desk.rules.share import LOST_AFTER, VIEWED, ShareState

LOAD_AFTER_MS = 700  # the code is painted and its first digits are being dictated
TYPING_MS = 300
REST_MS = 11 * 60 * 1000  # a code lives for ten minutes; whoever comes later finds the browser loaded anew
MOST_WAITS = 10  # whoever never stops typing waits for half a second once
CHECK_MS = 6000
RETRY_MS = (100, 500, 1000, 2000, 5000)
REFUSED, REJOIN = "dark refused_token", " rejoin"
LIVE = "live "
STATES = ("joining", "waiting", LIVE, "lost", "dark")


class ShareSeat(QObject):
    """Follows one share at a time; what it shows is gone as soon as the share is."""

    changed = Signal()  # something to see or not, or trouble
    hinted = Signal()  # the picture says that the share has ended: look now
    unserved = Signal(str)  # why the page is not served, as a key of `share_notes`; "" once it is

    def __init__(self, desk: Desk, stage: QVBoxLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._stage = stage
        self._view: Any = None
        self._kind: Any = None
        self._url = ""
        self._asking = False
        self._session = 0
        self._wanted: ShareView | None = None
        self._share = 0
        self._cut = 0
        self._tries = 0
        self._waits = 0
        self._title = ""
        self._fit = True
        self.trouble = ""  # a key of the wording table `share_notes`
        self.is_typing: Callable[[], bool] = bool
        self._resting = self._once(self.close)
        self._loading = self._once(self._load)
        self._retrying = self._once(self._admit)
        self._checking = self._once(self._check)
        self._forgiving = self._once(self._forgive)
        QCoreApplication.instance().aboutToQuit.connect(self.close)  # type: ignore[union-attr]

    @property
    def is_seen(self) -> bool:
        """Tell whether a picture can be seen."""
        return self._view is not None and not self._view.is_dark and self._title.startswith(LIVE)

    @property
    def is_dark(self) -> bool:
        """Tell whether the stage is empty, so that a sentence may stand on it."""
        return self._view is None or self._view.is_dark

    def prepare(self) -> None:
        """A code was issued: start the gateway in a worker, and load the view once nobody types."""
        if self._desk.serves_page:
            self._serve()
            self._resting.stop()
            self._waits = 0
            if self._view is None and not self._loading.isActive():
                self._loading.start(LOAD_AFTER_MS)

    def follow(self, session_id: int, share: ShareView | None) -> None:
        """Take the seat at this share, or leave it."""
        self._session, self._wanted = session_id, share
        if share is None or share.state is ShareState.ENDED or share.share_id == self._cut:
            self._leave()
        elif not self._url or self._view is None:
            self._hurry()
        elif share.state in VIEWED and share.share_id != self._share:
            self._share = share.share_id
            self._resting.stop()
            self._admit()

    def cut(self) -> None:
        """The agent cuts: dark now, and the customer's browser is told directly."""
        self._cut = self._share
        if self._view is not None and not self._view.is_dark:
            self._view.stop()
        self._leave()

    def set_fit(self, fit: bool) -> None:
        """Fit the picture into the stage, or show it in its own size."""
        self._fit = fit
        if self._view is not None:
            self._view.set_fit(fit)

    def lend(self, box: QVBoxLayout) -> None:
        """Put the picture into another window."""
        self._view.lend(box)

    def take_back(self) -> None:
        """Put the picture back onto the stage."""
        if self._view is not None:
            self._view.take_back()

    def close(self) -> None:
        """Give the browser back."""
        view, self._view = self._view, None
        self._share = 0
        for timer in (self._resting, self._loading, self._retrying, self._checking, self._forgiving):
            timer.stop()
        if view is not None:
            view.release()

    def _once(self, action: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(action)
        return timer

    def _hurry(self) -> None:
        """Somebody is at the door: what is not there yet is fetched now."""
        if not self._url:
            self._serve()
        self._waits = MOST_WAITS
        if self._view is None and not self.trouble:
            self._loading.start(0)

    def _serve(self) -> None:
        if not self._asking:
            self._asking = True
            self._desk.run(self._desk.site.open_gateway, self._served, self._not_served, owner=self)

    def _served(self, url: str) -> None:
        self._asking = False
        moved, self._url = url != self._url, url
        self.unserved.emit("")
        if moved:
            self._share = 0  # the seat there is gone with its gateway
        self.follow(self._session, self._wanted)

    def _not_served(self, _error: BaseException) -> None:
        self._asking = False
        self.unserved.emit("gateway_failed")

    def _load(self) -> None:
        """Load the library, then make the view: two steps, so that neither is felt."""
        if self._waits < MOST_WAITS and self.is_typing():
            self._waits += 1
            self._loading.start(TYPING_MS)
        elif self._kind is None:
            self._attempt(self._load_kind)
        elif self._view is None:
            self._attempt(self._make)

    def _attempt(self, step: Callable[[], None]) -> None:
        try:
            step()
        except (ImportError, RuntimeError, OSError):
            self._tell("no_view")

    def _load_kind(self) -> None:
        self._kind = self._desk.site.load_view()
        self._loading.start(0 if self._waits >= MOST_WAITS else TYPING_MS)

    def _make(self) -> None:
        view = self._kind()
        self._stage.addWidget(view)
        view.titled.connect(self._follow_title)
        view.died.connect(self._revive)
        self._view = view
        self.follow(self._session, self._wanted)
        self.changed.emit()

    def _admit(self) -> None:
        share, session = self._share, self._session
        if not share or self._view is None:
            return

        def admitted(token: str) -> None:
            if share == self._share and self._view is not None:
                self._join(token)

        self._desk.run(lambda ctx: late.admit_viewer(ctx, session), admitted, lambda _error: self._retry(), owner=self)

    def _join(self, token: str) -> None:
        if self._title.endswith(REJOIN) and not self._view.is_dark:
            self._view.rejoin(token)
        else:
            self._title = ""
            self._view.open(f"{self._url}/viewer#token={token}&language={self._desk.language}")
        self._checking.start(CHECK_MS)
        self._tell("")

    def _check(self) -> None:
        """A page that never came, or that its new token did not bring back, is tried again."""
        if self._title.endswith(REJOIN) or not self._title.startswith(STATES):
            self._retry()

    def _follow_title(self, title: str) -> None:
        before, self._title = self._title, title
        if title == REFUSED or (title.endswith(REJOIN) and not before.endswith(REJOIN)):
            self._retry()
        elif title.startswith("dark"):
            self.hinted.emit()
        elif title.startswith(LIVE) and not before.startswith(LIVE):
            self._view.set_fit(self._fit)
            self._forgiving.start(int(LOST_AFTER.total_seconds() * 1000))
        if title.split(" ")[:1] != before.split(" ")[:1]:
            self.changed.emit()

    def _revive(self) -> None:
        self._title = ""
        self._tell("view_died")
        self._retry()

    def _retry(self) -> None:
        """Ask for a new token, sooner first and later more slowly."""
        if self._share and not self._retrying.isActive():
            self._retrying.start(RETRY_MS[min(self._tries, len(RETRY_MS) - 1)])
            self._tries += 1

    def _forgive(self) -> None:
        self._tries = 0

    def _leave(self) -> None:
        self._share = self._tries = 0
        self._title = ""
        self._retrying.stop()
        self._checking.stop()
        if self._view is not None:
            self._view.darken()
            if not self._resting.isActive():
                self._resting.start(REST_MS)
        if self.trouble != "no_view":
            self._tell("")

    def _tell(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self.changed.emit()
