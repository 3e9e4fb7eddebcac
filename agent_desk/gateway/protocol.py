"""uvicorn's HTTP with limits of its own: how long a head may be, and how long a client may take to send it."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
LONGEST_HEAD = 16 * 1024


class GatewayProtocol(HttpToolsProtocol):
    """One connection of a browser, or of somebody who is none."""

    _late: asyncio.TimerHandle | None = None  # runs while a head is awaited
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give the client ten seconds for its first request."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        self._got_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless it is a head without end."""
        super().data_received(data)
        if self._late is not None:
            self._head += len(data)
            if self._head > LONGEST_HEAD and not self.transport.is_closing():
                self.send_400_response("This request is too long.")

    def on_message_begin(self) -> None:
        """Give each further request its ten seconds too."""
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        """Take the request; its body is the application's to limit."""
        self._got_head()
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over; a path that no URL may hold would break the library."""
        if not self.url.isascii() or any(byte <= 0x20 or byte == 0x7F for byte in self.url):
            self.send_400_response("Invalid HTTP request received.")
            return
        super().handle_websocket_upgrade()

    def _await_head(self) -> None:
        if self._late is None:
            self._head = 0
            self._late = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _got_head(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
