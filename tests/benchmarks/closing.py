"""Closing a session against the same rows written with bare sqlite3, and what a session adds to the file."""

import gc
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.views import SessionView
from agent_desk.desktop.garbage import collect_due
from agent_desk.storage.database import Database
from agent_desk.storage.upgrade import upgrade
from tests.benchmarks.figure import ROUNDS, Figure
from tests.support.desks import clock, context, finished

# Per table what names the rows of one session, and the columns a closing writes anew (None: it inserts the row).
TABLES: tuple[tuple[str, str, tuple[str, ...] | None], ...] = (
    ("session", "id", ("state", "version", "ended_at", "outcome", "total_cents", "mail_state")),
    ("draft", "session_id", ("seconds_2",)),
    ("session_line", "session_id", ("amount_cents", "rule")),
    ("decision", "session_id", None),
    ("mail", "session_id", None),
    ("attachment", "mail_id", None),
    ("event", "chain", None),
    ("payload", "chain", None),
    ("chain", "chain", ("seq", "hash")),
)
SAMPLES = 160


@dataclass(frozen=True, slots=True)
class Written:
    """What one closing wrote: SQL and values, in the order a program would send them."""

    statements: tuple[tuple[str, tuple[Any, ...]], ...]


def measure() -> list[Figure]:
    """Return the figures of closing and of growth."""
    ours, bare = close_and_replay()
    return [
        Figure("close a session, PDF apart", ours * 1000, "ms", 5, bare * 1000, "bare sqlite3, same rows"),
        Figure("growth a session, PDF and mail body apart", growth() / 1024, "KiB", 8),
    ]


@contextmanager
def desk() -> Iterator[tuple[Context, Path]]:
    """Give a context over a new SQLite file whose documents cost nothing to draw."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "desk.sqlite3"
        database = Database.open(f"sqlite:///{path}")
        upgrade(database)
        gc.disable()  # as in the program, whose painting thread collects garbage between two things to do
        gc.freeze()
        yield context(database), path
        gc.unfreeze()
        gc.enable()
        database.close()


def close_and_replay() -> tuple[float, float]:
    """Return the medians of closing and of writing the same rows barely, in turn, on two copies of one file."""
    with desk() as (ctx, path):
        views = [finished(ctx) for _ in range(ROUNDS + 1)]
        copy = path.with_name("copy.sqlite3")
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        with closing(bare_connection(path)) as reader, closing(bare_connection(copy)) as bare:
            pairs = []
            for view in views:
                pairs.append(_one_round(ctx, view, reader, bare))
                collect_due()
    pairs = pairs[1:]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def bare_connection(path: Path) -> sqlite3.Connection:
    """Return a connection with the program's own settings and nothing between it and SQLite."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=wal", "synchronous=2", "foreign_keys=1", "secure_delete=1", "recursive_triggers=1"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _one_round(
    ctx: Context, view: SessionView, reader: sqlite3.Connection, bare: sqlite3.Connection
) -> tuple[float, float]:
    clock(ctx).move(minutes=1)  # at the step in front
    before = {table: _rows(reader, table, view.id) for table, _, _ in TABLES}
    began = perf_counter()
    close_session(ctx, view.id, view.version)
    ours = perf_counter() - began
    written = _difference(reader, before, view.id)
    began = perf_counter()
    bare.execute("BEGIN IMMEDIATE")
    for statement, values in written.statements:
        bare.execute(statement, values)
    bare.execute("COMMIT")
    return ours, perf_counter() - began


def _difference(reader: sqlite3.Connection, before: dict[str, list[sqlite3.Row]], session_id: int) -> Written:
    statements: list[tuple[str, tuple[Any, ...]]] = []
    for table, owner, changed in TABLES:
        rows = _rows(reader, table, session_id)
        if changed is not None:
            sets = ", ".join(f"{column} = ?" for column in changed)
            for row in rows:
                keys = [owner, *(["position"] if table == "session_line" else [])]
                where = " AND ".join(f"{key} = ?" for key in keys)
                values = tuple(row[column] for column in changed) + tuple(row[key] for key in keys)
                statements.append((f"UPDATE {table} SET {sets} WHERE {where}", values))
            continue
        known = {tuple(row) for row in before[table]}
        for row in (row for row in rows if tuple(row) not in known):
            columns = ", ".join(f'"{name}"' for name in row.keys())  # noqa: SIM118 (a Row iterates over its values)
            marks = ", ".join("?" * len(row))
            statements.append((f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(row)))
    return Written(tuple(statements))


def _rows(reader: sqlite3.Connection, table: str, session_id: int) -> list[sqlite3.Row]:
    cursor = reader.cursor()
    cursor.row_factory = sqlite3.Row
    owner = next(owner for name, owner, _ in TABLES if name == table)
    if table == "attachment":
        return cursor.execute(
            "SELECT * FROM attachment WHERE mail_id IN (SELECT id FROM mail WHERE session_id = ?)", (session_id,)
        ).fetchall()
    return cursor.execute(f"SELECT * FROM {table} WHERE {owner} = ?", (session_id,)).fetchall()


def growth() -> float:
    """Return the bytes a session of the sample data adds to the file: some twenty events and two mails, bodies apart."""
    with desk() as (ctx, path):
        create_sample_data(ctx, SAMPLES // 4)
        before = _size(ctx, path)
        create_sample_data(ctx, SAMPLES)
        return (_size(ctx, path) - before) / SAMPLES


def _size(ctx: Context, path: Path) -> int:
    """Return the size of the file without mail bodies and attachments, their rows apart."""
    with ctx.database.write() as tx:
        tx.exec_driver_sql("UPDATE mail SET text = '', html = ''")
        tx.exec_driver_sql("UPDATE attachment SET content = x''")
    ctx.database.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.stat().st_size
