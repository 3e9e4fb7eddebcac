"""Puts a copy back, into a database that is empty or not there yet: all of it or nothing."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, text

from agent_desk.storage.addresses import safe
from agent_desk.storage.backup import CHECKSUM, digest, server_version, writing
from agent_desk.storage.creation import OWNER, administering, created, exists, is_empty
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.files import check_file, copy_file, sqlite_file
from agent_desk.storage.tools import find_tool, run_tool

_DUMP = b"PGDMP"
LONGEST_CHECKSUM = 4096


def restore(address: str, source: Path, owner: str = OWNER) -> bool:
    """Put the copy `source` into the database at `address` and tell whether its checksum was there to compare.

    DatabaseFault `restore_not_empty`, `backup_changed`, `backup_unusable` …; the database is then as it was.
    A database that is not there is made, with `owner`, to whom everything will belong.
    """
    url = safe(address)
    file = sqlite_file(url)
    checked = _check(source, dump=file is None)
    if file is not None:
        _restore_file(source, file)
        return checked
    with _place(url, owner), closing(Database.open(address)) as database:
        if not is_empty(database):
            raise DatabaseFault("restore_not_empty")
        _load(database, url, source)
    return checked


def _check(source: Path, *, dump: bool) -> bool:
    """Compare a copy with its checksum, if there is one; DatabaseFault."""
    try:
        with source.open("rb") as file:
            if dump is not file.read(len(_DUMP)).startswith(_DUMP):
                raise DatabaseFault("backup_unusable")
        checksum = source.with_name(source.name + CHECKSUM)
        if not checksum.exists():
            return False
        with checksum.open("rb") as file:
            said = file.read(LONGEST_CHECKSUM).split()
        if said[:1] != [digest(source).encode()]:
            raise DatabaseFault("backup_changed")
    except OSError as error:
        raise DatabaseFault("file_not_read") from error
    return True


def _restore_file(source: Path, file: Path) -> None:
    if file.exists():
        raise DatabaseFault("restore_not_empty")
    check_file(source)
    with writing():
        copy_file(source, file)


@contextmanager
def _place(url: URL, owner: str) -> Iterator[None]:
    """See to it that there is a database; one made for this goes again where what follows fails."""
    with administering(url) as server:
        there = exists(server, url)
    if there:
        yield
        return
    with created(url, owner):
        yield


def _load(database: Database, url: URL, source: Path) -> None:
    """Load in one transaction. Who may do what is not taken from the copy: another server has other people.

    Until rights are given anew nobody but the owner may do anything, not even call a function.
    """
    with database.read() as tx:
        owner, quoted = tx.execute(_OWNER).one()
    tool = find_tool("pg_restore", server_version(database))
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted"
        wanted.write_text(_without_rights(run_tool(tool, ["--list", str(source)])), encoding="utf-8")
        arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password"]
        places = [f"--use-list={wanted}", f"--role={owner}", f"--dbname={url.database}", str(source)]
        run_tool(tool, [*arguments, *places], url)
    with database.write() as tx:
        tx.execute(text(f"SET LOCAL ROLE {quoted}"))
        for schema in tx.execute(_SCHEMAS).scalars().all():
            tx.execute(text(f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC"))


def _without_rights(listed: str) -> str:
    """Return the list of what a copy holds without the policies: they name roles that may not be here."""
    return "".join(line for line in listed.splitlines(keepends=True) if not _POLICY.search(line))


_POLICY = re.compile(r"^\d+; \d+ \d+ (?:POLICY|ROW SECURITY) ")
_SCHEMAS = text(
    "SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
)
_OWNER = text("""
    SELECT pg_get_userbyid(datdba) AS name, quote_ident(pg_get_userbyid(datdba)) AS quoted
    FROM pg_database WHERE datname = current_database()
""")
