"""How a database is: reached, safe, of the right kind and schema, in time with this clock, followed by its copies.

Each finding says one thing by a key of the wording; what stands in nobody's way is `ok`, what somebody should know
`note`, and what keeps desks from working, or work from being safe, `bad`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import SQLAlchemyError

from agent_desk.rules.health import CLOCK_TOLERANCE
from agent_desk.storage.addresses import is_remote, safe, shown, weaknesses
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.replica import lag
from agent_desk.storage.rights import is_applied
from agent_desk.storage.schema import min_program, revision
from agent_desk.storage.tables import SCHEMA

LATE_NOTE, LATE_BAD = timedelta(seconds=2), timedelta(seconds=60)
LONG_MINUTES = 5
FULL_PERCENT = 80
SIGNAL_SECONDS = 3.0
CHANNEL = "agent_desk_check"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `topic` is its name for machines, `key` with `values` its sentence."""

    topic: str
    state: str  # ok, note, bad
    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where to look: the database, its copy for reports, and the direct way to it; "" where there is none."""

    database: str
    report: str = ""
    signal: str = ""


Findings = Iterator[Finding]


def examine(addresses: Addresses, now: Callable[[], datetime]) -> tuple[Finding, ...]:
    """Look at everything that can be looked at with these addresses' rights; never raises for what it finds."""
    try:
        url = safe(addresses.database)
        with closing(Database.open(addresses.database)) as database:
            found = [Finding("address", "ok", "database.reached", {"place": shown(url)}), *_given_up(url)]
            found += _looked_at(database, CHECKS[database.dialect], now)
    except DatabaseFault as fault:
        return (_fault("address", fault),)
    if database.dialect == "postgresql":
        found += _signals(addresses)
        found += _report_copy(addresses.report)
    return tuple(found)


def _looked_at(database: Database, checks: "Sequence[Check]", now: Callable[[], datetime]) -> Findings:
    for topic, check in checks:
        try:
            with database.read() as tx:
                yield from check(tx, now)
        except DatabaseFault as fault:
            yield _fault(topic, fault)
        except SQLAlchemyError:
            yield Finding(topic, "bad", "database.not_told")


def _fault(topic: str, fault: DatabaseFault) -> Finding:
    return Finding(topic, "bad", f"errors.{fault.code}", fault.values)


def _given_up(url: URL) -> Findings:
    for name in weaknesses(url):
        yield Finding("address", "note", f"database.weak_{name}")


def _encryption(tx: Connection, _now: Callable[[], datetime]) -> Findings:
    driver: Any = tx.connection.driver_connection
    if driver.pgconn.ssl_in_use:
        yield Finding("encryption", "ok", "database.encrypted")
    elif is_remote(tx.engine.url):
        yield Finding("encryption", "bad", "database.not_encrypted")
    else:
        yield Finding("encryption", "ok", "database.on_this_machine")


def _server(tx: Connection, _now: Callable[[], datetime]) -> Findings:
    version = tx.exec_driver_sql("SHOW server_version").scalar_one()
    yield Finding("server", "ok", "database.server", {"version": str(version).partition(" ")[0]})
    row = tx.execute(_COLLATION).one()
    if row.written is not None and row.written != row.found:
        yield Finding("locale", "bad", "database.collation_changed", {"locale": row.locale})
    elif row.provider == "c" and row.locale not in {"C", "POSIX", "C.UTF-8", "C.utf8"}:
        yield Finding("locale", "note", "database.collation_of_system", {"locale": row.locale})
    else:
        yield Finding("locale", "ok", "database.locale", {"encoding": row.encoding, "locale": row.locale})


def _schema(tx: Connection, _now: Callable[[], datetime]) -> Findings:
    found = revision(tx)
    values = {"found": found or "", "needed": SCHEMA}
    if found is None:
        yield Finding("schema", "bad", "errors.no_tables")
    elif found == SCHEMA:
        yield Finding("schema", "ok", "database.schema", values)
    elif found < SCHEMA:
        yield Finding("schema", "bad", "database.schema_older", values)
    else:
        yield Finding("schema", "note", "database.schema_newer", values | {"program": min_program(tx)})


def _rights(tx: Connection, _now: Callable[[], datetime]) -> Findings:
    if is_applied(tx):
        yield Finding("rights", "ok", "database.rights")
    else:
        yield Finding("rights", "note", "database.no_rights")


def _clock(tx: Connection, now: Callable[[], datetime]) -> Findings:
    before = now()
    there = tx.execute(text("SELECT clock_timestamp()")).scalar_one()
    apart = abs(there - (before + (now() - before) / 2))
    state = "ok" if apart < LATE_NOTE else "note" if apart < CLOCK_TOLERANCE else "bad"
    yield Finding("clock", state, "database.clock", {"seconds": f"{apart.total_seconds():.1f}"})


def _standbys(tx: Connection, _now: Callable[[], datetime]) -> Findings:
    if tx.execute(text("SELECT pg_is_in_recovery()")).scalar_one():
        yield Finding("replication", "bad", "database.standby")
        return
    row = tx.execute(_STANDBYS).one()
    if not row.standbys:
        yield Finding("replication", "note", "database.no_standby")
    elif not row.waited_for:
        yield Finding("replication", "note", "database.standbys_behind", {"standbys": row.standbys})
    else:
        yield Finding("replication", "ok", "database.standbys", {"standbys": row.standbys})


def _busy(tx: Connection, _now: Callable[[], datetime]) -> Findings:
    row = tx.execute(_BUSY, {"minutes": LONG_MINUTES}).one()
    if row.long:
        yield Finding("transactions", "note", "database.long", {"long": row.long, "minutes": LONG_MINUTES})
    else:
        yield Finding("transactions", "ok", "database.none_long", {"minutes": LONG_MINUTES})
    state = "note" if row.taken * 100 > row.most * FULL_PERCENT else "ok"
    yield Finding("connections", state, "database.connections", {"taken": row.taken, "most": row.most})


def _file(tx: Connection, _now: Callable[[], datetime]) -> Findings:
    whole = tx.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() == "ok"
    yield Finding("file", "ok", "database.file_whole") if whole else Finding("file", "bad", "errors.corrupt")


def _signals(addresses: Addresses) -> Findings:
    """See whether what one connection tells reaches another that listens, on the address meant for that."""
    try:
        with (
            closing(Database.open(addresses.signal or addresses.database)) as listening,
            closing(Database.open(addresses.database)) as telling,
        ):
            heard = _heard(listening, telling)
            yield Finding("notices", "ok" if heard else "bad", "database.notices" if heard else "database.notices_lost")
    except DatabaseFault as fault:
        yield _fault("notices", fault)
    except SQLAlchemyError:
        yield Finding("notices", "bad", "database.notices_lost")


def _heard(listening: Database, telling: Database) -> bool:
    with listening.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as ears:
        ears.exec_driver_sql(f"LISTEN {CHANNEL}")
        with telling.write() as tx:
            tx.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})
        driver: Any = ears.connection.driver_connection
        heard = any(True for _ in driver.notifies(timeout=SIGNAL_SECONDS, stop_after=1))
        ears.exec_driver_sql(f"UNLISTEN {CHANNEL}")
    return heard


def _report_copy(address: str) -> Findings:
    if not address:
        return
    try:
        with closing(Database.open(address)) as copy, copy.read() as tx:
            behind = lag(tx)
    except DatabaseFault as fault:
        yield _fault("reports", fault)
        return
    state = "ok" if behind is not None and behind < LATE_BAD else "note"
    seconds = "?" if behind is None else f"{behind.total_seconds():.0f}"
    yield Finding("reports", state, "database.report_copy", {"seconds": seconds})


Check = tuple[str, Callable[[Connection, Callable[[], datetime]], Findings]]
CHECKS: Mapping[str, Sequence[Check]] = {
    "postgresql": (
        ("encryption", _encryption),
        ("server", _server),
        ("schema", _schema),
        ("rights", _rights),
        ("clock", _clock),
        ("replication", _standbys),
        ("transactions", _busy),
    ),
    "sqlite": (("file", _file), ("schema", _schema)),
}
# The column of a locale that is not the system's has another name since PostgreSQL 17.
_COLLATION = text("""
    SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider::text AS provider, datcollversion AS written,
        coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale', datcollate) AS locale,
        pg_database_collation_actual_version(oid) AS found
    FROM pg_database d WHERE datname = current_database()
""")
_STANDBYS = text("""
    SELECT count(*) AS standbys, current_setting('synchronous_standby_names') <> '' AS waited_for
    FROM pg_stat_replication
""")
_BUSY = text("""
    SELECT count(*) FILTER (WHERE xact_start < now() - make_interval(mins => :minutes)) AS long,
        count(*) AS taken, current_setting('max_connections')::int AS most
    FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datid IS NOT NULL
""")
