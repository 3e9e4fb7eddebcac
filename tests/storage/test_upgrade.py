"""Upgrading: a copy first, all or nothing, and nothing loaded where nothing is to be done."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from agent_desk import __version__
from agent_desk.paths import data_path
from agent_desk.storage.database import Database
from agent_desk.storage.events import append
from agent_desk.storage.every_table import metadata
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.large_indexes import SERVICES, WAIVED, make_large_indexes
from agent_desk.storage.schema import needs_upgrade, revision
from agent_desk.storage.search import match
from agent_desk.storage.tables import SCHEMA, session, site
from agent_desk.storage.upgrade import upgrade

LARGE = (SERVICES, WAIVED)
NEXT = """
import sqlalchemy as sa
from alembic import op
revision = "9001"
down_revision = "{before}"
def upgrade():
    with op.batch_alter_table("session") as session:
        session.add_column(sa.Column("colour", sa.Text(), nullable=False, server_default="blue"))
        session.alter_column("agent", new_column_name="agent_name")
"""
BROKEN = NEXT + "    op.execute(\"INSERT INTO site (key, value) VALUES ('half', 'done')\")\n    raise LookupError\n"
REBUILT = """
    with op.batch_alter_table("event") as event:
        event.alter_column("kind", type_=sa.Unicode())
"""
ORPHAN = (
    NEXT
    + """
    op.execute("PRAGMA foreign_keys=OFF")
    op.execute("INSERT INTO code (session_id, locator, mac, issued_at, expires_at, state) VALUES (99, '1', '', 0, 0, 'live')")
"""
)


def migrations(folder: Path, script: str) -> Path:
    """Return a folder with our migrations and one more."""
    target = folder / "migrations 100%"
    shutil.copytree(data_path("db", "migrations"), target)
    (target / "versions" / "9001_next.py").write_text(script.format(before=SCHEMA))
    return target


def add_session(database: Database) -> None:
    with database.write() as tx:
        columns = "id, number, state, version, agent, opened_at"
        tx.execute(text(f"INSERT INTO session ({columns}) VALUES (1, 'S-1', 'draft', 1, 'Nadia', 0)"))
        columns = "session_id, revision, step, field, saved_at, content"
        tx.execute(text(f"INSERT INTO draft ({columns}) VALUES (1, 1, 1, '', 0, '')"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    url = (
        f"sqlite:///{tmp_path / 'new.sqlite3'}"
        if request.param == "sqlite"
        else request.getfixturevalue("empty_postgresql_url")
    )
    database = Database.open(url)
    yield database
    database.close()


def test_a_new_database_gets_its_tables_and_no_copy(empty: Database) -> None:
    assert needs_upgrade(empty, __version__)
    assert upgrade(empty) is None
    assert not needs_upgrade(empty, __version__)
    assert upgrade(empty) is None


# What SQLite makes of an index over an expression SQLAlchemy cannot read back; on PostgreSQL it compares the same one.
BEYOND_SQLITE = pytest.mark.filterwarnings(r"ignore:.*expression-based index '?ix_mail_due")


def test_the_number_in_the_program_is_that_of_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(data_path("db", "migrations")))
    assert ScriptDirectory.from_config(config).get_current_head() == SCHEMA


@BEYOND_SQLITE
def test_migrations_make_the_tables_the_program_knows(database: Database) -> None:
    def is_ours(name: str | None, kind: str, *_: object) -> bool:
        return not (name or "").startswith(("session_search", "ix_session_search", "sqlite_", *LARGE))

    with database.engine.connect() as tx:
        options = {"compare_type": True, "compare_server_default": True, "include_name": is_ours}
        context = MigrationContext.configure(tx, opts=options)
        found = compare_metadata(context, metadata)
    # SQLite has no IDENTITY; its primary keys count by themselves.
    assert [one for one in found if database.dialect != "sqlite" or one[0][0] != "modify_default"] == []


@BEYOND_SQLITE
def test_all_constraints_have_names(database: Database) -> None:
    with database.engine.connect() as tx:
        inspector = inspect(tx)
        for table in metadata.tables:
            found = [*inspector.get_foreign_keys(table), *inspector.get_unique_constraints(table)]
            assert all(one["name"] for one in found)


def test_each_log_has_an_origin_of_its_own(tmp_path: Path) -> None:
    origins = set()
    for name in ("one", "two"):
        database = Database.open(f"sqlite:///{tmp_path / name}")
        upgrade(database)
        with database.read() as tx:
            origins.add(tx.execute(select(site.c.value).where(site.c.key == "origin")).scalar_one())
        database.close()
    assert len(origins) == 2


def test_an_upgrade_changes_the_tables_and_keeps_the_rows(database: Database, tmp_path: Path) -> None:
    add_session(database)
    upgrade(database, migrations(tmp_path, NEXT))
    with database.read() as tx:
        assert revision(tx) == "9001"
        assert tx.execute(text("SELECT number, agent_name, colour FROM session")).all() == [("S-1", "Nadia", "blue")]


def test_before_an_upgrade_a_whole_copy_is_made_and_kept(sqlite_database: Database, tmp_path: Path) -> None:
    add_session(sqlite_database)
    copies = [upgrade(sqlite_database, migrations(tmp_path, NEXT))]
    with sqlite_database.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :old"), {"old": SCHEMA})
        tx.execute(text("ALTER TABLE session DROP COLUMN colour"))
        tx.execute(text("ALTER TABLE session RENAME COLUMN agent_name TO agent"))
    copies.append(upgrade(sqlite_database, tmp_path / "migrations 100%"))
    assert [copy.name for copy in copies if copy] == [
        f"desk.schema-{SCHEMA}-1.sqlite3",
        f"desk.schema-{SCHEMA}-2.sqlite3",
    ]
    assert copies[0] is not None
    copy = Database.open(f"sqlite:///{copies[0]}")
    with copy.read() as tx:
        assert revision(tx) == SCHEMA
        assert tx.execute(select(session.c.number)).scalars().all() == ["S-1"]
    copy.close()


def test_what_guards_and_searches_survives_a_rebuilt_table(database: Database, tmp_path: Path) -> None:
    upgrade(database, migrations(tmp_path, NEXT + REBUILT))
    add = "INSERT INTO session (number, state, version, agent_name, opened_at, search_text) VALUES ('S-1', 'draft', 1, '', 0, 'morvan')"
    with database.write() as tx:
        tx.execute(text(add))
        append(tx, 1, "session_opened", {}, at=datetime(2026, 11, 23, tzinfo=UTC), actor="agent")
        found = match(database.dialect, "morvan")
        assert tx.execute(select(session.c.number).select_from(found.source).where(found.condition)).all() == [("S-1",)]
    with pytest.raises(DBAPIError, match="append-only"), database.write() as tx:
        tx.execute(text("DELETE FROM event"))


@pytest.mark.parametrize("script", [BROKEN, ORPHAN], ids=["it raises", "it leaves rows without their parent"])
def test_an_upgrade_that_fails_leaves_the_database_as_it_was(
    sqlite_database: Database, tmp_path: Path, script: str
) -> None:
    add_session(sqlite_database)
    with pytest.raises(DatabaseFault) as fault:
        upgrade(sqlite_database, migrations(tmp_path, script))
    assert fault.value.code == "upgrade_failed"
    assert fault.value.values == {"file": f"desk.schema-{SCHEMA}-1.sqlite3"}
    assert not needs_upgrade(sqlite_database, __version__)
    with sqlite_database.write() as tx:
        assert tx.execute(select(session.c.agent)).scalars().all() == ["Nadia"]
        assert tx.execute(select(site).where(site.c.key == "half")).first() is None
        assert tx.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_an_upgrade_that_fails_on_postgresql_leaves_the_database_as_it_was(postgresql_url: str, tmp_path: Path) -> None:
    database = Database.open(postgresql_url)
    add_session(database)
    with pytest.raises(DatabaseFault) as fault:
        upgrade(database, migrations(tmp_path, BROKEN))
    assert fault.value.code == "upgrade_undone"
    with database.read() as tx:
        assert tx.execute(select(session.c.agent)).scalars().all() == ["Nadia"]
        assert revision(tx) == SCHEMA
    database.close()


def test_two_programs_that_start_at_the_same_time_upgrade_once(empty: Database) -> None:
    url = empty.engine.url.render_as_string(hide_password=False)
    pair = [Database.open(url), Database.open(url)]
    faults: list[BaseException] = []

    def start(database: Database) -> None:
        try:
            upgrade(database)
        except BaseException as fault:  # noqa: BLE001 - whatever it is, the test must see it
            faults.append(fault)

    workers = [threading.Thread(target=start, args=(database,)) for database in pair]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    assert not needs_upgrade(empty, __version__)
    for database in pair:
        database.close()


def put(database: Database, number: str, min_program: str) -> None:
    with database.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})
        tx.execute(update(site).where(site.c.key == "min_program").values(value=min_program))


def test_a_schema_that_asks_for_a_newer_program_is_refused(database: Database) -> None:
    put(database, "9001", "0.10.0")
    with pytest.raises(DatabaseFault) as fault:
        needs_upgrade(database, "0.9.9")
    assert fault.value.code == "newer"


def test_a_newer_schema_that_this_program_may_use_is_left_alone(database: Database) -> None:
    put(database, "9001", "0.9.0")
    assert not needs_upgrade(database, "0.10.0")


def test_a_usual_start_loads_no_alembic(sqlite_url: str) -> None:
    program = (
        "import sys\n"
        "from agent_desk.storage.database import Database\n"
        "from agent_desk.storage.schema import needs_upgrade\n"
        "assert not needs_upgrade(Database.open(sys.argv[1]), '99')\n"
        "heavy = ('alembic', 'sqlalchemy.orm', 'psycopg', 'cryptography')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program, sqlite_url], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_a_large_index_that_is_missing_or_half_made_is_made_again(postgresql_url: str) -> None:
    spoilt = text("UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass(:name)")
    usable = text(
        "SELECT relname FROM pg_class JOIN pg_index ON indexrelid = oid WHERE indisvalid AND relname = ANY(:of)"
    )
    with closing(Database.open(postgresql_url)) as database:
        with database.engine.begin() as tx:
            tx.execute(text(f"DROP INDEX {SERVICES}"))
            tx.execute(spoilt, {"name": WAIVED})
        make_large_indexes(database)
        with database.read() as tx:
            assert set(tx.execute(usable, {"of": list(LARGE)}).scalars()) == set(LARGE)
