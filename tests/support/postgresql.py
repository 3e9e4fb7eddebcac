"""A real PostgreSQL for the tests: own folder, Unix socket only, an unprivileged user, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from agent_desk.storage.database import Database
from agent_desk.storage.every_table import metadata
from agent_desk.storage.upgrade import upgrade

# Speed over safety: what these servers hold is worth nothing a second later.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "300",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "log_min_messages": "panic",
}
_TEMPLATE = "desk_template"

# What a test may have altered; a database that answers otherwise than the template is not used again.
_SHAPE: LiteralString = """
    SELECT md5(string_agg(fact, ',' ORDER BY fact)) FROM (
        SELECT concat(attrelid::regclass, attname, atttypid, attnotnull) AS fact FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
        UNION ALL SELECT concat(tgname, tgrelid::regclass, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT version_num FROM alembic_version
    ) AS facts
"""
_OTHERS: LiteralString = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


# What a new database holds already: how to ask for it, and how to put it back.
_BEGUN = {
    "SELECT key, value FROM site": "INSERT INTO site (key, value) VALUES (%s, %s)",
    "SELECT share_permille, waived_from, uncertain, active FROM review_rule ORDER BY id": (
        "INSERT INTO review_rule (share_permille, waived_from, uncertain, active) VALUES (%s, %s, %s, %s)"
    ),
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `folder` holds its socket and its data."""

    folder: Path
    user: str

    def url(self, name: str) -> str:
        """Return the SQLAlchemy address of the database called `name`."""
        return f"postgresql+psycopg://{self.user}@/{name}?host={self.folder}"

    def run(self, statement: str) -> None:
        """Run one administrative statement."""
        with self.connect("postgres") as connection:
            connection.execute(statement.encode())

    def connect(self, name: str) -> psycopg.Connection:
        """Return a connection that commits each statement."""
        return psycopg.connect(f"host={self.folder} user={self.user} dbname={name}", autocommit=True)


@dataclass(frozen=True, slots=True)
class Spares:
    """Databases with their tables; copying the template takes far longer than emptying one that was used."""

    server: Server
    shape: tuple[object, ...] | None
    begun: dict[str, list[tuple[object, ...]]]
    names: Iterator[int]
    free: list[str]
    template: str = _TEMPLATE

    def take(self) -> str:
        """Return the name of a database that is as new."""
        if self.free:
            return self.free.pop()
        name = f"{self.template}_{next(self.names)}"
        self.server.run(f"CREATE DATABASE {name} TEMPLATE {self.template} STRATEGY file_copy")
        return name

    def give_back(self, name: str) -> None:
        """Empty a database for the next test, or drop it if a test has altered its tables."""
        with self.server.connect(name) as connection:
            connection.execute(_OTHERS)
            unaltered = connection.execute(_SHAPE).fetchone() == self.shape
            if unaltered:
                connection.execute(_emptying())
                for statement, rows in self.begun.items():
                    connection.cursor().executemany(statement.encode(), rows)
        if unaltered:
            self.free.append(name)
        else:
            self.server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """Start one server per test process."""
    user = unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="desk-pg-", dir="/tmp"))  # short: a socket's path has 107 characters
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, user)
        _start(folder, user)
        try:
            yield Server(folder, user)
        finally:
            run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "-w", "stop", user=user)
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgresql_spares(postgresql_server: Server) -> Spares:
    """Make the template that new databases are copied from."""
    return make_spares(postgresql_server, _TEMPLATE, upgrade)


def make_spares(server: Server, template: str, prepare: Callable[[Database], object]) -> Spares:
    """Make a template of that name, its tables made by `prepare`."""
    server.run(f"CREATE DATABASE {template}")
    database = Database.open(server.url(template))
    prepare(database)
    database.close()
    with server.connect(template) as connection:
        shape = connection.execute(_SHAPE).fetchone()
        begun = {put: connection.execute(asked.encode()).fetchall() for asked, put in _BEGUN.items()}
    return Spares(server, shape, begun, count(1), [], template)


@pytest.fixture
def postgresql_url(postgresql_spares: Spares) -> Iterator[str]:
    """Give the address of a new database with its tables."""
    name = postgresql_spares.take()
    yield postgresql_spares.server.url(name)
    postgresql_spares.give_back(name)


@pytest.fixture
def empty_postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """Give the address of a new database without tables."""
    postgresql_server.run("CREATE DATABASE desk_empty")
    yield postgresql_server.url("desk_empty")
    postgresql_server.run("DROP DATABASE desk_empty WITH (FORCE)")


def _emptying() -> bytes:
    """Return statements that delete every row, the log's too, and count ids from 1 again."""
    counted = [table.name for table in metadata.sorted_tables if "id" in table.c]
    statements = [
        "BEGIN",
        "SET LOCAL session_replication_role = replica",
        *(f"DELETE FROM {table.name}" for table in metadata.sorted_tables),
        *(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 1, false)" for name in counted),
        "COMMIT",
    ]
    return "; ".join(statements).encode()


def unprivileged_user() -> str:
    """Return who may run the server: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _start(folder: Path, user: str) -> None:
    initialise(folder, user)
    run("pg_ctl", "-D", str(folder / "data"), "-l", str(folder / "log"), "-w", "start", user=user)


def initialise(folder: Path, user: str, **settings: str) -> None:
    """Make a cluster in `folder` whose socket is there too."""
    how = ["-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    run("initdb", "-D", str(folder / "data"), "-U", user, *how, user=user)
    configure(folder, **{"unix_socket_directories": str(folder)} | _SETTINGS | settings)


def configure(folder: Path, **settings: str) -> None:
    """Add settings, which go before those that stand there."""
    with (folder / "data" / "postgresql.conf").open("a") as file:
        file.writelines(f"{key} = '{value}'\n" for key, value in settings.items())


def run(program: str, *arguments: str, user: str) -> None:
    root = os.geteuid() == 0
    done = subprocess.run(
        [_program(program), *arguments],
        cwd="/",
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        user=user if root else None,
        group=pwd.getpwnam(user).pw_gid if root else None,
        extra_groups=[] if root else None,
    )
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")


def _program(name: str) -> str:
    """Return a server program: Debian keeps them off the PATH, the newest version wins."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which(name)
    if not found:
        raise RuntimeError("PostgreSQL is missing; type: sudo apt-get install postgresql")
    return found
