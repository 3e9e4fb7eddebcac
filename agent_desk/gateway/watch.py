"""What others change in the database reaches those who are connected; what nobody ends is ended."""

import asyncio
from time import monotonic

from agent_desk import late
from agent_desk.gateway.answers import Refused
from agent_desk.gateway.guests import Guests
from agent_desk.gateway.rooms import Rooms
from agent_desk.gateway.sockets import Sockets
from agent_desk.rules.share import ShareEnd, ShareState

POLL_SECONDS = 0.2
FALLBACK_SECONDS = 2.0  # where the database tells by itself, and while it does not answer
REAP_SECONDS = 5.0
IDLE_REAP_SECONDS = 20.0  # where nobody was connected for a while, nothing of this gateway's can be due
BUSY_SECONDS = 180.0
SWEEP_SECONDS = 4.0


class Watch:
    """Looks at the connected shares; `told` where the database tells what changes, so that looking is a precaution."""

    def __init__(self, guests: Guests, rooms: Rooms, sockets: Sockets, *, told: bool) -> None:
        self._guests, self._rooms, self._sockets = guests, rooms, sockets
        self._pause = FALLBACK_SECONDS if told else POLL_SECONDS

    async def look(self) -> None:
        """Follow the connected shares' states for ever; asleep while nobody is connected."""
        while True:
            await self._rooms.occupied.wait()
            pause = self._pause
            try:
                await self.look_once()
            except Refused:
                pause = FALLBACK_SECONDS
            await asyncio.sleep(pause)

    async def look_once(self) -> None:
        """Read the connected shares' states and tell those who are connected what is new."""
        ids = self._rooms.share_ids
        states = await self._guests.ask(lambda door: late.shares_state(door, ids))
        for share_id, (state, reason) in states.items():
            await self.noticed(share_id, state, reason)

    async def noticed(self, share_id: int, state: ShareState, reason: ShareEnd | None) -> None:
        """Tell those connected to a share where it stands, unless they know."""
        if state is ShareState.ENDED:
            self._rooms.end(share_id, reason)
        else:
            await self._sockets.know(share_id, state)

    async def reap(self) -> None:
        """End what is due every few seconds, for ever."""
        busy_until = 0.0
        while True:
            if self._rooms.share_ids:
                busy_until = monotonic() + BUSY_SECONDS
            await asyncio.sleep(REAP_SECONDS if monotonic() < busy_until else IDLE_REAP_SECONDS)
            try:
                await self._guests.ask(lambda door: late.end_due_shares(door))  # noqa: PLW0108 (loaded in the worker)
            except Refused:
                continue

    async def sweep(self) -> None:
        """Close silent sockets for ever; asleep while nobody is connected."""
        while True:
            await self._rooms.occupied.wait()
            await asyncio.sleep(SWEEP_SECONDS)
            self._sockets.sweep()
