"""An agent's desk at work on a screen share, with customers at the other end."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent_desk.actions.context import Context
from agent_desk.actions.door import door_of
from agent_desk.actions.enter_code import enter_code
from agent_desk.actions.share_views import Happening
from agent_desk.actions.views import SessionView
from agent_desk.desktop.session.editor import Editor
from agent_desk.desktop.session.intervention_step import InterventionStep
from agent_desk.rules.session import Step
from agent_desk.rules.share import ShareState
from tests.support.desks import begun
from tests.support.shares import FIREFOX, HOME, Visitor
from tests.support.workstation import Workstation, wait_until

Show = Callable[[SessionView], None]


def editor_of(desk: Workstation) -> Editor:
    """Return the session on screen."""
    assert desk.session.editor is not None
    return desk.session.editor


def state(desk: Workstation) -> ShareState | None:
    """Return how its share stands."""
    share = editor_of(desk).share
    return share.state if share is not None else None


def until(desk: Workstation, wanted: ShareState) -> None:
    """Wait until the desk has heard that the share is so."""
    wait_until(lambda: state(desk) is wanted, f"the share to be {wanted}")
    desk.settle()


def intervention(desk: Workstation, show: Show, made: Callable[[Context], SessionView] = begun) -> InterventionStep:
    """Return the step of a session, the procedure in hand."""
    show(desk.work(made))
    desk.session.goto(Step.INTERVENTION, "ticks")
    page = desk.session.page
    assert isinstance(page, InterventionStep)
    return page


def issued(desk: Workstation, page: InterventionStep) -> str:
    """Issue a code with its key and return the digits on screen."""
    before = page.ui.codeDigits.text()
    desk.press(Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: page.ui.codeDigits.isVisible() and page.ui.codeDigits.text() != before, "a code")
    desk.settle()
    return str(page.ui.codeDigits.text())


def entered(desk: Workstation, page: InterventionStep) -> Visitor:
    """Return a customer who typed the code on screen and whose browser has not been heard of yet."""
    digits = issued(desk, page)
    ctx = desk.work(lambda ctx: ctx)
    found = desk.work(lambda ctx: enter_code(door_of(ctx), digits, HOME, FIREFOX))
    until(desk, ShareState.OPENED)
    return Visitor(ctx, editor_of(desk).view, found.token)


def waiting(desk: Workstation, page: InterventionStep) -> tuple[Visitor, int]:
    """Return a customer who accepted, and the place of the words read."""
    visitor = entered(desk, page)
    words = desk.work(lambda _ctx: visitor.accept()).words
    until(desk, ShareState.WAITING)
    share = editor_of(desk).share
    assert words is not None
    assert share is not None
    return visitor, share.choices.index(words)


def admitted(desk: Workstation, page: InterventionStep) -> Visitor:
    """Return a customer whose words were recognised."""
    visitor, place = waiting(desk, page)
    page.words.choose(place)
    until(desk, ShareState.ADMITTED)
    return visitor


def live(desk: Workstation, page: InterventionStep) -> Visitor:
    """Return a customer who shows a screen."""
    visitor = admitted(desk, page)
    desk.work(lambda _ctx: visitor.note(Happening.STARTED))
    until(desk, ShareState.LIVE)
    return visitor


class PlainView(QWidget):
    """A view without a browser: it notes the addresses and tokens it was given, and says what a page would say."""

    titled = Signal(str)
    died = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.rejoined: list[str] = []
        self.fits: list[bool] = []
        self.stops = 0
        self.released = False
        self.is_dark = True
        self._stage: QWidget | None = None

    def open(self, url: str) -> None:
        self.opened.append(url)
        self.is_dark = False

    def darken(self) -> None:
        self.is_dark = True

    def set_fit(self, fit: bool) -> None:
        self.fits.append(fit)

    def stop(self) -> None:
        self.stops += 1
        self.is_dark = True

    def rejoin(self, token: str) -> None:
        self.rejoined.append(token)

    def lend(self, box: QVBoxLayout) -> None:
        self._stage = self.parentWidget()
        box.addWidget(self)
        self.show()

    def take_back(self) -> None:
        layout = self._stage.layout() if self._stage is not None else None
        if layout is not None:
            layout.addWidget(self)

    def release(self) -> None:
        self.released = True
        self.deleteLater()
