"""Real faults of file, disk and server, each told by its code, and nothing lost."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault, fault_code
from agent_desk.storage.files import check_file, copy_file
from agent_desk.storage.tables import site
from agent_desk.wording import load_wording
from tests.support.hindrances import nobody, shelf
from tests.support.postgresql import Server

CODES = ("newer", "truncated", "corrupt", "read_only", "disk_full", "locked", "unreachable")


def fill(database: Database, rows: int = 1, size: int = 100) -> None:
    with database.write() as tx:
        start = tx.execute(select(func.count()).select_from(site)).scalar_one()
        tx.execute(insert(site), [{"key": f"{start + row}", "value": "x" * size} for row in range(rows)])


def rows_in(database: Database) -> int:
    with database.read() as tx:
        return len(tx.execute(select(site.c.value)).all())


@pytest.fixture
def file(sqlite_url: str) -> Path:
    """A database of some hundred pages, closed."""
    database = Database.open(sqlite_url)
    fill(database, 500, 1000)
    database.close()
    assert database.file is not None
    return database.file


def opening(path: Path) -> str:
    """Return the code with which opening and reading everything fails."""
    with pytest.raises(DatabaseFault) as fault:
        rows_in(Database.open(f"sqlite:///{path}"))
    return fault.value.code


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_code_has_its_sentence(code: str, language: str) -> None:
    assert 40 < len(load_wording(language).text(f"errors.{code}")) <= 160


@pytest.mark.parametrize("left", [0, 1, 50, 99, 100, 5000, 200_000])
def test_a_cut_file_is_truncated(file: Path, left: int) -> None:
    os.truncate(file, left)
    before = file.read_bytes()
    assert opening(file) == "truncated"
    assert file.read_bytes() == before


def test_another_kind_of_file_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite3"
    path.write_text("My shopping list: milk, bread, butter\n" * 100)
    assert opening(path) == "corrupt"


def test_overwritten_pages_are_corrupt(file: Path) -> None:
    with file.open("r+b") as raw:
        raw.seek(4096)
        raw.write(os.urandom(file.stat().st_size - 4096))
    assert opening(file) == "corrupt"


def test_a_file_shorter_than_its_write_ahead_log_says_is_no_fault(sqlite_url: str, tmp_path: Path) -> None:
    database = Database.open(sqlite_url)
    assert database.file is not None
    fill(database, 500, 1000)
    database.close()
    copy = tmp_path / "copy.sqlite3"
    with closing(sqlite3.connect(database.file, isolation_level=None)) as raw:
        raw.execute("PRAGMA wal_autocheckpoint=0")
        raw.execute("VACUUM")  # puts every page into the log
        shutil.copyfile(database.file, copy)
        shutil.copyfile(f"{database.file}-wal", f"{copy}-wal")
    os.truncate(copy, 4096)
    after_a_crash = Database.open(f"sqlite:///{copy}")
    assert rows_in(after_a_crash) >= 500
    after_a_crash.close()


@pytest.fixture(name="shelf")
def made_shelf() -> Iterator[Path]:
    """A folder that an unprivileged user can reach."""
    with shelf() as folder:
        yield folder


@pytest.mark.parametrize("folder_mode", [0o777, 0o555], ids=["in an open folder", "in a closed folder"])
def test_a_file_without_permission_to_write_can_be_read_and_says_so(shelf: Path, file: Path, folder_mode: int) -> None:
    path = shelf / "desk.sqlite3"
    shutil.copyfile(file, path)
    path.chmod(0o444)
    shelf.chmod(folder_mode)
    with nobody():
        with pytest.raises(DatabaseFault) as fault:
            fill(Database.open(f"sqlite:///{path}"))
        assert fault.value.code == "read_only"


def test_a_folder_without_permission_to_write_says_read_only(shelf: Path) -> None:
    shelf.chmod(0o555)
    with nobody():
        assert opening(shelf / "desk.sqlite3") == "read_only"


def test_a_database_opened_read_only_still_reads(file: Path) -> None:
    database = Database.open(f"sqlite:///file:{file}?mode=ro&uri=true")
    assert rows_in(database) >= 500
    with pytest.raises(DatabaseFault) as fault:
        fill(database)
    assert fault.value.code == "read_only"
    database.close()


def test_a_database_at_its_limit_says_disk_full_and_keeps_what_it_had(file: Path) -> None:
    database = Database.open(f"sqlite:///{file}")
    before = rows_in(database)

    def overfill() -> None:
        with database.write() as tx:
            pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
            tx.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            tx.execute(insert(site), [{"key": f"more {row}", "value": "x" * 1000} for row in range(500)])

    with pytest.raises(DatabaseFault) as fault:
        overfill()
    assert fault.value.code == "disk_full"
    assert rows_in(database) == before
    database.close()


@pytest.fixture
def small_disk(shelf: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "desk", str(shelf)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here; the limit above stands for it")
    yield shelf
    subprocess.run(["umount", str(shelf)], check=True)


def test_a_full_disk_says_so_keeps_what_it_had_and_goes_on_once_there_is_room(small_disk: Path) -> None:
    database = Database.open(f"sqlite:///{small_disk / 'desk.sqlite3'}")
    with database.write() as tx:
        site.create(tx)
    fill(database, 10)
    other = small_disk / "holiday pictures"
    other.write_bytes(bytes(700_000))
    with pytest.raises(DatabaseFault) as fault:
        fill(database, 300, 1000)
    assert fault.value.code == "disk_full"
    assert rows_in(database) == 10
    other.unlink()
    fill(database, 100, 1000)
    assert rows_in(database) == 110
    database.close()


def test_creating_a_database_on_a_full_disk_says_so(small_disk: Path) -> None:
    with pytest.raises(OSError, match="space"):
        (small_disk / "holiday pictures").write_bytes(bytes(2_000_000))
    assert opening(small_disk / "desk.sqlite3") == "disk_full"
    assert [one.name for one in small_disk.iterdir()] == ["holiday pictures"]


def test_a_file_that_may_not_grow_says_so(file: Path) -> None:
    """As with a quota: writing fails in the middle of a transaction."""
    program = (
        "import resource, signal, sys\n"
        "from sqlalchemy import insert\n"
        "from agent_desk.storage.database import Database\n"
        "from agent_desk.storage.faults import DatabaseFault\n"
        "from agent_desk.storage.tables import site\n"
        "database = Database.open(sys.argv[1])\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "try:\n"
        "    with database.write() as tx:\n"
        "        tx.execute(insert(site), [{'key': f'more {n}', 'value': 'x' * 1000} for n in range(3000)])\n"
        "except DatabaseFault as fault:\n"
        "    print(fault.code)\n"
    )
    command = [sys.executable, "-c", program, f"sqlite:///{file}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout == "disk_full\n"
    database = Database.open(f"sqlite:///{file}")
    assert rows_in(database) >= 500
    database.close()


def test_a_server_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(DatabaseFault) as fault:
        Database.open(f"postgresql+psycopg://desk@/desk?host={tmp_path}")
    assert fault.value.code == "unreachable"


def test_a_database_that_is_not_there_is_named_as_such(postgresql_server: Server) -> None:
    with pytest.raises(DatabaseFault) as fault:
        Database.open(postgresql_server.url("nowhere"))
    assert fault.value.code == "database_missing"


def test_a_connection_lost_in_a_transaction_is_unreachable_and_the_next_one_works(postgresql_url: str) -> None:
    database, killer = Database.open(postgresql_url), Database.open(postgresql_url)

    def work() -> None:
        with database.write() as tx:
            mine = tx.execute(select(func.pg_backend_pid())).scalar_one()
            with killer.write() as other:
                other.execute(select(func.pg_terminate_backend(mine, 5000)))
            tx.execute(select(site)).all()

    with pytest.raises(DatabaseFault) as fault:
        work()
    assert fault.value.code == "unreachable"
    fill(database)
    database.close()
    killer.close()


def test_an_error_of_the_program_gets_no_code() -> None:
    with closing(sqlite3.connect(":memory:")) as connection, pytest.raises(sqlite3.Error) as broken:
        connection.execute("SELECT nothing FROM nowhere")
    assert fault_code(broken.value) == ""


def test_a_copy_holds_what_was_committed_last(sqlite_url: str, tmp_path: Path) -> None:
    database = Database.open(sqlite_url)
    assert database.file is not None
    fill(database, 3)
    copy_file(database.file, tmp_path / "copies" / "copy.sqlite3")
    copy = Database.open(f"sqlite:///{tmp_path / 'copies' / 'copy.sqlite3'}")
    assert rows_in(copy) == rows_in(database)
    database.close()
    copy.close()


def test_a_damaged_database_is_not_copied_over_a_good_copy(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite3"
    copy_file(file, target)
    good = target.read_bytes()
    with file.open("r+b") as raw:
        raw.seek(-4096, os.SEEK_END)
        raw.write(os.urandom(4096))
    with pytest.raises(DatabaseFault) as fault:
        copy_file(file, target)
    assert fault.value.code == "corrupt"
    assert target.read_bytes() == good
    assert sorted(one.name for one in tmp_path.glob("copy*")) == ["copy.sqlite3"]


def test_a_sound_file_passes_the_look_before_opening(file: Path) -> None:
    check_file(file)
