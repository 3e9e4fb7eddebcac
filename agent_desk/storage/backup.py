"""Copies of a database in one file that is whole or not there: written beside its place, read back, then named."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC
from pathlib import Path

from sqlalchemy import URL

from agent_desk.storage.addresses import safe
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault, translated
from agent_desk.storage.files import copy_file, sqlite_file
from agent_desk.storage.schema import revision
from agent_desk.storage.tools import find_tool, run_tool

CHECKSUM = ".sha256"
PIECE = 1024 * 1024
_NO_ROOM = frozenset({ENOSPC, EDQUOT})


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy as it stands on the disk; `schema` is the number of the last migration in it."""

    path: Path
    size: int
    sha256: str
    schema: str


def back_up(address: str, target: Path) -> Copied:
    """Copy a live database into a new file, readable by nobody else, with its checksum beside it; DatabaseFault.

    An existing file is never touched. `target` is there, whole and read back once, or not at all.
    """
    url = safe(address)
    if target.exists():
        raise DatabaseFault("backup_exists", file=target.name)
    with closing(Database.open(address)) as database:
        with database.read() as tx:
            schema = revision(tx)
        if schema is None:
            raise DatabaseFault("no_tables")
        with writing(), _unfinished(target) as part:
            _write(database, url, part)
            _flush(part)
            found = Copied(target, part.stat().st_size, digest(part), schema)
            _name(part, target)
            checksum = target.with_name(target.name + CHECKSUM)
            checksum.write_text(f"{found.sha256}  {target.name}\n", encoding="utf-8")
            _flush(checksum)
    return found


@contextmanager
def writing() -> Iterator[None]:
    """Raise DatabaseFault where a file cannot be written."""
    try:
        with translated():
            yield
    except OSError as error:
        raise DatabaseFault("backup_disk_full" if error.errno in _NO_ROOM else "file_not_saved") from error


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits; OSError."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Give a new empty file beside `target` that only this user reads; it goes if nobody has given it a name."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _write(database: Database, url: URL, part: Path) -> None:
    file = sqlite_file(url)
    if file is None:
        _dump(database, url, part)
        return
    copy_file(file, part)
    part.chmod(0o600)
    with closing(sqlite3.connect(part)) as copy:
        if copy.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise DatabaseFault("corrupt")


def _dump(database: Database, url: URL, part: Path) -> None:
    server = server_version(database)
    run_tool(find_tool("pg_dump", server), ["--format=custom", f"--file={part}", "--no-password"], url)
    # Reads all of it, as restoring would.
    run_tool(find_tool("pg_restore", server), [f"--file={os.devnull}", str(part)])


def server_version(database: Database) -> int:
    """Return the version of PostgreSQL that answers, such as 15."""
    with database.read() as tx:
        return int(tx.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000


def _name(part: Path, target: Path) -> None:
    """Give a finished file its name, unless somebody has taken it meanwhile."""
    try:
        target.hardlink_to(part)
    except FileExistsError as error:
        raise DatabaseFault("backup_exists", file=target.name) from error
    except OSError:  # a file system without links
        if target.exists():
            raise DatabaseFault("backup_exists", file=target.name) from None
        part.rename(target)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
