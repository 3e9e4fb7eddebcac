"""Who is connected to which share here, and what they tell each other, across gateways where there are several."""

import asyncio
import json
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from agent_desk.gateway.seats import OVER, REPLACED, RESTARTING, Closing, Message, Seat, Side
from agent_desk.logfile import note
from agent_desk.rules.share import VIEWED, ShareEnd, ShareState

_ENDS = frozenset(ShareEnd)


class Bus(Protocol):
    """Carries messages to the other gateways of the site; what nobody waits for is lost."""

    def post(self, share_id: int, to_side: Side, body: str) -> None:
        """Send `body` to whoever has that side of the share; returns at once."""


class NoBus:
    """There is one gateway only."""

    def post(self, share_id: int, to_side: Side, body: str) -> None:
        """Send nothing: nobody else is there."""


class MemoryBus:
    """Carries messages between gateways in one process."""

    def __init__(self) -> None:
        self._receivers: list[Callable[[int, Side, str], None]] = []

    def join(self, receive: Callable[[int, Side, str], None]) -> None:
        """Let `receive` have every message from now on, its own too."""
        self._receivers.append(receive)

    def post(self, share_id: int, to_side: Side, body: str) -> None:
        """Give `body` to all."""
        for receive in self._receivers:
            receive(share_id, to_side, body)


@dataclass(slots=True)
class Room:
    """What this gateway knows of one share; `remote` are the sides that are at another gateway.

    `unheard` counts, of each side that sat down here, the words of it that have not come back: all gateways hear in one order,
    so another gateway's word that comes before is older.
    """

    share_id: int
    state: ShareState
    seats: dict[Side, Seat] = field(default_factory=dict)
    remote: set[Side] = field(default_factory=set)
    unheard: Counter[Side] = field(default_factory=Counter)
    over: bool = False

    def tell(self, side: Side, message: Message) -> None:
        """Push a message to one side, if it sits here."""
        if side in self.seats:
            self.seats[side].push(message)

    def has(self, side: Side) -> bool:
        """Tell whether that side is connected, here or elsewhere."""
        return side in self.seats or side in self.remote

    def serves(self, side: Side, seat: Seat) -> bool:
        """Tell whether that seat is still the side's, and there is something to be told."""
        return not self.over and self.seats.get(side) is seat


class Rooms:
    """All shares somebody is connected to here; used in the loop's thread only."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._gateway = secrets.token_hex(8)
        self._rooms: dict[int, Room] = {}
        self._expected: dict[int, bool] = {}
        self.occupied = asyncio.Event()

    @property
    def share_ids(self) -> tuple[int, ...]:
        """Return the shares somebody is connected to."""
        return tuple(self._rooms)

    def room(self, share_id: int) -> Room | None:
        """Return one share's room, while somebody is connected to it."""
        return self._rooms.get(share_id)

    def all(self) -> tuple[Room, ...]:
        """Return every room somebody is in."""
        return tuple(self._rooms.values())

    def enter(self, share_id: int, side: Side, seat: Seat, state: ShareState) -> Room:
        """Give `seat` its place; whoever had it before is closed, the other side is told."""
        room = self._rooms.setdefault(share_id, Room(share_id, state))
        if side is Side.CUSTOMER:
            room.state = state  # the page has just been told this one; what is new since, the watch tells it
        self.occupied.set()
        before = room.seats.get(side)
        if before is not None:
            before.finish(REPLACED)
        room.seats[side] = seat
        room.remote.discard(side)
        room.tell(side, presence(side.other, present=room.has(side.other)))
        room.tell(side.other, presence(side, present=True))
        room.unheard[side] += 1
        self._post(room, side.other, "here")
        return room

    def expect(self, share_id: int) -> None:
        """Notice from now on when the customer of this share comes back, even to another gateway."""
        self._expected[share_id] = False

    def is_back(self, share_id: int) -> bool:
        """Tell whether the customer is connected, or has come to another gateway since it was expected."""
        room = self._rooms.get(share_id)
        return self._expected.pop(share_id, False) or (room is not None and room.has(Side.CUSTOMER))

    def concern(self, share_id: int) -> bool:
        """Tell whether messages about this share are wanted here."""
        return share_id in self._rooms or share_id in self._expected

    def leave(self, share_id: int, side: Side, seat: Seat) -> bool:
        """Take the place away, unless somebody else has it already; True when it was this seat's."""
        room = self._rooms.get(share_id)
        if room is None or room.seats.get(side) is not seat:
            return False
        del room.seats[side]
        room.tell(side.other, presence(side, present=False))
        self._post(room, side.other, "gone")
        self._clear(room)
        return True

    def pass_on(self, room: Room, side: Side, data: Any) -> None:
        """Pass a signal from `side` to the other one; before the words were right nothing passes."""
        if room.state not in VIEWED or room.over:
            return
        if side.other in room.seats:
            room.seats[side.other].push({"t": "signal", "data": data})
        elif side.other in room.remote:
            self._post(room, side.other, "signal", data=data)

    def end(self, share_id: int, reason: ShareEnd | None, *, everywhere: bool = False) -> None:
        """Tell those who sit here that the share is over, and close them."""
        room = self._rooms.get(share_id)
        if room is None or room.over:
            return
        room.over, room.state = True, ShareState.ENDED
        for seat in room.seats.values():
            seat.push({"t": "ended", "reason": reason})
            seat.finish(OVER)
        if everywhere:
            for side in Side:
                self._post(room, side, "ended", reason=reason)

    def lost_words(self) -> None:
        """Expect none of one's own words back any more: some were missed."""
        for room in self.all():
            room.unheard.clear()

    def close(self, closing: Closing = RESTARTING) -> None:
        """Close every socket; the shares go on at the gateway they come back to."""
        for room in self.all():
            for seat in room.seats.values():
                seat.finish(closing)

    def receive(self, share_id: int, to_side: Side, body: str) -> None:
        """Take what another gateway has posted."""
        try:
            message = json.loads(body)
            sender, kind = message["from"], message["k"]
        except (ValueError, KeyError, TypeError):
            note(logging.WARNING, "a message between gateways was none")
            return
        if kind == "here" and to_side is Side.VIEWER and share_id in self._expected:
            self._expected[share_id] = True
        room = self._rooms.get(share_id)
        if room is not None and sender == self._gateway and kind == "here":
            room.unheard[to_side.other] = max(room.unheard[to_side.other] - 1, 0)
        if room is not None and sender != self._gateway and kind in _RECEIVE:
            _RECEIVE[kind](self, room, to_side, message)

    def _clear(self, room: Room) -> None:
        if not room.seats:
            self._rooms.pop(room.share_id, None)
        if not self._rooms:
            self.occupied.clear()

    def _post(self, room: Room, to_side: Side, kind: str, **more: Any) -> None:
        body = json.dumps({"k": kind, "from": self._gateway, **more}, ensure_ascii=False, separators=(",", ":"))
        self._bus.post(room.share_id, to_side, body)

    def _on_here(self, room: Room, side: Side, _message: Mapping[str, Any]) -> None:
        if side.other in room.seats and room.unheard[side.other]:
            return  # who sits here came later, and the other gateway is about to hear so
        newcomer = room.seats.pop(side.other, None)
        if newcomer is not None:
            newcomer.finish(REPLACED)
        room.remote.add(side.other)
        if side in room.seats:
            room.tell(side, presence(side.other, present=True))
            self._post(room, side.other, "also")
        self._clear(room)

    def _on_also(self, room: Room, side: Side, _message: Mapping[str, Any]) -> None:
        if side in room.seats and side.other not in room.seats:
            room.remote.add(side.other)
            room.tell(side, presence(side.other, present=True))

    def _on_gone(self, room: Room, side: Side, _message: Mapping[str, Any]) -> None:
        if side.other in room.remote:
            room.remote.discard(side.other)
            room.tell(side, presence(side.other, present=False))

    def _on_signal(self, room: Room, side: Side, message: Mapping[str, Any]) -> None:
        if side in room.seats and room.state in VIEWED:
            room.tell(side, {"t": "signal", "data": message.get("data")})

    def _on_ended(self, room: Room, _side: Side, message: Mapping[str, Any]) -> None:
        self.end(room.share_id, reason_of(message.get("reason")))


_RECEIVE: Mapping[str, Callable[[Rooms, Room, Side, Mapping[str, Any]], None]] = {
    "here": Rooms._on_here,  # noqa: SLF001 (its own table)
    "also": Rooms._on_also,  # noqa: SLF001
    "gone": Rooms._on_gone,  # noqa: SLF001
    "signal": Rooms._on_signal,  # noqa: SLF001
    "ended": Rooms._on_ended,  # noqa: SLF001
}


def presence(side: Side, *, present: bool) -> Message:
    """Return the message that tells one side about the other."""
    return {"t": str(side), "present": present}


def reason_of(text: object) -> ShareEnd | None:
    """Return the reason another gateway named."""
    return ShareEnd(text) if isinstance(text, str) and text in _ENDS else None
