"""A real PostgreSQL for the tests: own folder, Unix socket only, an unprivileged user, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from agent_desk.storage.database import Database
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
        with psycopg.connect(f"host={self.folder} user={self.user} dbname=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """Start one server per test process, with a template database that holds the tables."""
    user = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="desk-pg-", dir="/tmp"))  # short: a socket's path has 107 characters
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, user)
        _start(folder, user)
        try:
            server = Server(folder, user)
            server.run(f"CREATE DATABASE {_TEMPLATE}")
            database = Database.open(server.url(_TEMPLATE))
            upgrade(database)
            database.close()
            yield server
        finally:
            _run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "-w", "stop", user=user)
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def _database_names() -> Iterator[int]:
    return count(1)


@pytest.fixture
def empty_postgresql_url(postgresql_server: Server, _database_names: Iterator[int]) -> Iterator[str]:
    """Give the address of a new database without tables."""
    yield from _fresh(postgresql_server, f"desk_{next(_database_names)}", "template1")


@pytest.fixture
def postgresql_url(postgresql_server: Server, _database_names: Iterator[int]) -> Iterator[str]:
    """Give the address of a new database with its tables."""
    yield from _fresh(postgresql_server, f"desk_{next(_database_names)}", _TEMPLATE)


def _fresh(server: Server, name: str, template: str) -> Iterator[str]:
    server.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


def _unprivileged_user() -> str:
    """Return who may run the server: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _start(folder: Path, user: str) -> None:
    data = str(folder / "data")
    _run("initdb", "-D", data, "-A", "trust", "-U", user, "-E", "UTF8", "--locale=C", "--no-sync", user=user)
    settings = "".join(f"{key} = '{value}'\n" for key, value in _SETTINGS.items())
    with (folder / "data" / "postgresql.conf").open("a") as file:
        file.write(f"unix_socket_directories = '{folder}'\n{settings}")
    _run("pg_ctl", "-D", data, "-l", str(folder / "log"), "-w", "start", user=user)


def _run(program: str, *arguments: str, user: str) -> None:
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
