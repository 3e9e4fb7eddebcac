"""What can go wrong with a database, as codes of the wording table `errors`."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from agent_desk.storage.facts import Fact

UNREACHABLE = "unreachable"

# SQLite's extended code counts before the primary one, its low byte.
_SQLITE = {
    sqlite3.SQLITE_IOERR_WRITE: "disk_full",  # a quota, or the largest size a file may have
    sqlite3.SQLITE_IOERR_SHMSIZE: "disk_full",  # no room for what a database needs beside it to be opened
    sqlite3.SQLITE_IOERR_SHORT_READ: "truncated",
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "read_only",
    sqlite3.SQLITE_CANTOPEN: "unreachable",
    sqlite3.SQLITE_IOERR: "unreachable",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
}

# The first five characters of PostgreSQL's answer, or its class of two.
_POSTGRESQL = {
    "53100": "disk_full",
    "25006": "read_only",
    "42501": "no_rights",
    "XX001": "corrupt",
    "XX002": "corrupt",
    "40001": "locked",
    "40P01": "locked",
    "55P03": "locked",
    "57P01": "unreachable",
    "57P02": "unreachable",
    "57P03": "unreachable",
    "08": "unreachable",
    "28": "unreachable",
    "3D": "unreachable",
    "53": "unreachable",
}


class DatabaseFault(Exception):
    """The database as a whole said no; `code` is a key of the wording table `errors`, `values` fill its sentence."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class Unsettled(DatabaseFault):
    """COMMIT was asked for and its answer lost; `Database.stands(fact)` tells later whether it was done."""

    def __init__(self, fact: Fact) -> None:
        super().__init__("unsettled")
        self.fact = fact


@contextmanager
def translated() -> Iterator[None]:
    """Raise DatabaseFault for errors of disk, file, lock or connection; all others pass as they are."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, PoolTimeout) as error:
        code = fault_code(error)
        if code:
            raise DatabaseFault(code) from error
        raise


def fault_code(error: Exception) -> str:
    """Return the code of a driver's or SQLAlchemy's error, or "" where the statement itself is to blame."""
    if isinstance(error, PoolTimeout):
        return "locked"
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0)
        return _SQLITE.get(code) or _SQLITE.get(code & 0xFF, "")
    state = getattr(cause, "sqlstate", None)
    if state:
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2], "")
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return "unreachable" if lost or type(cause).__name__ == "OperationalError" else ""
