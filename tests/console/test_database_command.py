"""`deskctl database`: made, upgraded, looked at, copied and put back, on both engines; one line where it refuses."""

import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text

from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.make_checkpoint import make_checkpoint
from agent_desk.storage import backup as backup_module
from agent_desk.storage import creation, rights
from agent_desk.storage.addresses import safe
from agent_desk.storage.database import Database
from agent_desk.storage.every_table import metadata
from agent_desk.storage.tables import SCHEMA
from agent_desk.storage.tools import find_tool, run_tool
from agent_desk.storage.upgrade import upgrade
from tests.support.deskctl import Said, deskctl
from tests.support.desks import context
from tests.support.hindrances import shelf
from tests.support.postgresql import Server

NAME = "desk_made"
OWNER = "desk_owner_of_tests"
SESSIONS = 4


@pytest.fixture
def new_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database that is not there yet, on the engine asked for."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'made.sqlite3'}"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    yield server.url(NAME)
    server.run(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    server.run(f"DROP ROLE IF EXISTS {OWNER}")


both = pytest.mark.parametrize("new_address", ["sqlite", "postgresql"], indirect=True)
on_server = pytest.mark.parametrize("new_address", ["postgresql"], indirect=True)


@pytest.fixture
def filled(database_url: str) -> str:
    """Give the address of a database with sessions and a checkpoint, once for each engine."""
    with closing(Database.open(database_url)) as database:
        ctx = context(database)
        create_sample_data(ctx, SESSIONS)
        make_checkpoint(ctx)
    return database_url


def run(what: str, url: str, *more: str) -> Said:
    return deskctl("database", what, *more, "--url", url, "--json", environment={"LANG": "en"})


def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    with closing(Database.open(url)) as database, database.read() as tx:
        return {
            table.name: sorted(map(tuple, tx.execute(text(f"SELECT * FROM {table.name}")).all()), key=repr)
            for table in metadata.sorted_tables
        }


@both
def test_a_database_is_made_once_with_everything_it_needs(new_address: str) -> None:
    said = run("create", new_address, "--owner", OWNER)
    assert (said.status, said.json["schema"]) == (0, SCHEMA)
    assert run("upgrade", new_address).json == {"before": SCHEMA, "after": SCHEMA, "copy": ""}
    with closing(Database.open(new_address)) as database:
        assert create_sample_data(context(database), 2) == 2
    again = run("create", new_address, "--owner", OWNER)
    assert again.refuses("database")
    assert "already" in again.err


@on_server
def test_on_a_server_it_is_in_utf_8_sorted_by_code_points_and_belongs_to_a_role_nobody_signs_in_as(
    new_address: str,
) -> None:
    run("create", new_address, "--owner", OWNER)
    with psycopg.connect(make_url(new_address).set(drivername="postgresql").render_as_string()) as connection:
        found = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, rolname, rolcanlogin FROM pg_database"
            " JOIN pg_roles ON pg_roles.oid = datdba WHERE datname = current_database()"
        ).fetchone()
        assert found == ("UTF8", "C", OWNER, False)
        owners = connection.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert owners == [(OWNER,)]


@on_server
def test_what_could_not_be_finished_leaves_nothing_behind(
    new_address: str, monkeypatch: pytest.MonkeyPatch, postgresql_server: Server
) -> None:
    def fail(_database: Database) -> None:
        raise LookupError

    monkeypatch.setattr(creation, "upgrade", fail)
    with pytest.raises(LookupError):
        run("create", new_address, "--owner", OWNER)
    with postgresql_server.connect("postgres") as connection:
        left = connection.execute("SELECT datname FROM pg_database WHERE datname = %s", [NAME]).fetchall()
        left += connection.execute("SELECT rolname FROM pg_roles WHERE rolname = %s", [OWNER]).fetchall()
    assert left == []


@on_server
def test_an_account_that_may_not_make_databases_is_told_so(new_address: str, postgresql_server: Server) -> None:
    postgresql_server.run("CREATE ROLE nobody_much LOGIN")
    try:
        refused = run("create", str(make_url(new_address).set(username="nobody_much")), "--owner", OWNER)
        assert refused.refuses("database")
        assert "administrator" in refused.err
    finally:
        postgresql_server.run("DROP ROLE nobody_much")


@on_server
def test_a_server_too_old_is_refused_before_anything_is_made(new_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creation, "OLDEST_SERVER", 99)
    refused = run("create", new_address, "--owner", OWNER)
    assert refused.refuses("database")
    assert "99" in refused.err


def test_a_password_on_the_command_line_is_refused_and_not_repeated() -> None:
    refused = run("check", "postgresql://nadia:s3cret@db.example/desk")
    assert refused.refuses("url")
    assert "s3cret" not in refused.err


def test_what_is_checked_is_told_in_sentences_and_for_machines(database_url: str) -> None:
    said = run("check", database_url)
    assert said.status == 0
    found = {one["topic"]: one for one in said.json}
    assert found["schema"] | {"sentence": ""} == {
        "topic": "schema", "state": "ok", "code": "schema", "found": SCHEMA, "needed": SCHEMA, "sentence": "",
    }  # fmt: skip
    assert all(one["sentence"] for one in said.json)
    if database_url.startswith("postgresql"):
        assert {"address", "encryption", "server", "locale", "clock", "replication", "notices"} <= found.keys()
        assert float(found["clock"]["seconds"]) < 2
    table = deskctl("database", "check", "--url", database_url)
    assert "✓" in table.out


def test_a_database_sorted_by_a_locale_that_has_changed_is_told(postgresql_server: Server) -> None:
    def locale() -> tuple[int, str, str]:
        said = run("check", postgresql_server.url("french"))
        found = next(one for one in said.json if one["topic"] == "locale")
        return said.status, found["code"], found["locale"]

    postgresql_server.run(
        "CREATE DATABASE french TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'fr-FR' LOCALE 'C'"
    )
    try:
        with closing(Database.open(postgresql_server.url("french"))) as database:
            upgrade(database)
        assert locale() == (0, "locale", "fr-FR")
        postgresql_server.run("UPDATE pg_database SET datcollversion = '1' WHERE datname = 'french'")
        assert locale() == (1, "collation_changed", "fr-FR")
    finally:
        postgresql_server.run("DROP DATABASE french WITH (FORCE)")


def test_a_check_of_what_is_not_there_says_why_with_status_1(tmp_path: Path, postgresql_server: Server) -> None:
    said = run("check", f"postgresql://nadia@/desk?host={tmp_path}")
    assert (said.status, said.json[0]["code"]) == (1, "unreachable")
    assert run("check", postgresql_server.url("nowhere")).json[0]["code"] == "database_missing"
    assert run("check", "mysql://nowhere").json[0]["code"] == "address_refused"


def test_an_older_a_missing_and_a_newer_schema_are_told_apart(postgresql_url: str, empty_postgresql_url: str) -> None:
    def schema(url: str) -> tuple[int, str]:
        said = run("check", url)
        return said.status, next(one["code"] for one in said.json if one["topic"] == "schema")

    assert schema(empty_postgresql_url) == (1, "no_tables")
    with closing(Database.open(postgresql_url)) as database:
        for number, expected in (("0001", (1, "schema_older")), ("9999", (0, "schema_newer"))):
            with database.write() as tx:
                tx.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})
            assert schema(postgresql_url) == expected


def test_long_transactions_are_noticed(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_desk.storage.condition.LONG_MINUTES", 0)
    with closing(Database.open(postgresql_url)) as database, database.read() as tx:
        tx.execute(text("SELECT 1"))
        found = {one["topic"]: one for one in run("check", postgresql_url).json}
    assert (found["transactions"]["code"], found["transactions"]["long"]) == ("long", 1)


def test_a_copy_is_whole_readable_by_its_owner_only_and_never_written_over(filled: str, tmp_path: Path) -> None:
    target = tmp_path / "copies of the week.backup"
    said = run("backup", filled, str(target))
    assert said.status == 0
    assert said.json["size"] == target.stat().st_size
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert subprocess.run(
        ["sha256sum", "-c", f"{target.name}.sha256"], cwd=tmp_path, check=True, capture_output=True
    ).stdout.endswith(b": OK\n")
    before = target.read_bytes()
    again = run("backup", filled, str(target))
    assert again.refuses(str(target)[:120])
    assert target.read_bytes() == before
    assert sorted(one.name for one in tmp_path.glob("*copies*")) == [target.name, f"{target.name}.sha256"]


@contextmanager
def restored_place(url: str, tmp_path: Path) -> Iterator[str]:
    """Give the address of a new database on the same engine."""
    if url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'restored.sqlite3'}"
        return
    address = make_url(url)
    try:
        yield str(address.set(database=NAME))
    finally:
        admin = address.set(drivername="postgresql", database="postgres").render_as_string()
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)".encode())
            connection.execute(f"DROP ROLE IF EXISTS {OWNER}".encode())


def test_what_was_copied_is_put_back_row_for_row_and_verified(filled: str, tmp_path: Path) -> None:
    target = tmp_path / "desk.backup"
    assert run("backup", filled, str(target)).status == 0
    with restored_place(filled, tmp_path) as place:
        said = run("restore", place, str(target), "--owner", OWNER)
        assert (said.status, said.json["schema"], said.json["checksum"]) == (0, SCHEMA, True)
        assert said.json["log"]["fault"] is None
        assert said.json["log"]["events"] > 0
        assert said.json["decisions"]["decisions"] > 0
        assert rows(place) == rows(filled)
        with closing(Database.open(place)) as database:  # and work goes on in it
            assert create_sample_data(context(database), 1) == 1
        again = run("restore", place, str(target), "--owner", OWNER)
        assert again.refuses("database")
        assert "not empty" in again.err


def test_a_restored_server_lets_nobody_but_the_owner_do_anything(postgresql_url: str, tmp_path: Path) -> None:
    target = tmp_path / "desk.backup"
    run("backup", postgresql_url, str(target))
    with restored_place(postgresql_url, tmp_path) as place:
        run("restore", place, str(target), "--owner", OWNER)
        with psycopg.connect(make_url(place).set(drivername="postgresql").render_as_string()) as connection:
            open_to_all = connection.execute(
                "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
                " AND prorettype <> 'trigger'::regtype AND has_function_privilege('public', oid, 'EXECUTE')"
            ).fetchall()
            owners = connection.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
            assert open_to_all == []
            assert owners.fetchall() == [(OWNER,)]


@pytest.mark.parametrize("harm", ["cut", "changed", "other", "missing"])
def test_a_copy_that_is_none_changes_nothing(filled: str, tmp_path: Path, harm: str) -> None:
    target = tmp_path / "desk.backup"
    run("backup", filled, str(target))
    whole = target.read_bytes()
    if harm == "cut":
        target.write_bytes(whole[: len(whole) // 2])
    elif harm == "changed":
        target.write_bytes(whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:])
    elif harm == "other":
        target.write_text("My shopping list")
    else:
        target.unlink()
    with restored_place(filled, tmp_path) as place:
        refused = run("restore", place, str(target), "--owner", OWNER)
        assert refused.refuses(str(target)[:120])
        without_checksum(target)
        if harm == "cut":
            assert run("restore", place, str(target), "--owner", OWNER).status == 2
        assert not is_there(place)


def without_checksum(target: Path) -> None:
    target.with_name(f"{target.name}.sha256").unlink(missing_ok=True)


def is_there(place: str) -> bool:
    """Tell whether a database was left at an address."""
    url = make_url(place)
    if url.get_backend_name() == "sqlite":
        return Path(str(url.database)).exists()
    admin = url.set(drivername="postgresql", database="postgres").render_as_string()
    with psycopg.connect(admin) as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [url.database]).fetchone() is not None


def test_a_copy_without_its_checksum_is_taken_and_told(filled: str, tmp_path: Path) -> None:
    target = tmp_path / "desk.backup"
    run("backup", filled, str(target))
    without_checksum(target)
    with restored_place(filled, tmp_path) as place:
        said = deskctl("database", "restore", str(target), "--url", place, "--owner", OWNER, environment={"LANG": "en"})
        assert said.status == 0
        assert "checksum is missing" in said.out


def test_a_full_disk_keeps_the_database_and_no_half_copy(filled: str) -> None:
    with small_disk() as folder:
        (folder / "pictures").write_bytes(bytes(1_000_000))
        refused = run("backup", filled, str(folder / "desk.backup"))
        assert refused.refuses(str(folder / "desk.backup")) or refused.refuses("database")
        assert "no room" in refused.err or "full" in refused.err
        assert [one.name for one in folder.iterdir()] == ["pictures"]
    assert run("check", filled).status == 0


@contextmanager
def small_disk() -> Iterator[Path]:
    """Give a disk of one megabyte."""
    with shelf() as folder:
        command = ["mount", "-t", "tmpfs", "-o", "size=1m", "desk", str(folder)]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("mounting is not allowed here")
        try:
            yield folder
        finally:
            subprocess.run(["umount", str(folder)], check=True)


def test_who_may_not_read_everything_makes_no_copy(postgresql_url: str, tmp_path: Path) -> None:
    """Else a copy would hold one team's sessions, and nobody would know before it is needed."""
    with closing(Database.open(postgresql_url)) as database:
        rights.apply(database)
        with database.write() as tx:
            tx.execute(text("CREATE ROLE copier LOGIN IN ROLE pg_read_all_data"))
            name = tx.execute(text("SELECT quote_ident(current_database())")).scalar_one()
            tx.execute(text(f"GRANT CONNECT ON DATABASE {name} TO copier"))
        try:
            said = run("backup", str(make_url(postgresql_url).set(username="copier")), str(tmp_path / "desk.backup"))
            assert said.refuses("database")
            assert "BYPASSRLS" in said.err
            assert list(tmp_path.glob("*desk.backup*")) == []
        finally:
            with database.write() as tx:
                tx.execute(text("DROP OWNED BY copier; DROP ROLE copier"))


def test_whether_the_server_sees_to_rights_is_told(postgresql_url: str) -> None:
    def found() -> str:
        return str(next(one["code"] for one in run("check", postgresql_url).json if one["topic"] == "rights"))

    assert found() == "no_rights"
    run("upgrade", postgresql_url)
    assert found() == "rights"


def test_a_folder_that_is_not_there_is_told(filled: str, tmp_path: Path) -> None:
    assert run("backup", filled, str(tmp_path / "nowhere" / "desk.backup")).refuses(
        str(tmp_path / "nowhere" / "desk.backup")[:120]
    )


def test_missing_and_old_programs_of_the_server_are_told(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = str(tmp_path / "desk.backup")
    monkeypatch.setattr(backup_module, "server_version", lambda _database: 99)
    old = run("backup", postgresql_url, target)
    assert old.refuses("database")
    assert "99" in old.err
    monkeypatch.setattr("agent_desk.storage.tools._PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = run("backup", postgresql_url, target)
    assert missing.refuses("database")
    assert "pg_dump" in missing.err
    assert list(tmp_path.glob("*desk.backup*")) == []


def test_nothing_secret_stands_in_the_arguments_of_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[list[str], dict[str, str]]] = []

    def note(command: list[str], **how: object) -> object:
        seen.append((command, how["env"]))  # type: ignore[arg-type]
        return subprocess.CompletedProcess(command, 0, "pg_dump (PostgreSQL) 15.1", "")

    monkeypatch.setattr("agent_desk.storage.tools.subprocess.run", note)
    from_address = safe("postgresql://nadia:s3cret@db.example:5433/desk")
    run_tool(find_tool("pg_dump", 15), ["--format=custom"], from_address)
    command, surroundings = seen[-1]
    assert "s3cret" not in " ".join(command)
    assert (surroundings["PGPASSWORD"], surroundings["PGHOST"], surroundings["PGPORT"]) == (
        "s3cret",
        "db.example",
        "5433",
    )
    assert (surroundings["PGSSLMODE"], surroundings["LC_ALL"]) == ("verify-full", "C")
