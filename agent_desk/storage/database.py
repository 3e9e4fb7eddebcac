"""The database, SQLite or PostgreSQL, and the two kinds of transaction there are: reading and writing."""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from agent_desk.storage.faults import DatabaseFault, translated
from agent_desk.storage.files import create_file, sqlite_file

WAIT_SECONDS = 5.0

# What every SQLite connection must answer; read back, because SQLite ignores what it cannot do.
_PRAGMAS: dict[str, str | int] = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "foreign_keys": 1,
    "secure_delete": 1,  # what is erased is overwritten
    "recursive_triggers": 1,  # else INSERT OR REPLACE walks past the triggers that protect the log
}


class Database:
    """One database for the whole program; threads share it, each takes transactions of its own."""

    def __init__(self, engine: Engine, reading: Engine, wait: float) -> None:
        self._engine = engine
        self._reading = reading
        self._wait = wait
        self._forbidden: set[int] = set()
        self._idle: dict[Engine, deque[Connection]] = {engine: deque(), reading: deque()}
        self._turn = threading.Lock()
        self._turn_of: int | None = None

    @classmethod
    def open(cls, url: str, *, wait: float = WAIT_SECONDS) -> Self:
        """Open or create the database at `url`, without tables yet; `wait` seconds for locks; DatabaseFault."""
        address = make_url(url)
        with translated():
            path = sqlite_file(address)
            if path is not None:
                create_file(path)
            engine = _engine(address, wait)
            database = cls(engine, _reading(engine, wait), wait)
            try:
                with database.read():
                    pass
            except BaseException:
                database.close()
                raise
        return database

    @property
    def dialect(self) -> str:
        """Return "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    @property
    def engine(self) -> Engine:
        """Return the engine, for upgrades and tests; everything else takes `read` or `write`."""
        return self._engine

    @property
    def file(self) -> Path | None:
        """Return SQLite's file; None for PostgreSQL."""
        return sqlite_file(self._engine.url)

    def forbid_thread(self, ident: int) -> None:
        """Make every later transaction in that thread a RuntimeError; meant for the one that paints."""
        self._forbidden.add(ident)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a transaction that sees one moment and cannot change anything; DatabaseFault."""
        self._check_thread()
        with translated(), self._connection(self._reading) as tx:
            self._begin_by_hand(tx, "BEGIN")
            with tx.begin():
                yield tx

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that is committed at the end, or undone by an exception; DatabaseFault."""
        self._check_thread()
        with translated(), self._own_turn(), self._connection(self._engine) as tx:
            self._begin_by_hand(tx, "BEGIN IMMEDIATE")
            with tx.begin():
                yield tx

    def joined(self, tx: Connection) -> "Database":
        """Return a database whose transactions, reading or writing, are all part of `tx`, a writing one."""
        return _Joined(self._engine, self._reading, self._wait, tx)

    def close(self) -> None:
        """Close all connections; SQLite then folds its write-ahead log into the file."""
        for idle in self._idle.values():
            while idle:
                idle.pop().close()
        self._reading.dispose()
        self._engine.dispose()

    @contextmanager
    def _connection(self, engine: Engine) -> Iterator[Connection]:
        """Give a connection nobody else uses.

        One of SQLite's is kept as it is for the next transaction, unless this one failed: to take it from the pool and
        give it back costs as much as a dozen statements. Any other goes back: somebody may wait for it there.
        """
        if self.dialect != "sqlite":
            with engine.connect() as tx:
                yield tx
            return
        idle = self._idle[engine]
        try:
            tx = idle.pop()
        except IndexError:
            tx = engine.connect()
        try:
            yield tx
        except BaseException:
            tx.close()
            raise
        if idle:
            tx.close()
        else:
            idle.append(tx)

    def _begin_by_hand(self, tx: Connection, begin: str) -> None:
        if self.dialect == "sqlite":
            driver: Any = tx.connection.driver_connection
            driver.execute(begin)

    def _check_thread(self) -> None:
        if threading.get_ident() in self._forbidden:
            raise RuntimeError("this thread must not wait for the database")

    @contextmanager
    def _own_turn(self) -> Iterator[None]:
        """Queue this program's writers: SQLite lets them poll for its lock, and the unlucky starve."""
        if self.dialect != "sqlite":
            yield
            return
        if self._turn_of == threading.get_ident():
            raise RuntimeError("a transaction that writes inside another one")
        if not self._turn.acquire(timeout=self._wait):
            raise DatabaseFault("locked")
        self._turn_of = threading.get_ident()
        try:
            yield
        finally:
            self._turn_of = None
            self._turn.release()


class _Joined(Database):
    """Takes part in a transaction somebody else began and will commit or undo."""

    def __init__(self, engine: Engine, reading: Engine, wait: float, tx: Connection) -> None:
        super().__init__(engine, reading, wait)
        self._tx = tx

    @contextmanager
    def read(self) -> Iterator[Connection]:
        yield self._tx

    @contextmanager
    def write(self) -> Iterator[Connection]:
        yield self._tx


def _engine(url: URL, wait: float, **pragmas: str | int) -> Engine:
    """Make the engine; parameters are hidden because what customers said must not get into a traceback."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": wait, "isolation_level": None})
        event.listen(engine, "connect", _prepare(_PRAGMAS | {"busy_timeout": int(wait * 1000)} | pragmas))
        # Not as an event: one listener makes every statement of the engine look for listeners.
        engine.dialect.do_begin = _begin_sqlite  # type: ignore[method-assign]
        return engine
    options = f"-c timezone=UTC -c lock_timeout={int(wait * 1000)}"
    arguments = {"options": options, "connect_timeout": 10}
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=arguments)
    event.listen(engine, "handle_error", _drop_detail)
    return engine


def _reading(engine: Engine, wait: float) -> Engine:
    """Return what reading transactions come from.

    On SQLite connections of their own: to switch `query_only` on and off makes it forget every statement it has
    prepared, and the next transaction pays for all of them again.
    """
    if engine.dialect.name == "sqlite":
        return _engine(engine.url, wait, query_only=1)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _drop_detail(context: ExceptionContext) -> None:
    """Leave of PostgreSQL's message its first part: the detail quotes whole rows."""
    diagnosis: Any = getattr(context.original_exception, "diag", None)
    if diagnosis is not None and diagnosis.message_primary and context.sqlalchemy_exception is not None:
        context.original_exception.args = (diagnosis.message_primary,)
        context.sqlalchemy_exception.args = (diagnosis.message_primary,)


def _prepare(pragmas: dict[str, str | int]) -> Callable[[sqlite3.Connection, ConnectionPoolEntry], None]:
    def prepare(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
        for name, value in pragmas.items():
            connection.execute(f"PRAGMA {name}={value}")
            answer = connection.execute(f"PRAGMA {name}").fetchone()[0]
            if answer != value:
                raise RuntimeError(f"SQLite answers {answer!r} to PRAGMA {name}, not {value!r}")

    return prepare


def _begin_sqlite(dbapi_connection: Any) -> None:
    """Begin unless it was done by hand: a lock taken at the first write instead of now ends in "database is locked"."""
    if not dbapi_connection.in_transaction:
        dbapi_connection.execute("BEGIN IMMEDIATE")
