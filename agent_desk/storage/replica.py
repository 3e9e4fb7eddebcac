"""A copy of the database that follows it: for reports, whose readers neither wait for desks nor make them wait."""

import threading
from contextlib import ExitStack
from datetime import timedelta
from time import monotonic

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault

FRESH = timedelta(seconds=60)
REST_SECONDS = 60.0  # how long one that did not answer, or lags behind, is left alone

_LAG = text("""
    SELECT pg_is_in_recovery() AS standby, EXISTS (SELECT FROM pg_stat_wal_receiver) AS fed,
        pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AS caught_up,
        extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) AS seconds
""")


class Replica:
    """Opened at the first report; where it cannot serve, the database itself does, and this one rests for a while."""

    def __init__(self, address: str) -> None:
        self._address = _among_standbys(address)
        self._database: Database | None = None
        self._rests_until = 0.0
        self._lock = threading.Lock()

    def reading(self, stack: ExitStack) -> Connection | None:
        """Return a reading transaction that ends with `stack`, or None where this copy is away or lags behind."""
        if monotonic() < self._rests_until:
            return None
        with ExitStack() as mine:
            try:
                tx = mine.enter_context(self._opened().read())
                behind = lag(tx)
            except (DatabaseFault, SQLAlchemyError):
                behind = None
            if behind is not None and behind <= FRESH:
                stack.push(mine.pop_all())
                return tx
        self._rests_until = monotonic() + REST_SECONDS
        return None

    def close(self) -> None:
        """Close its connections."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    def _opened(self) -> Database:
        with self._lock:
            if self._database is None:
                self._database = Database.open(self._address)
            return self._database


def lag(tx: Connection) -> timedelta | None:
    """Return how old what this server shows may be; None for a copy that nothing reaches any more."""
    row = tx.execute(_LAG).one()
    if not row.standby:
        return timedelta(0)
    if not row.fed:
        return None
    return timedelta(0) if row.caught_up else timedelta(seconds=float(row.seconds or 0))


def _among_standbys(address: str) -> str:
    """Return the address of any of several hosts, but rather one that follows than the one all desks write to."""
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise DatabaseFault("address_refused") from error
    if "target_session_attrs" not in url.query:
        url = url.update_query_dict({"target_session_attrs": "prefer-standby"})
    return url.render_as_string(hide_password=False)
