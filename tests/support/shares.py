"""Customers at their browser and agents at theirs, for tests of the screen share."""

from dataclasses import dataclass

from agent_desk.actions.admit_viewer import admit_viewer
from agent_desk.actions.answer_share import answer_share
from agent_desk.actions.choose_words import choose_words
from agent_desk.actions.context import Context
from agent_desk.actions.door import Door, door_of
from agent_desk.actions.enter_code import enter_code
from agent_desk.actions.errors import Refusal
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.look_at_door import look_at_door
from agent_desk.actions.look_at_share import look_at_share
from agent_desk.actions.note_share import note_share
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.share_views import GuestShare, Happening, ShareView
from agent_desk.actions.views import EventView, IssuedCode, SessionView
from agent_desk.rules.code import build
from agent_desk.rules.session import ConsentKind
from agent_desk.rules.share import ShareState
from tests.support.desks import agreed

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROMIUM = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
HOME = "192.0.2.7"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A customer whose code was good."""

    ctx: Context
    view: SessionView
    token: str
    browser: str = FIREFOX

    @property
    def door(self) -> Door:
        return door_of(self.ctx)

    def look(self) -> GuestShare:
        return look_at_door(self.door, self.token, self.browser)

    def accept(self, *statements: ConsentKind) -> GuestShare:
        return answer_share(self.door, self.token, self.browser, True, statements)

    def refuse(self) -> GuestShare:
        return answer_share(self.door, self.token, self.browser, False)

    def note(self, happening: Happening) -> GuestShare:
        return note_share(self.door, self.token, self.browser, happening)


def entered(ctx: Context, view: SessionView | None = None, source: str = HOME) -> Visitor:
    """Return a customer who typed a good code and has the page open."""
    view = view or agreed(ctx)
    code = issue_code(ctx, view.id)
    found = enter_code(door_of(ctx), code.digits, source, FIREFOX)
    visitor = Visitor(ctx, view, found.token)
    visitor.note(Happening.JOINED)
    return visitor


def waiting(ctx: Context, view: SessionView | None = None) -> Visitor:
    """Return a customer who accepted and sees the two words."""
    visitor = entered(ctx, view)
    assert visitor.accept().state is ShareState.WAITING
    return visitor


def admitted(ctx: Context, view: SessionView | None = None) -> Visitor:
    """Return a customer whose words the agent has recognised."""
    visitor = waiting(ctx, view)
    assert choose_words(ctx, visitor.view.id, place_of_words(visitor)).state is ShareState.ADMITTED
    return visitor


def live(ctx: Context, view: SessionView | None = None) -> Visitor:
    """Return a customer who shows a screen."""
    visitor = admitted(ctx, view)
    assert visitor.note(Happening.STARTED).state is ShareState.LIVE
    return visitor


def lost(ctx: Context, view: SessionView | None = None) -> Visitor:
    """Return a customer whose network went away."""
    visitor = live(ctx, view)
    assert visitor.note(Happening.LOST).state is ShareState.LOST
    return visitor


STAGES = {
    ShareState.OPENED: entered,
    ShareState.WAITING: waiting,
    ShareState.ADMITTED: admitted,
    ShareState.LIVE: live,
    ShareState.LOST: lost,
}


def place_of_words(visitor: Visitor) -> int:
    """Return where among the agent's three pairs stands the one the customer reads aloud."""
    words = visitor.look().words
    assert words is not None
    return seen(visitor).choices.index(words)


def seen(visitor: Visitor) -> ShareView:
    """Return the share as the agent sees it."""
    shown = look_at_share(visitor.ctx, visitor.view.id)
    assert shown is not None
    return shown


def seat(visitor: Visitor) -> str:
    """Return a one-time token for the agent's viewer."""
    return admit_viewer(visitor.ctx, visitor.view.id)


def share_events(ctx: Context, view: SessionView) -> list[EventView]:
    """Return what the log tells of the session's shares."""
    return [event for event in read_timeline(ctx, view.id).events if event.kind.startswith("share_")]


def told(ctx: Context, view: SessionView) -> list[str]:
    """Return the kinds of what the log tells of the session's shares."""
    return [event.kind for event in share_events(ctx, view)]


def ends(ctx: Context, view: SessionView) -> list[object]:
    """Return the reason and the author of each end the log tells of."""
    found = [event for event in share_events(ctx, view) if event.kind == "share_ended"]
    assert all(event.chain_ok for event in found)
    return [((event.payload or {})["end"], event.actor) for event in found]


def wrong(code: IssuedCode) -> str:
    """Return a well-formed code with the same locator and another secret."""
    secret = f"{(int(code.digits[3:9]) + 1) % 1_000_000:06d}"
    return build(code.digits[:3], secret)


def refusal(act: object, *arguments: object) -> str:
    """Return the code of the refusal that calling `act` ends in."""
    assert callable(act)
    try:
        act(*arguments)
    except Refusal as found:
        return found.code
    raise AssertionError("nothing was refused")
