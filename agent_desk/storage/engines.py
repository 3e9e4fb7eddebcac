"""SQLAlchemy's engines for both kinds of database, each connection as it must be."""

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import URL, Engine, ExceptionContext, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from agent_desk.clock import SharedClock, running

CONNECTION_SECONDS = 30.0  # how long one transaction may wait for another to end, where all connections are taken
NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
READ_ONLY = "25006"  # what PostgreSQL answers to who writes on a server that has become a standby

# What every SQLite connection must answer; read back, because SQLite ignores what it cannot do.
_PRAGMAS: dict[str, str | int] = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "foreign_keys": 1,
    "secure_delete": 1,  # what is erased is overwritten
    "recursive_triggers": 1,  # else INSERT OR REPLACE walks past the triggers that protect the log
}


def writing_engine(url: URL, wait: float, connections: int, kept: int, clock: SharedClock) -> Engine:
    """Return the engine of an address from `addresses.safe`; parameters never get into a traceback.

    They are what customers said. `wait` is in seconds, `connections` the most that are made to a server, `kept` how
    many of them stay. `clock` hears a server's time with each connection that is made, and each that is tried before use.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, wait)
    engine = create_engine(
        url,
        hide_parameters=True,
        use_native_hstore=False,  # else each first connection asks for a type nobody uses
        connect_args={"prepare_threshold": None},  # a pooler would not know what was prepared at another connection
        pool_pre_ping=True,
        pool_size=kept,
        max_overflow=connections - kept,
        pool_timeout=CONNECTION_SECONDS,
        pool_use_lifo=True,
    )
    event.listen(engine, "handle_error", _drop_detail)
    event.listen(engine, "handle_error", _leave_standby)
    hear = partial(_hear, clock)
    event.listen(engine, "connect", lambda connection, _record: hear(connection))
    engine.dialect.do_ping = hear  # type: ignore[method-assign]  # what is asked anyway may as well be the time
    return engine


def reading_engine(engine: Engine, wait: float) -> Engine:
    """Return what reading transactions come from.

    On SQLite connections of their own: to switch `query_only` on and off makes it forget every statement it has
    prepared, and the next transaction pays for all of them again.
    """
    return _sqlite(engine.url, wait, query_only=1) if engine.dialect.name == "sqlite" else engine


def _sqlite(url: URL, wait: float, **pragmas: str | int) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": wait, "isolation_level": None})
    event.listen(engine, "connect", _prepare(_PRAGMAS | {"busy_timeout": int(wait * 1000)} | pragmas))
    # Not as an event: one listener makes every statement of the engine look for listeners.
    engine.dialect.do_begin = _begin_sqlite  # type: ignore[method-assign]
    return engine


def _hear(clock: SharedClock, connection: Any) -> bool:
    """Ask a server for its time, outside any transaction; True for SQLAlchemy, which wants to know whether it answers."""
    before, connection.autocommit = connection.autocommit, True
    try:
        asked = running()
        there = connection.execute(NOW).fetchone()[0]
        clock.hear(there, asked, running())
    finally:
        if not connection.closed:
            connection.autocommit = before
    return True


def _drop_detail(context: ExceptionContext) -> None:
    """Leave of PostgreSQL's message its first part: the detail quotes whole rows."""
    diagnosis: Any = getattr(context.original_exception, "diag", None)
    if diagnosis is not None and diagnosis.message_primary and context.sqlalchemy_exception is not None:
        context.original_exception.args = (diagnosis.message_primary,)
        context.sqlalchemy_exception.args = (diagnosis.message_primary,)


def _leave_standby(context: ExceptionContext) -> None:
    """Give up connections to a server that was a primary: the next one is looked for among all hosts."""
    if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
        context.is_disconnect = True


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
