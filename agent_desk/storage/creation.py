"""Makes a database: on a server with its owner, its encoding and its tables, all of it or nothing."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, inspect

from agent_desk.storage import rights
from agent_desk.storage.addresses import conninfo, safe
from agent_desk.storage.connecting import OLDEST_SERVER, refusal_code
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault, fault_code
from agent_desk.storage.files import sqlite_file
from agent_desk.storage.upgrade import upgrade

OWNER = "agent_desk_owner"
MAINTENANCE = "postgres"

# A desk that died in the middle of a transaction must not hold its rows for ever.
_DEFAULTS = {
    "idle_in_transaction_session_timeout": "1h",
    "tcp_keepalives_idle": "60",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}


def create(address: str, owner: str = OWNER) -> None:
    """Make the database at `address` with its tables and rights; DatabaseFault, and then nothing was made.

    On a server the account of `address` must be allowed to make databases and roles. Everything belongs to the role
    `owner`, which is made where it is missing, and cannot sign in.
    """
    url = safe(address)
    file = sqlite_file(url)
    if file is not None:
        _create_file(address, file)
        return
    with created(url, owner), closing(Database.open(address)) as database:
        upgrade(database)
        rights.apply(database)


@contextmanager
def created(url: URL, owner: str) -> Iterator[None]:
    """Make an empty database that goes again where what follows fails; DatabaseFault."""
    with administering(url) as server:
        if exists(server, url):
            raise DatabaseFault("database_exists")
        with _role(server, owner):
            _make(server, url, owner)
            try:
                yield
            except BaseException:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(_name(url)))
                raise


@contextmanager
def administering(url: URL) -> Iterator[psycopg.Connection]:
    """Give a connection to the same server beside the database itself; DatabaseFault."""
    try:
        server = psycopg.connect(conninfo(url.set(database=MAINTENANCE)), autocommit=True)
    except psycopg.Error as error:
        raise DatabaseFault(refusal_code(error) or "unreachable") from error
    with closing(server):
        version = server.info.server_version // 10_000
        if version < OLDEST_SERVER:
            raise DatabaseFault("server_old", version=version, needed=OLDEST_SERVER)
        try:
            yield server
        except psycopg.errors.InsufficientPrivilege as error:
            raise DatabaseFault("create_rights") from error
        except psycopg.Error as error:
            raise DatabaseFault(fault_code(error) or "create_failed") from error


def exists(server: psycopg.Connection, url: URL) -> bool:
    """Tell whether the server has a database of that name."""
    found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [url.database])
    return found.fetchone() is not None


def is_empty(database: Database) -> bool:
    """Tell whether there is no table yet, of ours or anybody's."""
    with database.read() as tx:
        return not inspect(tx).get_table_names()


def _create_file(address: str, file: Path) -> None:
    if file.exists():
        raise DatabaseFault("database_exists")
    with closing(Database.open(address)) as database:
        upgrade(database)


@contextmanager
def _role(server: psycopg.Connection, owner: str) -> Iterator[None]:
    """Make the owner if there is none; it goes again where what follows fails."""
    name = sql.Identifier(owner)
    known = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [owner]).fetchone() is not None
    if not known:
        server.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
    try:
        _join(server, owner)
        yield
    except BaseException:
        if not known:
            with suppress(psycopg.Error):
                server.execute(sql.SQL("DROP ROLE {}").format(name))
        raise


def _join(server: psycopg.Connection, owner: str) -> None:
    """Let the administrator act for the owner, which a superuser may anyway."""
    asked = server.execute(
        "SELECT rolsuper OR rolname = %s FROM pg_roles WHERE rolname = current_user", [owner]
    ).fetchone()
    if asked is not None and not asked[0]:
        server.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(owner)))


def _make(server: psycopg.Connection, url: URL, owner: str) -> None:
    """Make it in UTF-8 and sorted by code points: no update of the system changes that, and no index with it."""
    server.execute(
        sql.SQL(
            "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'"
        ).format(_name(url), sql.Identifier(owner))
    )
    for key, value in _DEFAULTS.items():
        setting = sql.SQL("ALTER DATABASE {} SET {} = {}").format(_name(url), sql.Identifier(key), sql.Literal(value))
        server.execute(setting)


def _name(url: URL) -> sql.Identifier:
    return sql.Identifier(url.database or "")
