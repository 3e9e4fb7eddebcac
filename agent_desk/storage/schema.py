"""Which migration a database stands at, asked with plain selects so that a usual start loads no Alembic."""

from sqlalchemy import Connection, inspect, select, text

from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.tables import SCHEMA, site


def needs_upgrade(database: Database, program: str) -> bool:
    """Tell whether the tables are missing or older than this program's; DatabaseFault `newer` where it is too old.

    A newer schema is fine as long as its `min_program` is not newer than `program`, a version such as "1.4.0".
    """
    with database.read() as tx:
        found = revision(tx)
        if found is not None and _version(min_program(tx)) > _version(program):
            raise DatabaseFault("newer")
    return found is None or found < SCHEMA


def check_may_upgrade(database: Database) -> None:
    """Raise DatabaseFault `no_tables` or `schema_old` where this account cannot change a server's tables itself."""
    if database.file is not None:
        return
    with database.read() as tx:
        if not tx.execute(_MAY_UPGRADE).scalar_one():
            raise DatabaseFault("schema_old" if has_tables(tx) else "no_tables")


_MAY_UPGRADE = text("""
    SELECT pg_has_role(coalesce(
        (SELECT c.relowner FROM pg_class c WHERE c.oid = to_regclass('alembic_version')),
        (SELECT d.datdba FROM pg_database d WHERE d.datname = current_database())
    ), 'MEMBER')
""")


def revision(tx: Connection) -> str | None:
    """Return the number of the last migration, such as "0001"; None for a database without tables."""
    if not has_tables(tx):
        return None
    return tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def has_tables(tx: Connection) -> bool:
    """Tell whether a program has ever made its tables here; needs no right to any of them."""
    return inspect(tx).has_table("alembic_version")


def min_program(tx: Connection) -> str:
    """Return the oldest program version that may use this database."""
    return str(tx.execute(select(site.c.value).where(site.c.key == "min_program")).scalar_one())


def _version(text_: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text_.split("."))
