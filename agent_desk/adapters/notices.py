"""PostgreSQL's NOTIFY: a connection of its own that listens, and comes back when it was lost."""

import threading
from collections.abc import Callable, Sequence

import psycopg
from psycopg import sql

PATIENCE_SECONDS = 0.4  # how long closing may have to wait
AGAIN_SECONDS = 1.0


class Notices:
    """Listens in a thread of its own; needs a direct connection, as a pooler in transaction mode passes no notices on."""

    def __init__(self, address: str, channels: Sequence[str]) -> None:
        self._address = address
        self._channels = channels
        self._stop = threading.Event()

    def start(self, on_notice: Callable[[str, str], None], on_back: Callable[[], None]) -> None:
        """Call `on_notice(channel, payload)` for each, and `on_back()` whenever the connection has been made."""
        self._thread = threading.Thread(target=self._run, args=(on_notice, on_back), name="notices", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End within half a second."""
        self._stop.set()
        self._thread.join()

    def _run(self, on_notice: Callable[[str, str], None], on_back: Callable[[], None]) -> None:
        while not self._stop.is_set():
            try:
                self._listen(on_notice, on_back)
            except psycopg.Error:
                self._stop.wait(AGAIN_SECONDS)

    def _listen(self, on_notice: Callable[[str, str], None], on_back: Callable[[], None]) -> None:
        with psycopg.connect(self._address, autocommit=True, connect_timeout=10) as connection:
            for channel in self._channels:
                connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            on_back()
            while not self._stop.is_set():
                for notice in connection.notifies(timeout=PATIENCE_SECONDS):
                    on_notice(notice.channel, notice.payload)
