"""What the gateway notices of a customer's browser: it came, it shows, it was lost, it is back, it is there."""

from collections.abc import Callable, Mapping

from agent_desk.actions.door import Door
from agent_desk.actions.errors import Refusal
from agent_desk.actions.guests import Guest, as_it_is, guest
from agent_desk.actions.share_views import GuestShare, Happening
from agent_desk.rules.share import ShareState
from agent_desk.storage.guest import ask


def note_share(door: Door, token: str, browser: str, happening: Happening) -> GuestShare:
    """Note it and return the share as it then is; one that has ended, or whose time is over, stays or becomes ended.

    Refusal `share_gone` for another's token, `share_not_admitted` for a screen before the agent has let it in.
    """
    with door.database.write() as tx:
        # A sign of life every few seconds must not wait for whoever changes the session.
        taken = guest(door, tx, token, browser, lock=happening is not Happening.BEAT)
        if happening is Happening.BEAT and taken.due is not None:
            taken = guest(door, tx, token, browser)
        if not taken.lapsed():
            _NOTES[happening](taken)
        return as_it_is(tx, token)


def _beat(taken: Guest) -> None:
    """Move the last sign of life; what is lost comes back only by showing again."""
    if taken.state is not ShareState.LOST:
        _see(taken)


def _join(taken: Guest) -> None:
    if taken.row.seen_at is None:
        taken.note("share_joined")
    _beat(taken)


def _start(taken: Guest) -> None:
    if taken.state is ShareState.LOST:
        _resume(taken)
    elif taken.state is ShareState.ADMITTED:
        taken.note("share_started")
        _move(taken, ShareState.LIVE)
        _see(taken, live=taken.micros)
    elif taken.state is not ShareState.LIVE:
        raise Refusal("share_not_admitted")


def _lose(taken: Guest) -> None:
    if taken.state is ShareState.LIVE:
        taken.note("share_lost", actor="system")
        _move(taken, ShareState.LOST)


def _resume(taken: Guest) -> None:
    if taken.state is ShareState.LOST:
        taken.note("share_resumed")
        _move(taken, ShareState.LIVE)
    _see(taken)


def _move(taken: Guest, state: ShareState) -> None:
    ask(taken.tx, "move", share=taken.row.id, **{"from": taken.state, "to": state})


def _see(taken: Guest, live: int | None = None) -> None:
    ask(taken.tx, "see", share=taken.row.id, at=taken.micros, live=live)


_NOTES: Mapping[Happening, Callable[[Guest], None]] = {
    Happening.JOINED: _join,
    Happening.STARTED: _start,
    Happening.LOST: _lose,
    Happening.RESUMED: _resume,
    Happening.BEAT: _beat,
}
