"""Somebody who types codes as fast as answers come, over so many connections: `hammer(port, seconds, connections)`."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import quantiles
from time import monotonic

from agent_desk.rules.code import build

SOURCES = 250
HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length: "


@dataclass(slots=True)
class Blows:
    """What came back: how often each status, and how long each answer took."""

    seconds: float
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return the answers a second."""
        return len(self.times) / self.seconds

    @property
    def p99(self) -> float:
        """Return the seconds 99 of 100 answers took at most."""
        return quantiles(self.times, n=100)[98]


class _Hammer(asyncio.Protocol):
    """One connection: the next code as soon as the last one is answered."""

    def __init__(self, request: Callable[[], bytes], end: float, blows: Blows) -> None:
        self._request, self._end, self._blows = request, end, blows
        self._read = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, found, body = self._read.partition(HEAD_END)
        if not found:
            return
        length = int(head[head.index(LENGTH) + len(LENGTH) :].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        self._blows.times.append(monotonic() - self._sent)
        self._blows.statuses[int(head[9:12])] += 1
        self._read = b""
        if monotonic() < self._end:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.done.set_result(None)

    def _send(self) -> None:
        self._sent = monotonic()
        self._transport.write(self._request())


def hammer(port: int, seconds: float, connections: int) -> Blows:
    """Try random codes from 62,500 sources for that long."""
    return asyncio.run(_hammer(port, seconds, connections))


async def _hammer(port: int, seconds: float, connections: int) -> Blows:
    loop, end, blows = asyncio.get_running_loop(), monotonic() + seconds, Blows(seconds)
    hammers = []
    for _ in range(connections):
        _, one = await loop.create_connection(lambda: _Hammer(lambda: _request(port), end, blows), "127.0.0.1", port)
        hammers.append(one)
    await asyncio.gather(*(one.done for one in hammers))
    return blows


def _request(port: int) -> bytes:
    digits = build(f"{random.randrange(1000):03d}", f"{random.randrange(10**6):06d}")
    source = f"198.18.{random.randrange(SOURCES)}.{random.randrange(SOURCES)}"
    body = f'{{"digits":"{digits}","language":"fr"}}'
    return (
        f"POST /code HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0\r\n"
        f"Accept-Language: fr-FR,fr;q=0.8,en;q=0.5\r\nContent-Type: application/json\r\nX-Forwarded-For: {source}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode("ascii")
