"""What every database must do, on both engines."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from agent_desk.storage import engines
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.tables import site


def put(database: Database, key: str, value: str = "x") -> None:
    with database.write() as tx:
        tx.execute(insert(site).values(key=key, value=value))


def get(database: Database, key: str) -> str | None:
    with database.read() as tx:
        return tx.execute(select(site.c.value).where(site.c.key == key)).scalar_one_or_none()


def test_what_is_written_is_read(database: Database) -> None:
    put(database, "colour", "blue")
    assert get(database, "colour") == "blue"


def test_an_exception_undoes_the_whole_transaction(database: Database) -> None:
    def write_and_fail() -> None:
        with database.write() as tx:
            tx.execute(insert(site).values(key="colour", value="blue"))
            raise LookupError

    with pytest.raises(LookupError):
        write_and_fail()
    assert get(database, "colour") is None


def test_a_reading_transaction_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseFault) as refused, database.read() as tx:
        tx.execute(insert(site).values(key="colour", value="blue"))
    assert refused.value.code == "read_only"
    put(database, "colour", "red")
    assert get(database, "colour") == "red"


def test_a_reading_transaction_sees_one_moment(database: Database) -> None:
    with database.read() as tx:
        tx.execute(select(site)).all()
        writer = threading.Thread(target=put, args=(database, "colour"))
        writer.start()
        writer.join()
        assert tx.execute(select(site).where(site.c.key == "colour")).first() is None
    assert get(database, "colour") == "x"


def test_the_forbidden_thread_gets_no_transaction(database: Database) -> None:
    database.forbid_thread(threading.get_ident())
    with pytest.raises(RuntimeError), database.read():
        pass
    with pytest.raises(RuntimeError), database.write():
        pass


def test_other_threads_go_on_beside_the_forbidden_one(database: Database) -> None:
    database.forbid_thread(threading.get_ident())
    worker = threading.Thread(target=put, args=(database, "colour"))
    worker.start()
    worker.join()
    with database.engine.connect() as tx:
        assert tx.execute(select(site.c.value).where(site.c.key == "colour")).scalar_one() == "x"


def test_a_constraint_stays_the_callers_to_handle(database: Database) -> None:
    put(database, "colour")
    with pytest.raises(IntegrityError):
        put(database, "colour")


def test_a_broken_statement_is_not_blamed_on_the_database(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as tx:
        tx.execute(text("SELECT nothing FROM nowhere"))


def test_no_value_gets_into_the_text_of_an_error(database: Database) -> None:
    with pytest.raises(DBAPIError) as refused, database.write() as tx:
        tx.execute(insert(site).values(key=None, value="Claire Morvan"))
    assert "Morvan" not in f"{refused.value} {refused.value!r} {refused.value.orig}"
    assert "key" in str(refused.value)


def test_many_writers_all_get_their_turn(database: Database) -> None:
    start = threading.Barrier(20)

    def write(number: int) -> None:
        start.wait()
        for turn in range(5):
            put(database, f"{number}/{turn}")

    writers = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with database.read() as tx:
        assert len(tx.execute(select(site).where(site.c.value == "x")).all()) == 100


def test_two_programs_that_read_and_then_write_never_lose_a_change(sqlite_url: str) -> None:
    programs = [Database.open(sqlite_url) for _ in range(2)]
    put(programs[0], "count", "0")

    def count(database: Database) -> None:
        for _ in range(25):
            with database.write() as tx:
                now = int(tx.execute(select(site.c.value).where(site.c.key == "count")).scalar_one())
                tx.execute(update(site).where(site.c.key == "count").values(value=str(now + 1)))

    workers = [threading.Thread(target=count, args=(database,)) for database in programs * 2]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert get(programs[0], "count") == "100"
    for database in programs:
        database.close()


def test_a_write_inside_a_write_is_a_mistake_and_not_a_deadlock(sqlite_database: Database) -> None:
    with pytest.raises(RuntimeError), sqlite_database.write(), sqlite_database.write():
        pass


def test_every_sqlite_connection_answers_with_the_settings_the_log_needs(sqlite_database: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "busy_timeout": 5000}
    with sqlite_database.read() as first, sqlite_database.write() as second:
        for tx in (first, second):
            answers = {name: tx.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted}
            assert answers == wanted


def test_a_sqlite_that_ignores_a_setting_is_refused(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(engines._PRAGMAS, "synchronous", 77)
    with pytest.raises(RuntimeError, match="synchronous"):
        Database.open(sqlite_url)


@pytest.fixture
def impatient(sqlite_url: str) -> Iterator[tuple[Database, Database]]:
    pair = (Database.open(sqlite_url, wait=0.05), Database.open(sqlite_url, wait=0.05))
    yield pair
    for one in pair:
        one.close()


def test_a_lock_held_by_another_program_is_said_to_be_one(impatient: tuple[Database, Database]) -> None:
    mine, theirs = impatient
    with theirs.write() as tx:
        tx.execute(insert(site).values(key="colour", value="blue"))
        with pytest.raises(DatabaseFault) as refused:
            put(mine, "shape")
        assert get(mine, "colour") is None
    assert refused.value.code == "locked"
    put(mine, "shape")


def test_a_lock_held_by_another_thread_is_said_to_be_one(impatient: tuple[Database, Database]) -> None:
    mine, _ = impatient
    codes: list[str] = []

    def write() -> None:
        with pytest.raises(DatabaseFault) as refused:
            put(mine, "shape")
        codes.append(refused.value.code)

    with mine.write():
        other = threading.Thread(target=write)
        other.start()
        other.join()
    assert codes == ["locked"]


def test_a_row_locked_on_postgresql_is_said_to_be_locked(postgresql_url: str) -> None:
    mine, theirs = Database.open(postgresql_url, wait=0.05), Database.open(postgresql_url)
    put(mine, "colour")
    change = text("UPDATE site SET value = 'y' WHERE key = 'colour'")
    with theirs.write() as tx:
        tx.execute(change)
        with pytest.raises(DatabaseFault) as refused, mine.write() as other:
            other.execute(change)
    assert refused.value.code == "locked"
    mine.close()
    theirs.close()


def test_a_database_in_a_folder_to_be_made_is_created(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "desk.sqlite3"
    Database.open(f"sqlite:///{path}").close()
    assert [one.name for one in path.parent.iterdir()] == ["desk.sqlite3"]
