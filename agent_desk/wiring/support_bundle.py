"""What support needs to see, in one file, and nothing personal, secret, or that finds a machine."""

import json
import os
import platform
import sys
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Inspector, inspect
from sqlalchemy.exc import SAWarning

from agent_desk import __version__, logfile
from agent_desk.settings import Settings
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.schema import revision
from agent_desk.wiring.health import Health

LIBRARIES = (
    *("PySide6-Essentials", "PySide6-WebEngine", "SQLAlchemy", "alembic", "psycopg", "reportlab", "keyring"),
    *("cryptography", "jinja2", "starlette", "uvicorn", "websockets"),
)
# Texts with a few known values; every other text may name a person, a machine or a company.
SHOWN = frozenset({"language", "theme", "relay_security", "relay_state", "mail_sender", "gateway_mode"})
LARGEST_LOG = 8 * 1024 * 1024  # bytes of one log file, its end
ALWAYS_THE_SAME = (1980, 1, 1, 0, 0, 0)  # the least a zip file can say


def write_bundle(path: Path, folder: Path, settings: Settings, health: Health) -> tuple[str, ...]:
    """Write a new zip file and return the names in it; OSError, FileExistsError where there is one already."""
    parts = dict(_parts(folder, settings, health))
    unfinished = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        with unfinished.open("xb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, content in parts.items():
                bundle.writestr(zipfile.ZipInfo(name, ALWAYS_THE_SAME), content, zipfile.ZIP_DEFLATED)
        path.hardlink_to(unfinished)  # unlike a rename, it never takes another file's place
    finally:
        with suppress(OSError):
            unfinished.unlink()
    return tuple(parts)


def _parts(folder: Path, settings: Settings, health: Health) -> Iterator[tuple[str, bytes]]:
    yield "versions.json", _json(versions())
    yield "settings.json", _json(harmless(settings))
    yield "health.json", _json(health.plain())
    yield "schema.json", _json(schema_of(settings))
    for path in sorted((folder / logfile.FOLDER).glob("*.log*")):
        with path.open("rb") as file:
            file.seek(max(path.stat().st_size - LARGEST_LOG, 0))
            yield f"{logfile.FOLDER}/{path.name}", file.read(LARGEST_LOG)


def versions() -> dict[str, Any]:
    """Return which program this is, and on what it runs."""
    found = {}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return {
        "program": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "frozen": hasattr(sys, "_MEIPASS"),
        "libraries": found,
    }


def harmless(settings: Settings) -> Mapping[str, Any]:
    """Return numbers, choices and flags as they are, of any other setting only whether it differs from the default."""
    shown: dict[str, Any] = {}
    for one in fields(Settings):
        value = getattr(settings, one.name)
        if isinstance(value, bool | int) or one.name in SHOWN:
            shown[one.name] = value
        elif isinstance(value, tuple):
            shown[one.name] = len(value)
        else:
            shown[one.name] = "default" if value == one.default else "set"
    return shown


def schema_of(settings: Settings) -> Mapping[str, Any]:
    """Return the database's tables with their columns and indexes, by name; empty where it cannot be read."""
    try:
        database = Database.open(settings.database_url)
    except DatabaseFault:
        return {}
    try:
        with database.read() as tx:
            return {"revision": revision(tx), "tables": _tables(tx)}
    except DatabaseFault:
        return {}
    finally:
        database.close()


def _tables(tx: Connection) -> Mapping[str, Any]:
    look = inspect(tx)
    return {
        name: {
            "columns": [f"{column['name']} {column['type']}" for column in look.get_columns(name)],
            "indexes": _indexes(look, name),
        }
        for name in sorted(look.get_table_names())
    }


def _indexes(look: Inspector, table: str) -> list[str]:
    with warnings.catch_warnings():  # on SQLite one over an expression is left out, which SQLAlchemy would say
        warnings.simplefilter("ignore", SAWarning)
        return sorted(str(index["name"]) for index in look.get_indexes(table))


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
