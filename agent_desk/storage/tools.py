"""PostgreSQL's own programs: found in their newest version, told where the server is without a word in their arguments."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from agent_desk.storage.addresses import parameters
from agent_desk.storage.faults import DatabaseFault

# Where Debian, Red Hat and Windows keep the programs of each version.
_PLACES = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/usr", "pgsql-*/bin"),
    (r"C:\Program Files\PostgreSQL", r"*\bin"),
)
_VARIABLES = {
    "application_name": "PGAPPNAME",
    "channel_binding": "PGCHANNELBINDING",
    "client_encoding": "PGCLIENTENCODING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "dbname": "PGDATABASE",
    "gssencmode": "PGGSSENCMODE",
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "options": "PGOPTIONS",
    "passfile": "PGPASSFILE",
    "password": "PGPASSWORD",
    "port": "PGPORT",
    "require_auth": "PGREQUIREAUTH",
    "service": "PGSERVICE",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "user": "PGUSER",
}
_SECRETS = frozenset({"PGPASSFILE", "PGPASSWORD", "PGSERVICE", "PGSERVICEFILE"})  # what an administrator may have set
_VERSION = re.compile(r"(\d+)(?:\.\d+)*")
_SAID = (
    ("backup_disk_full", ("No space left", "Disk quota")),
    ("disk_full", ("could not extend file", "could not write to file")),
    ("backup_rights", ("row-level security", "permission denied")),
    ("tools_newer", ("unsupported version", "aborting because of server version mismatch")),
    ("backup_unusable", ("not appear to be a valid archive", "could not read from input file", "corrupt", "crc")),
)


@dataclass(frozen=True, slots=True)
class Tool:
    """One program and the version of PostgreSQL it belongs to."""

    path: Path
    version: int


def find_tool(name: str, server: int) -> Tool:
    """Return the newest program of that name; DatabaseFault `tools_missing`, or `tools_old` for one below `server`."""
    found = sorted((_tool(path) for path in _candidates(name)), key=lambda tool: tool.version)
    if not found:
        raise DatabaseFault("tools_missing", tool=name)
    if found[-1].version < server:
        raise DatabaseFault("tools_old", tool=name, found=found[-1].version, needed=server)
    return found[-1]


def run_tool(tool: Tool, arguments: Sequence[str], url: URL | None = None) -> str:
    """Run it on the database at `url` and return what it printed; DatabaseFault with the reason it failed."""
    done = subprocess.run(  # noqa: S603 (found in the system's own folders, arguments are ours)
        [str(tool.path), *arguments],
        env=_environment(url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        raise DatabaseFault(_code(done.stderr))
    return done.stdout


def _candidates(name: str) -> set[Path]:
    file = f"{name}.exe" if os.name == "nt" else name
    found = {path for root, folders in _PLACES if Path(root).is_dir() for path in Path(root).glob(f"{folders}/{file}")}
    on_path = shutil.which(name)
    return found | ({Path(on_path)} if on_path else set())


def _tool(path: Path) -> Tool:
    said = run_tool(Tool(path, 0), ["--version"])
    version = _VERSION.search(said)
    return Tool(path, int(version[1]) if version else 0)


def _environment(url: URL | None) -> Mapping[str, str]:
    """Return the surroundings of a program: ours, without what would lead it to another server, in English."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith("PG") or key in _SECRETS}
    given = parameters(url) if url is not None else {}
    told = {_VARIABLES[key]: value for key, value in given.items() if key in _VARIABLES}
    return ours | {"LC_ALL": "C"} | told


def _code(said: str) -> str:
    return next((code for code, pieces in _SAID if any(piece in said for piece in pieces)), "tools_failed")
