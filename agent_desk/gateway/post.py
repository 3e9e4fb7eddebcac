"""Messages between the gateways of a site: rows in the database, and word of them by LISTEN."""

import asyncio
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from agent_desk import late
from agent_desk.gateway.answers import Refused
from agent_desk.gateway.guests import Guests
from agent_desk.gateway.rooms import Rooms
from agent_desk.gateway.seats import Side
from agent_desk.gateway.watch import Watch
from agent_desk.logfile import told
from agent_desk.rules.share import ShareEnd, ShareState

if TYPE_CHECKING:
    from agent_desk.actions.door import Door

SIGNALS = "agent_desk_signal"  # payload: share/side/number of the row
SHARES = "agent_desk_share"  # payload: share/state/reason
CHANNELS = (SIGNALS, SHARES)
Notice = tuple[str, str]


class Post:
    """Writes messages, one after the other; a bus for Rooms."""

    def __init__(self, door: "Door") -> None:
        self._door = door
        self._writer = ThreadPoolExecutor(1, "gateway-post")

    def post(self, share_id: int, to_side: Side, body: str) -> None:
        """Write one message, after those before it."""
        self._writer.submit(self._write, share_id, to_side, body)

    def close(self) -> None:
        """Write what waits, then end."""
        self._writer.shutdown()

    def _write(self, share_id: int, to_side: Side, body: str) -> None:
        try:
            late.post_signal(self._door, share_id, str(to_side), body)
        except Exception as error:  # noqa: BLE001 (a lost message is sent anew by the pages)
            told(error)


class Mail:
    """Takes the database's notices in the order they came, and gives Rooms and Watch what they are about."""

    def __init__(self, guests: Guests, rooms: Rooms, watch: Watch) -> None:
        self._guests, self._rooms, self._watch = guests, rooms, watch
        self._notices: asyncio.Queue[Notice] = asyncio.Queue()

    def take(self, channel: str, payload: str) -> None:
        """Keep a notice until its turn; called in the loop's thread."""
        self._notices.put_nowait((channel, payload))

    def back(self) -> None:
        """Look at every share: notices were missed while the connection was away."""
        self._rooms.lost_words()
        self._notices.put_nowait(("", ""))

    async def sort(self) -> None:
        """Take notices for ever."""
        while True:
            notices = [await self._notices.get()]
            while not self._notices.empty():
                notices.append(self._notices.get_nowait())
            try:
                await self._handle(notices)
            except Refused:  # the database is away; what was lost is sent anew, states are looked at again
                continue

    async def _handle(self, notices: list[Notice]) -> None:
        wanted: defaultdict[tuple[int, Side], set[int]] = defaultdict(set)
        for channel, payload in notices:
            share, _, rest = payload.partition("/")
            if not share:
                await self._watch.look_once()
            elif not self._rooms.concern(int(share)):
                continue
            elif channel == SIGNALS:
                side, _, number = rest.partition("/")
                wanted[int(share), Side(side)].add(int(number))
            else:
                state, _, reason = rest.partition("/")
                await self._watch.noticed(int(share), ShareState(state), ShareEnd(reason) if reason else None)
        for (share_id, side), numbers in wanted.items():
            await self._deliver(share_id, side, numbers)

    async def _deliver(self, share_id: int, side: Side, numbers: set[int]) -> None:
        after = min(numbers) - 1
        rows = await self._guests.ask(lambda door: late.read_signals(door, share_id, str(side), after))
        for row in rows:
            # Rows are not committed in the order of their numbers: exactly those that were told of are taken.
            if row.id in numbers:
                self._rooms.receive(share_id, side, row.body)
