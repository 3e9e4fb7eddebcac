"""The gateway in a thread of its own: sockets, event loop, and an end within a second."""

import asyncio
import logging
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uvicorn import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.exceptions import InvalidState

from agent_desk.gateway.protocol import GatewayProtocol
from agent_desk.gateway.seats import LONGEST_MESSAGE
from agent_desk.ports import Metric

if sys.platform == "win32":
    new_event_loop = asyncio.new_event_loop
else:
    from uvloop import new_event_loop

BACKLOG = 1024
MOST_CONNECTIONS = 4000
KEEP_ALIVE_SECONDS = 20
CLOSE_SECONDS = 0.6
App = Callable[..., Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound socket, and the certificate it is served with, if there is one."""

    socket: socket.socket
    tls: ssl.SSLContext | None = None

    @property
    def port(self) -> int:
        """Return its port."""
        port: int = self.socket.getsockname()[1]
        return port


@dataclass(slots=True)
class Service:
    """What runs in the loop: `app` answers, `jobs` go on beside it, `close` says goodbye to whoever is connected.

    `figures` may be asked for from any thread.
    """

    app: App
    jobs: Sequence[Callable[[], Coroutine[Any, Any, None]]]
    close: Callable[[], Coroutine[Any, Any, None]]
    figures: Callable[[], tuple[Metric, ...]] = tuple


class Serving:
    """A gateway that serves `listeners` until it is closed."""

    def __init__(self, make: Callable[[], Service], listeners: Sequence[Listener]) -> None:
        self._make = make
        self._listeners = listeners
        self._service: Service | None = None
        self._started: Future[None] = Future()
        self._stop = asyncio.Event()
        self._loop = new_event_loop()
        self._thread = threading.Thread(target=self._run, name="gateway", daemon=True)

    def start(self) -> None:
        """Serve; returns once connections are answered."""
        self._thread.start()
        self._started.result()

    def call_soon(self, function: Callable[..., None], *arguments: object) -> None:
        """Call a function in the loop's thread, unless that has ended."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function, *arguments)

    def figures(self) -> tuple[Metric, ...]:
        """Return what it counts about itself."""
        return self._service.figures() if self._service is not None else ()

    def wait(self) -> None:
        """Return when the gateway has ended."""
        self._thread.join()

    def close(self) -> None:
        """Tell whoever is connected, end within a second, and wait for it."""
        self.call_soon(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        except BaseException as error:
            if self._started.done():
                raise
            self._started.set_exception(error)
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _serve(self) -> None:
        self._loop.set_exception_handler(_broken_connection)
        service = self._service = self._make()
        state = ServerState()
        config = _config(service.app)
        jobs = [self._loop.create_task(job()) for job in service.jobs]
        servers = [
            await self._loop.create_server(
                lambda: GatewayProtocol(config, state, {}, self._loop),
                sock=listener.socket,
                ssl=listener.tls,
                backlog=BACKLOG,
                ssl_handshake_timeout=10 if listener.tls else None,
            )
            for listener in self._listeners
        ]
        self._started.set_result(None)
        await self._stop.wait()
        for server in servers:
            server.close()
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        await service.close()
        await _farewell(state)


async def _farewell(state: ServerState) -> None:
    """Close every connection; what is still being answered has a moment, then it is cut."""
    for connection in tuple(state.connections):
        try:
            connection.shutdown()
        except InvalidState:  # WORKAROUND: uvicorn overlooks a close that the other side has just begun
            connection.transport.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            while state.tasks:
                await asyncio.wait(tuple(state.tasks))
    for task in tuple(state.tasks):
        task.cancel()
    await asyncio.gather(*state.tasks, return_exceptions=True)
    for connection in tuple(state.connections):
        connection.transport.abort()


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address, "" for any; OSError where it is taken, or not ours."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    bound = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # there it would let another program take the port as well
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(BACKLOG)
        bound.setblocking(False)
    except BaseException:
        bound.close()
        raise
    return bound


def certificate(chain: Path, key: Path) -> ssl.SSLContext:
    """Return what serves TLS with these files; OSError (ssl.SSLError too) where they cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(chain, key)
    return context


def _config(app: App) -> Config:
    """Return uvicorn's settings; its own log names addresses and whole paths, so it stays silent."""
    config = Config(
        app,
        http=GatewayProtocol,
        ws=WebSocketsSansIOProtocol,
        ws_max_size=2 * LONGEST_MESSAGE,  # longer ones than we take are told so in our words, up to here
        ws_ping_interval=None,  # the pages speak every few seconds
        ws_per_message_deflate=False,
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level=logging.CRITICAL + 1,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    config.load()
    return config


def _broken_connection(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say nothing of connections that broke; asyncio would print their addresses and what they sent."""
    logging.getLogger(__name__).debug("%s", type(context.get("exception")).__name__)
