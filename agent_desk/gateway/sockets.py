"""The two WebSockets: the customer's page and the agent's view, and what each may say."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.websockets import WebSocket

from agent_desk import late
from agent_desk.actions.errors import Refusal
from agent_desk.actions.share_views import Happening
from agent_desk.gateway.answers import STATUS, Refused, cookies, refusal
from agent_desk.gateway.facts import Facts
from agent_desk.gateway.guests import Guests
from agent_desk.gateway.ice import for_browser
from agent_desk.gateway.rooms import Room, Rooms
from agent_desk.gateway.seats import (
    GARBAGE,
    NO_SEAT,
    OVER,
    RESTARTING,
    SILENT,
    UNAVAILABLE,
    Broken,
    Closing,
    Guest,
    Message,
    Seat,
    Side,
)
from agent_desk.gateway.shares import told_share
from agent_desk.gateway.visit import Visit
from agent_desk.logfile import note
from agent_desk.rules.share import VIEWED, ShareEnd, ShareState

if TYPE_CHECKING:
    from agent_desk.actions.share_views import GuestShare

COOKIE = "share"
LONGEST_TOKEN = 200
TOKEN_SECONDS = 5.0
MOST_UNSEATED = 64
BEAT_SECONDS = 9.0  # the page speaks every five seconds, and counts as there for fifteen
GRACE_SECONDS = 2.0  # a socket that comes back within this was never lost
AWAY_SECONDS = 15.0  # a page that says goodbye may only be loading anew
LIVE_SILENCE = 16.0
SILENCE = 75.0  # a page in a background tab may speak once a minute only


class Sockets:
    """Seats customers and viewers, and keeps the database told of what their sockets show."""

    def __init__(self, facts: Facts, guests: Guests, rooms: Rooms) -> None:
        self._facts = facts
        self._guests = guests
        self._rooms = rooms
        self._unseated = 0
        self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def customer(self, socket: WebSocket, visit: Visit) -> None:
        """Seat the browser whose cookie opens an unended share, and serve it until it goes."""
        guest = Guest(cookies(visit.cookie).get(COOKIE, ""), visit.browser)
        try:
            share = await self._look(guest)
        except Refused as refused:
            await deny(socket, visit, refused)
            return
        await socket.accept()
        seat = Seat(socket, visit.language, guest)
        writing = asyncio.create_task(seat.write())
        self._greet(seat, share)
        if share.state is ShareState.ENDED:
            seat.push({"t": "ended", "reason": share.end_reason})
            seat.finish(OVER)
        else:
            room = self._rooms.enter(share.share_id, Side.CUSTOMER, seat, share.state)
            self._spawn(self._joined(room, guest))
            await self._serve(seat, visit, lambda message: self._from_customer(room, seat, guest, message))
            if self._rooms.leave(room.share_id, Side.CUSTOMER, seat) and not self._closing:
                self._spawn(self._left(guest) if seat.left else self._lost_after(GRACE_SECONDS, room.share_id, guest))
        await writing

    async def viewer(self, socket: WebSocket, visit: Visit) -> None:
        """Seat the agent's view, once it has shown its one-time token, and serve it until it goes."""
        if self._unseated >= MOST_UNSEATED:
            await deny(socket, visit, Refused("unavailable"))
            return
        await socket.accept()
        seat = Seat(socket, visit.language)
        writing = asyncio.create_task(seat.write())
        self._unseated += 1
        try:
            found = await self._seat_viewer(seat)
        finally:
            self._unseated -= 1
        if found is not None:
            share_id, state = found
            await self.know(share_id, state)  # before signals are let through
            room = self._rooms.enter(share_id, Side.VIEWER, seat, state)
            await self._serve(seat, visit, lambda message: self._from_viewer(room, seat, message))
            self._rooms.leave(share_id, Side.VIEWER, seat)
        await writing

    async def went_away(self, guest: Guest) -> None:
        """Note that a page says goodbye; unless it is back soon, the browser was closed."""
        share = await self._look(guest)
        if share.state is ShareState.ENDED:
            return
        self._rooms.expect(share.share_id)
        await self._note(share.share_id, guest, Happening.LOST)
        self._spawn(self._gone_after(AWAY_SECONDS, share.share_id, guest))

    async def _left(self, guest: Guest) -> None:
        with suppress(Refused):
            await self.went_away(guest)

    async def know(self, share_id: int, state: ShareState) -> None:
        """Tell the customer's page that its share has this state, unless it knows; who cannot be told now is told later.

        The room has the state the page was told last: as long as that is another one, the watch comes again.
        """
        room = self._rooms.room(share_id)
        if room is None or room.state is state or room.over:
            return
        seat = room.seats.get(Side.CUSTOMER)
        if seat is None or seat.guest is None:
            room.state = state
            return
        with suppress(Refused):
            share = await self._look(seat.guest)
            if room.serves(Side.CUSTOMER, seat):
                room.state = share.state
                self._greet(seat, share)

    def sweep(self) -> None:
        """Close sockets that are silent: their network is gone, and nobody told."""
        now = monotonic()
        for room in self._rooms.all():
            for side, seat in room.seats.items():
                live = side is Side.CUSTOMER and room.state is ShareState.LIVE
                if now - seat.heard_at > (LIVE_SILENCE if live else SILENCE):
                    seat.finish(SILENT)

    async def close(self) -> None:
        """Close every socket; the pages come back to the gateway that follows."""
        self._closing = True
        self._rooms.close(RESTARTING)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, seat: Seat, visit: Visit, heed: Callable[[Message], Awaitable[None]]) -> None:
        """Read until the socket is closed; garbage and floods close it."""
        try:
            while seat.closing is None and (message := await seat.read()) is not None:
                await heed(message)
        except Broken as broken:
            note(logging.WARNING, f"a socket of {visit.source} was closed: {broken.closing.sentence}")
            seat.finish(broken.closing)
        finally:
            seat.finish(Closing(1000))

    async def _from_customer(self, room: Room, seat: Seat, guest: Guest, message: Message) -> None:
        kind = message.get("t")
        if kind == "ping":
            seat.push({"t": "pong"})
            if seat.heard_at - seat.beaten_at >= BEAT_SECONDS:
                seat.beaten_at = seat.heard_at
                self._spawn(self._note(room.share_id, guest, Happening.BEAT))
        elif kind == "signal":
            self._rooms.pass_on(room, Side.CUSTOMER, message.get("data"))
        elif kind == "started":
            resumed = room.state is ShareState.LOST
            await self._note(room.share_id, guest, Happening.RESUMED if resumed else Happening.STARTED)
        elif kind == "stop":
            await self._leave(room.share_id, guest, ShareEnd.BY_CUSTOMER)
        else:
            raise Broken(GARBAGE)

    async def _from_viewer(self, room: Room, seat: Seat, message: Message) -> None:
        kind = message.get("t")
        if kind == "ping":
            seat.push({"t": "pong"})
        elif kind == "signal":
            self._rooms.pass_on(room, Side.VIEWER, message.get("data"))
        elif kind == "stop":
            self._rooms.end(room.share_id, ShareEnd.BY_AGENT, everywhere=True)
        elif kind != "stats":
            raise Broken(GARBAGE)

    async def _seat_viewer(self, seat: Seat) -> tuple[int, ShareState] | None:
        """Return the share whose one-time token came first, and its state; None closes the socket."""
        try:
            async with asyncio.timeout(TOKEN_SECONDS):
                token = _token(await seat.read())
            found = await self._guests.ask(lambda door: late.redeem_viewer(door, token))
            states = await self._guests.ask(lambda door: late.shares_state(door, (found.share_id,)))
        except (TimeoutError, Refusal):
            seat.finish(NO_SEAT)
        except Broken as broken:
            seat.finish(broken.closing)
        except Refused:
            seat.finish(UNAVAILABLE)
        else:
            seat.push({"t": "seat", "language": self._facts.language})
            seat.push(self._ice(found.share_id))
            return found.share_id, states[found.share_id][0]
        return None

    def _greet(self, seat: Seat, share: "GuestShare") -> None:
        seat.push({"t": "state", **told_share(share)})
        if share.state in VIEWED:
            seat.push(self._ice(share.share_id))

    def _ice(self, share_id: int) -> Mapping[str, Any]:
        servers = for_browser(self._facts.ice, self._facts.turn_secret, share_id, self._guests.now())
        return {"t": "ice", "servers": servers}

    async def _look(self, guest: Guest) -> "GuestShare":
        if not guest.token or len(guest.token) > LONGEST_TOKEN or not guest.token.isascii():
            raise Refused("share_gone")
        try:
            return await self._guests.ask(lambda door: late.look_at_door(door, guest.token, guest.browser))
        except Refusal as refused:
            raise Refused("share_gone") from refused

    async def _joined(self, room: Room, guest: Guest) -> None:
        await self._note(room.share_id, guest, Happening.JOINED)

    async def _note(self, share_id: int, guest: Guest, happening: Happening) -> None:
        """Have the database told, and everybody of what it made of it."""
        with suppress(Refusal, Refused):
            share = await self._guests.ask(lambda door: late.note_share(door, guest.token, guest.browser, happening))
            await self._told(share_id, share)

    async def _leave(self, share_id: int, guest: Guest, reason: ShareEnd) -> None:
        with suppress(Refusal, Refused):
            share = await self._guests.ask(lambda door: late.leave_share(door, guest.token, guest.browser, reason))
            await self._told(share_id, share)

    async def _told(self, share_id: int, share: "GuestShare") -> None:
        if share.state is ShareState.ENDED:
            self._rooms.end(share_id, share.end_reason, everywhere=True)
        else:
            await self.know(share_id, share.state)

    async def _lost_after(self, seconds: float, share_id: int, guest: Guest) -> None:
        if await self._is_away_after(seconds, share_id, guest):
            await self._note(share_id, guest, Happening.LOST)

    async def _gone_after(self, seconds: float, share_id: int, guest: Guest) -> None:
        if await self._is_away_after(seconds, share_id, guest):
            await self._leave(share_id, guest, ShareEnd.BROWSER_CLOSED)

    async def _is_away_after(self, seconds: float, share_id: int, guest: Guest) -> bool:
        """Wait, then tell whether the browser has not come back meanwhile, to this gateway or another one."""
        since = self._guests.now()
        await asyncio.sleep(seconds)
        if self._rooms.is_back(share_id):
            return False
        with suppress(Refused):
            share = await self._look(guest)
            return share.state is not ShareState.ENDED and (share.seen_at is None or share.seen_at <= since)
        return False

    def _spawn(self, job: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _token(first: Message | None) -> str:
    token = (first or {}).get("token")
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise Broken(NO_SEAT)
    return token


async def deny(socket: WebSocket, visit: Visit, refused: Refused) -> None:
    """Refuse the handshake with one plain sentence."""
    _, headers, body = refusal(refused.code, visit.language, refused.retry_after, plain=True)
    status = 403 if refused.code == "share_gone" else STATUS[refused.code]
    answer = Response(body, status)
    answer.raw_headers[:] = headers
    await socket.send_denial_response(answer)
