"""Brings a database to this program's schema: a checked copy first, then Alembic, all or nothing."""

import random
import threading
from itertools import count
from pathlib import Path
from time import monotonic

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from agent_desk.paths import data_path
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault, translated
from agent_desk.storage.files import copy_file
from agent_desk.storage.large_indexes import make_large_indexes
from agent_desk.storage.schema import revision

# Any number, as long as all programs take the same one: only one upgrades at a time.
_ADVISORY_LOCK = 4_185_072_611

# Desks go on meanwhile. Whoever waits for a table makes all wait who come after, so it is given up before they notice,
# and before the server looks for a deadlock, whose victim could be a desk.
LOCK_MILLISECONDS = 300
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.5


def upgrade(database: Database, migrations: Path | None = None) -> Path | None:
    """Migrate to the newest schema in `migrations` and return the copy made before, where there was a file to copy.

    DatabaseFault: `disk_full`, `read_only`, `locked` …, or `upgrade_failed` with `file`; the database is as before then.
    On a server desks of the version before may go on working, and everything belongs to the owner of what was there.
    """
    config = Config()
    config.set_main_option("script_location", str(migrations or data_path("db", "migrations")).replace("%", "%%"))
    with database.read() as tx:
        before = revision(tx)
    if before == ScriptDirectory.from_config(config).get_current_head():
        return None
    with translated():
        copy = _copy(database, before)
    try:
        _migrate_patiently(database, config)
    except DatabaseFault:
        raise
    except Exception as error:
        if database.file is None:
            raise DatabaseFault("upgrade_undone") from error
        raise DatabaseFault("upgrade_failed", file=copy.name if copy else "") from error
    make_large_indexes(database)
    return copy


def _copy(database: Database, before: str | None) -> Path | None:
    """Copy what is there under a name of its own; PostgreSQL's copies are its administrator's."""
    if database.file is None or before is None:
        return None
    names = (f"{database.file.stem}.schema-{before}-{number}{database.file.suffix}" for number in count(1))
    target = next(path for name in names if not (path := database.file.with_name(name)).exists())
    copy_file(database.file, target)
    return target


def _migrate_patiently(database: Database, config: Config) -> None:
    """Try until the tables are free for a moment."""
    until = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            _migrate(database, config)
        except DatabaseFault as fault:
            if database.file is not None or fault.code not in _ON_SERVER:
                raise
            if fault.code != "locked" or monotonic() > until:
                raise DatabaseFault(_ON_SERVER[fault.code]) from fault
        else:
            return
        threading.Event().wait(PAUSE_SECONDS * (0.5 + random.random()))  # noqa: S311 (not to meet the same desk again)


# What these faults mean to somebody who upgrades a server.
_ON_SERVER = {"locked": "upgrade_waits", "read_only": "upgrade_rights", "no_rights": "upgrade_rights"}


def _migrate(database: Database, config: Config) -> None:
    with translated(), database.engine.connect() as tx:
        # Rebuilding a table would fire its foreign keys, and SQLite switches them only between transactions.
        _foreign_keys(tx, on=False)
        try:
            with tx.begin():
                if database.dialect == "postgresql":
                    tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
                    _act_for_owner(tx)
                    tx.execute(text(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}"))
                config.attributes["connection"] = tx
                triggers = _triggers(tx)
                command.upgrade(config, "head")
                _restore(tx, triggers)
                _check_foreign_keys(tx)
        finally:
            _foreign_keys(tx, on=True)


def _act_for_owner(tx: Connection) -> None:
    """Let new tables belong to whom the others belong to, or the database, whoever runs the upgrade."""
    owner = tx.execute(_OWNER).scalar_one_or_none()
    if owner is not None:
        tx.execute(text(f"SET LOCAL ROLE {owner}"))


_OWNER = text("""
    SELECT quote_ident(r.rolname) FROM pg_roles r WHERE r.rolname <> current_user AND pg_has_role(r.oid, 'MEMBER')
    AND r.oid = (SELECT coalesce(
        (SELECT c.relowner FROM pg_class c WHERE c.oid = to_regclass('alembic_version')),
        (SELECT d.datdba FROM pg_database d WHERE d.datname = current_database())
    ))
""")


def _foreign_keys(tx: Connection, *, on: bool) -> None:
    driver = tx.connection.driver_connection
    if tx.dialect.name == "sqlite" and driver is not None:
        driver.execute(f"PRAGMA foreign_keys={int(on)}")


def _triggers(tx: Connection) -> dict[str, str]:
    """Return SQLite's triggers by name; Alembic rebuilds tables without theirs."""
    if tx.dialect.name != "sqlite":
        return {}
    rows = tx.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {row.name: row.sql for row in rows}


def _restore(tx: Connection, triggers: dict[str, str]) -> None:
    for name in triggers.keys() - _triggers(tx).keys():
        tx.exec_driver_sql(triggers[name])


def _check_foreign_keys(tx: Connection) -> None:
    if tx.dialect.name == "sqlite" and tx.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise ValueError("a migration left rows without their parent")
