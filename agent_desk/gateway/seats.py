"""One WebSocket of one side of a share: what is sent to it waits its turn, what comes from it has its limits."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from agent_desk.gateway.answers import sentence

Message = Mapping[str, Any]

LONGEST_MESSAGE = 64 * 1024
MOST_UNSENT = 400
MESSAGES_A_SECOND = 100.0
BURST = 200.0
BYTES_A_SECOND = 1024.0 * 1024
BYTES_BURST = 2 * BYTES_A_SECOND
NO_FRAMES = frozenset({1002, 1003, 1007, 1009})
GOING_AWAY = 1001  # RFC 6455, 7.4.1: a page that is left says so by itself, also where its goodbye is lost
LONGEST_REASON = 123  # bytes, says the protocol


class Side(StrEnum):
    """The two ends of a share."""

    CUSTOMER = "customer"
    VIEWER = "viewer"

    @property
    def other(self) -> "Side":
        """Return the opposite end."""
        return Side.VIEWER if self is Side.CUSTOMER else Side.CUSTOMER


@dataclass(frozen=True, slots=True)
class Closing:
    """A closing code of a WebSocket, and the sentence of the wording table `gateway` that goes with it."""

    code: int
    sentence: str = ""


OVER = Closing(1000)
RESTARTING = Closing(1012)
GARBAGE = Closing(4000, "garbage")
FLOOD = Closing(4000, "flood")
REPLACED = Closing(4001, "seat_taken")
SILENT = Closing(4002, "silent")
NO_SEAT = Closing(4003, "viewer_refused")
UNAVAILABLE = Closing(1013, "unavailable")


class Broken(Exception):
    """What came is no message; `closing` says how the socket ends."""

    def __init__(self, closing: Closing) -> None:
        super().__init__(closing.sentence)
        self.closing = closing


class Bucket:
    """So much a second, and so much at once."""

    def __init__(self, rate: float, burst: float, now: Callable[[], float] = monotonic) -> None:
        self._rate, self._burst, self._now = rate, burst, now
        self._left, self._at = burst, now()

    def take(self, amount: float) -> bool:
        """Take `amount`, False when it is not there."""
        now = self._now()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < amount:
            return False
        self._left -= amount
        return True


@dataclass(frozen=True, slots=True)
class Guest:
    """The browser a share belongs to, as it proves itself."""

    token: str = field(repr=False)
    browser: str


class Seat:
    """A side's socket, the customer's with its `guest`; used in the loop's thread only."""

    def __init__(self, socket: WebSocket, language: str, guest: Guest | None = None) -> None:
        self.guest = guest
        self.beaten_at = 0.0
        self._socket = socket
        self._language = language
        self._unsent: asyncio.Queue[str | Closing] = asyncio.Queue(MOST_UNSENT)
        self._messages = Bucket(MESSAGES_A_SECOND, BURST)
        self._bytes = Bucket(BYTES_A_SECOND, BYTES_BURST)
        self.closing: Closing | None = None
        self.left = False  # by a page that is closed or loaded anew; a lost network says nothing
        self.heard_at = monotonic()

    def push(self, message: Message) -> None:
        """Send a message after those that wait; a socket that takes none any more is closed."""
        if self.closing is not None:
            return
        if self._unsent.full():
            self.finish(SILENT)
            return
        self._unsent.put_nowait(json.dumps(message, ensure_ascii=False, separators=(",", ":")))

    def finish(self, closing: Closing) -> None:
        """Close the socket once what waits is sent; the first reason counts."""
        if self.closing is not None:
            return
        self.closing = closing
        if self._unsent.full():
            self._unsent.get_nowait()
        self._unsent.put_nowait(closing)

    async def write(self) -> None:
        """Send what is pushed until the socket is closed from either end."""
        with suppress(WebSocketDisconnect, RuntimeError):  # the other end is gone, and reading has noticed
            while isinstance(one := await self._unsent.get(), str):
                await self._socket.send_text(one)
            reason = sentence(one.sentence, self._language) if one.sentence else ""
            await self._socket.close(one.code, _cut(reason))

    async def read(self) -> Message | None:
        """Return the next message, None when the socket is closed; Broken for what is none, or too much."""
        try:
            event = await self._socket.receive()
        except (WebSocketDisconnect, RuntimeError):
            return None
        if event["type"] != "websocket.receive":
            if event.get("code") in NO_FRAMES:  # the library has closed it already
                raise Broken(GARBAGE)
            self.left = event.get("code") == GOING_AWAY
            return None
        self.heard_at = monotonic()
        text = event.get("text")
        if not self._messages.take(1) or not self._bytes.take(len(text or "")):
            raise Broken(FLOOD)
        if text is None or len(text) > LONGEST_MESSAGE or len(text.encode()) > LONGEST_MESSAGE:
            raise Broken(GARBAGE)
        return _message(text)


def _message(text: str) -> Message:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Broken(GARBAGE) from error
    if not isinstance(message, dict):
        raise Broken(GARBAGE)
    return message


def _cut(reason: str) -> str:
    return reason.encode()[:LONGEST_REASON].decode(errors="ignore")
