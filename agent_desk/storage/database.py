"""The database, SQLite or PostgreSQL, and the two kinds of transaction there are: reading and writing."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, Protocol, Self

from sqlalchemy import Connection, Engine

from agent_desk.clock import SharedClock, SystemClock
from agent_desk.ports import Clock
from agent_desk.storage.addresses import safe
from agent_desk.storage.connecting import check_server, connecting
from agent_desk.storage.engines import reading_engine, writing_engine
from agent_desk.storage.facts import Fact, forget, noted
from agent_desk.storage.faults import UNREACHABLE, DatabaseFault, Unsettled, translated
from agent_desk.storage.files import create_file, identity, sqlite_file

WAIT_SECONDS = 5.0
CONNECTIONS = 2  # a desk keeps one and takes another while somebody reads beside somebody who writes
SETTLE_SECONDS = 3.0  # how long a lost answer to COMMIT is looked for at once
SETTLE_AGAIN_SECONDS = 0.2
NO_RIGHTS = "no_rights"

_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_BEGIN_WRITING = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"


class Following(Protocol):
    """A copy of the database, for reports."""

    def reading(self, stack: ExitStack) -> Connection | None:
        """Return a reading transaction that ends with `stack`; None where the copy cannot serve."""

    def close(self) -> None:
        """Close its connections."""


class Database:
    """One database for the whole program; threads share it, each takes transactions of its own."""

    def __init__(self, engine: Engine, reading: Engine, wait: float, clock: Clock) -> None:
        self._clock = clock
        self._engine = engine
        self._reading = reading
        self._wait = wait
        self._forbidden: set[int] = set()
        self._idle: dict[Engine, deque[Connection]] = {engine: deque(), reading: deque()}
        self._file = sqlite_file(engine.url)
        self._identity = identity(self._file)
        self._turn = threading.Lock()
        self._turn_of: int | None = None
        self._copy: Following | None = None

    @classmethod
    def open(cls, url: str, *, wait: float = WAIT_SECONDS, connections: int = CONNECTIONS, kept: int = 1) -> Self:
        """Open or create the database at `url`, without tables yet; `wait` seconds for locks; DatabaseFault.

        At most `connections` are made to a server, and `kept` of them stay while nobody works.
        """
        address = safe(url)
        with translated():
            path = sqlite_file(address)
            if path is not None:
                create_file(path)
            shared = SharedClock()
            engine = writing_engine(address, wait, connections, kept, shared)
            clock = shared if path is None else SystemClock()
            database = cls(engine, reading_engine(engine, wait), wait, clock)
            try:
                database._try()
            except BaseException:
                database.close()
                raise
        return database

    @property
    def dialect(self) -> str:
        """Return "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    @property
    def clock(self) -> Clock:
        """Return the clock of whoever works with it: a server's, this machine's where there is none."""
        return self._clock

    @property
    def engine(self) -> Engine:
        """Return the engine, for upgrades and tests; everything else takes `read` or `write`."""
        return self._engine

    @property
    def file(self) -> Path | None:
        """Return SQLite's file; None for PostgreSQL."""
        return self._file

    def forbid_thread(self, ident: int) -> None:
        """Make every later transaction in that thread a RuntimeError; meant for the one that paints."""
        self._forbidden.add(ident)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a transaction that sees one moment and cannot change anything; DatabaseFault."""
        self._check_thread()
        self._check_file()
        with translated(), self._connection(self._reading) as tx, self._transaction(tx, writing=False):
            yield tx

    def follow(self, copy: Following) -> None:
        """Take reports from `copy`, as long as it can give them; it is closed with this database."""
        self._copy = copy

    @contextmanager
    def reports(self) -> Iterator[Connection]:
        """Give a transaction like `read`, of what may be some seconds old; DatabaseFault."""
        self._check_thread()
        with ExitStack() as stack:
            copy = self._copy.reading(stack) if self._copy is not None else None
            yield copy if copy is not None else stack.enter_context(self.read())

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that is committed at the end, or undone by an exception; DatabaseFault.

        Where the answer to COMMIT is lost, what it wrote is looked for: there, all is well; not there, DatabaseFault.
        Unsettled when that cannot be told now.
        """
        self._check_thread()
        self._check_file()
        fact: Fact | None = None
        try:
            with translated(), self._own_turn(), self._connection(self._engine) as tx:
                forget(tx)
                with self._transaction(tx, writing=True):
                    yield tx
                    fact = noted(tx)  # COMMIT follows: only what it raises finds a fact
        except DatabaseFault as fault:
            if fact is None or fault.code != UNREACHABLE:
                raise
            if not self._settled(fact):
                raise

    def _try(self) -> None:
        """Return where the database can be used; DatabaseFault. A server has told the time once it let somebody in."""
        if self.dialect == "sqlite":
            with self.read():
                return
        with self._connection(self._engine) as tx:
            check_server(tx)

    def ping(self) -> None:
        """Return where the database answers; DatabaseFault."""
        with self.read() as tx:
            tx.exec_driver_sql("SELECT 1")

    def stands(self, fact: Fact) -> bool:
        """Tell whether the transaction known by `fact` was committed, once it is over; DatabaseFault."""
        with self.write() as tx:
            found = fact.stands(tx)
            tx.rollback()  # to look writes nothing
        return found

    def joined(self, tx: Connection) -> "Database":
        """Return a database whose transactions, reading or writing, are all part of `tx`, a writing one."""
        return _Joined(self._engine, self._reading, self._wait, self._clock, tx)

    def close(self) -> None:
        """Close all connections; SQLite then folds its write-ahead log into the file."""
        if self._copy is not None:
            self._copy.close()
        self._forget_connections()

    def _forget_connections(self) -> None:
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
            with connecting():
                tx = engine.connect()
            with tx:
                # The transaction is begun by hand, see there.
                yield tx.execution_options(isolation_level="AUTOCOMMIT")
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

    def _settled(self, fact: Fact) -> bool:
        """Look for what a transaction wrote whose end nobody told; Unsettled where the database does not come back."""
        until = monotonic() + SETTLE_SECONDS
        while True:
            try:
                return self.stands(fact)
            except DatabaseFault as fault:
                if fault.code == NO_RIGHTS:  # it answers: who wrote that would see it
                    return False
                if monotonic() > until:
                    raise Unsettled(fact) from fault
            threading.Event().wait(SETTLE_AGAIN_SECONDS)

    @contextmanager
    def _transaction(self, tx: Connection, *, writing: bool) -> Iterator[None]:
        """Begin by hand, and commit or undo as SQLAlchemy does.

        PostgreSQL gets what holds for the transaction in the same message as its beginning: what is set for a whole
        connection would be lost or meet others behind a pooler that lends connections for one transaction each.
        """
        if self.dialect == "sqlite":
            driver: Any = tx.connection.driver_connection
            driver.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
        with tx.begin():
            if self.dialect != "sqlite":
                begin = _BEGIN_WRITING if writing else _BEGIN_READING
                statement = f"{begin}; SET LOCAL lock_timeout = {int(self._wait * 1000)}"
                tx.exec_driver_sql(statement, execution_options={"no_parameters": True})
            yield

    def _check_thread(self) -> None:
        if threading.get_ident() in self._forbidden:
            raise RuntimeError("this thread must not wait for the database")

    def _check_file(self) -> None:
        """Refuse to go on in a file that is not at its place any more: nobody would find again what it takes."""
        if self._identity and identity(self._file) != self._identity:
            self._forget_connections()
            raise DatabaseFault(UNREACHABLE)

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

    def __init__(self, engine: Engine, reading: Engine, wait: float, clock: Clock, tx: Connection) -> None:
        super().__init__(engine, reading, wait, clock)
        self._tx = tx

    @contextmanager
    def read(self) -> Iterator[Connection]:
        yield self._tx

    @contextmanager
    def write(self) -> Iterator[Connection]:
        yield self._tx
