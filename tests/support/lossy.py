"""A TCP proxy before PostgreSQL that loses exactly what a test wants: the answer to a COMMIT, the COMMIT, or everything."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sqlalchemy import make_url

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"  # as PostgreSQL's protocol has it: kind, length, text
BEGIN, READ_ONLY = b"BEGIN", b"READ ONLY"
PIECE = 65_536
LOOPBACK = "127.0.0.1"


class Loss(StrEnum):
    """What becomes of the COMMIT that is waited for."""

    ANSWER = "answer"  # the server commits, the desk is never told
    COMMIT = "commit"  # the server never hears of it, and loses its client
    DELAY = "delay"  # the desk loses its server, which gets the COMMIT when the test lets it go


@dataclass(slots=True)
class Proxy:
    """Passes everything on until told otherwise."""

    server: Path
    listener: socket.socket
    lost: int = 0  # COMMITs that were lost so far
    commits: int = 0  # COMMITs of transactions that write, seen so far
    release: threading.Event = field(default_factory=threading.Event)
    after_loss: Callable[[], None] = lambda: None  # called once the server has committed, or lost its client
    _loss: Loss | None = None
    _countdown: int = 0
    _of: bytes = b""
    _away: bool = False
    _mute: bool = False
    _pairs: set[tuple[socket.socket, socket.socket]] = field(default_factory=set)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def url(self, direct: str) -> str:
        """Return the address that leads through here to the database at `direct`, an address of its socket."""
        known = make_url(direct)
        through = known.set(host=LOOPBACK, port=self.port, query={})
        return through.render_as_string(hide_password=False)

    def lose(self, loss: Loss, which: int = 1, of: bytes = b"") -> None:
        """Let the COMMIT number `which` from now on meet with `loss`; only of transactions that said `of` count."""
        with self._lock:
            self._loss, self._countdown, self.lost, self._of = loss, which, 0, of
            self.release.clear()

    def cut(self) -> None:
        """Take the server away: what is connected is closed, what comes is refused."""
        with self._lock:
            self._away = True
            pairs = list(self._pairs)
        for pair in pairs:
            _close(*pair)

    def mute(self) -> None:
        """Let nothing through any more, without closing anything: the network is gone, and nobody says so."""
        self._mute = True

    def mend(self) -> None:
        """Let everything through again; what was muted is lost."""
        with self._lock:
            self._away = False
            muted, self._mute = self._mute, False
            pairs = list(self._pairs) if muted else []
        for pair in pairs:
            _close(*pair)

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                if self._away:
                    client.close()
                    continue
                server = socket.socket(socket.AF_UNIX)
                try:
                    server.connect(str(self.server))
                except OSError:
                    _close(client, server)
                    continue
                self._join(client, server)

    def close(self) -> None:
        """End everything."""
        self.release.set()
        self.cut()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self._threads:
            thread.join()

    def _join(self, client: socket.socket, server: socket.socket) -> None:
        with self._lock:
            self._pairs.add((client, server))
        swallow = threading.Event()
        for work in (self._ask, self._answer):
            thread = threading.Thread(target=work, args=(client, server, swallow), name="proxy")
            self._threads.append(thread)
            thread.start()

    def _ask(self, client: socket.socket, server: socket.socket, swallow: threading.Event) -> None:
        """Carry what the desk asks."""
        said = b""
        with suppress(OSError):
            while piece := client.recv(PIECE):
                if self._mute:
                    continue
                said = piece if BEGIN in piece else said + piece
                loss = self._meets(piece, said) if READ_ONLY not in said else None
                if loss is Loss.ANSWER:
                    swallow.set()
                elif loss is Loss.COMMIT:
                    self._lost(client)
                    break
                elif loss is Loss.DELAY:
                    swallow.set()
                    _close(client)
                    self.release.wait()
                    server.sendall(piece)
                    return
                server.sendall(piece)
        _close(server)

    def _answer(self, client: socket.socket, server: socket.socket, swallow: threading.Event) -> None:
        """Carry what the server answers; the answer to be swallowed is the last of its connection."""
        with suppress(OSError):
            while piece := server.recv(PIECE):
                if swallow.is_set():
                    self._lost(client)
                    break
                if not self._mute:
                    client.sendall(piece)
        _close(client, server)
        with self._lock:
            self._pairs.discard((client, server))

    def _lost(self, client: socket.socket) -> None:
        after, self.after_loss = self.after_loss, lambda: None
        after()
        _close(client)

    def _meets(self, piece: bytes, said: bytes) -> Loss | None:
        if COMMIT not in piece:
            return None
        with self._lock:
            self.commits += 1
            if self._loss is None or self._of not in said:
                return None
            self._countdown -= 1
            if self._countdown:
                return None
            met, self._loss, self.lost = self._loss, None, self.lost + 1
            return met


def _close(*sockets: socket.socket) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


@contextmanager
def proxy(direct: str) -> Iterator[Proxy]:
    """Stand on a port of this machine before the server of `direct`, the address of one of its databases."""
    folder = make_url(direct).query["host"]
    made = Proxy(Path(str(folder)) / ".s.PGSQL.5432", socket.create_server((LOOPBACK, 0)))
    taking = threading.Thread(target=made.serve, name="proxy-door")
    taking.start()
    try:
        yield made
    finally:
        made.close()
        taking.join()
