"""SQLite's file: made so that a crash leaves none rather than an empty one, looked at before it is opened, copied."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from agent_desk.storage.faults import DatabaseFault

# A draft or a mail takes some hundred bytes: of twice SQLite's own size less stays empty, some 3 % of the whole file.
PAGE_BYTES = 8192
_MAGIC = b"SQLite format 3\x00"


def sqlite_file(url: URL) -> Path | None:
    """Return the file behind a SQLite address; None for PostgreSQL."""
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:":
        raise ValueError("a database needs a file")
    return Path(url.database.removeprefix("file:").partition("?")[0]).absolute()


def identity(path: Path | None) -> tuple[int, ...]:
    """Return what tells this file from another one at its place; nothing where there is none."""
    if path is None:
        return ()
    try:
        found = os.stat(path)  # noqa: PTH116 (asked for at each transaction)
    except OSError:
        return ()
    return found.st_dev, found.st_ino


def create_file(path: Path) -> None:
    """Create an empty database in write-ahead mode where there is no file; DatabaseFault `truncated` for a cut one."""
    if path.exists():
        check_file(path)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise DatabaseFault("read_only") from error
    fresh = Path(name)
    try:
        with closing(sqlite3.connect(fresh)) as connection:
            connection.execute(f"PRAGMA page_size={PAGE_BYTES}")  # first: in that mode it stays what it is
            connection.execute("PRAGMA journal_mode=wal")
        _place(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def check_file(path: Path) -> None:
    """Raise DatabaseFault `truncated` where the file is shorter than its own first page says, `corrupt` for no database."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(100)
    except PermissionError as error:
        raise DatabaseFault("unreachable") from error
    if size < len(_MAGIC) or (head.startswith(_MAGIC) and _is_short(head, size) and not _has_log(path)):
        raise DatabaseFault("truncated")
    if not head.startswith(_MAGIC):
        raise DatabaseFault("corrupt")


def copy_file(source: Path, target: Path) -> None:
    """Copy a live database into `target`, checked before it takes that name; DatabaseFault, sqlite3.Error, OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(unfinished)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=delete")
            if copy.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise DatabaseFault("corrupt")
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _is_short(head: bytes, size: int) -> bool:
    """Tell whether the first page counts more pages than there are (https://sqlite.org/fileformat2.html, 1.3)."""
    if len(head) < 100:
        return True
    page = int.from_bytes(head[16:18], "big")
    return size < (65536 if page == 1 else page) * int.from_bytes(head[28:32], "big")


def _has_log(path: Path) -> bool:
    """Tell whether a write-ahead log stands beside the file, which may then lag behind."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _place(fresh: Path, path: Path) -> None:
    """Give the new file its name unless another start of the program was faster."""
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        fresh.rename(path)
