"""A database or a folder that cannot be used: one sentence, nothing changed, and the desk goes on once it is mended."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from agent_desk.desktop.today import TodayScreen
from agent_desk.settings import DATABASE_NAME, FILE_NAME, load_settings, save_settings
from agent_desk.storage.database import Database
from agent_desk.wiring.desktop import Program
from agent_desk.wiring.only_instance import OnlyInstance
from agent_desk.wording import load_wording
from tests.support.deskctl import deskctl
from tests.support.desks import CLAIRE, context, drafted
from tests.support.hindrances import no_room, nobody, shelf
from tests.support.trouble import LONGEST_SENTENCE, idle, sentences, started

Fault = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def newer(file: Path) -> Iterator[None]:
    """Mark the database as one for a later program."""
    with closing(sqlite3.connect(file)) as raw:
        before = raw.execute("SELECT value FROM site WHERE key = 'min_program'").fetchone()
        raw.execute("UPDATE site SET value = '99.0.0' WHERE key = 'min_program'")
        raw.commit()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    yield
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("UPDATE site SET value = ? WHERE key = 'min_program'", before)
        raw.commit()


def _spoiled(spoil: Callable[[Path], object]) -> Fault:
    @contextmanager
    def fault(file: Path) -> Iterator[None]:
        whole = file.read_bytes()
        spoil(file)
        yield
        file.write_bytes(whole)

    return fault


truncated = _spoiled(lambda file: os.truncate(file, file.stat().st_size // 2))
corrupt = _spoiled(lambda file: file.write_text("My shopping list: milk, bread, butter\n" * 100))


@contextmanager
def read_only(file: Path) -> Iterator[None]:
    """Let nobody write the file or into its folder."""
    file.chmod(0o444)
    file.parent.chmod(0o555)
    with nobody():
        yield
    file.parent.chmod(0o755)
    file.chmod(0o644)


@contextmanager
def disk_full(_file: Path) -> Iterator[None]:
    """Leave no room for anything."""
    with no_room(4096):
        yield


FAULTS: dict[str, Fault] = {
    "newer": newer,
    "truncated": truncated,
    "corrupt": corrupt,
    "read_only": read_only,
    "disk_full": disk_full,
}


@dataclass(frozen=True)
class Home:
    """A data folder with one open session in its database."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / DATABASE_NAME

    def set(self, **settings: object) -> None:
        """Change settings."""
        loaded = load_settings(self.folder).settings
        save_settings(self.folder, replace(loaded, **settings))  # type: ignore[arg-type]  # fields of Settings
        (self.folder / FILE_NAME).chmod(0o644)


@pytest.fixture
def home(sqlite_database: Database) -> Iterator[Home]:
    drafted(context(sqlite_database))
    assert sqlite_database.file is not None
    source = sqlite_database.file
    sqlite_database.close()
    with shelf() as folder:
        shutil.copyfile(source, folder / DATABASE_NAME)
        made = Home(folder)
        made.set(first_start_done=True, agent_name="Nadia")
        yield made


def customers(program: Program) -> list[str]:
    """Return the customers of the open sessions Today shows."""
    screen = program.window.current
    assert isinstance(screen, TodayScreen), sentences(program.window)
    assert screen._view is not None
    return [row.customer for row in screen._view.open]


def try_again(program: Program) -> None:
    """Press the fault panel's button and wait for what comes of it."""
    again = program.window.findChild(QPushButton, "try_again")
    assert again is not None
    again.click()
    idle(program)


@pytest.mark.parametrize(
    ("code", "language"), [*((code, "fr") for code in FAULTS), ("truncated", "en"), ("disk_full", "en")]
)
def test_a_start_says_what_is_wrong_changes_nothing_and_goes_on_when_it_is_mended(
    qapp: QApplication,
    home: Home,
    code: str,
    language: str,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    home.set(language=language)
    with ExitStack() as fault:
        fault.enter_context(FAULTS[code](home.file))
        before = home.file.read_bytes()
        with started(qapp, home.folder) as program:
            said = sentences(program.window)
            try_again(program)
            said_again = sentences(program.window)
            left = home.file.read_bytes()
            fault.close()
            try_again(program)
            mended = (sentences(program.window), customers(program))

    assert said == said_again == [load_wording(language).text(f"errors.{code}")]
    assert len(said[0]) <= LONGEST_SENTENCE
    assert left == before
    assert mended == ([], ["Claire Morvan"])
    told = capfd.readouterr().err + caplog.text
    assert "Traceback" not in told
    assert CLAIRE.surname not in told


@pytest.mark.parametrize("code", ["newer", "truncated", "corrupt"])
def test_the_command_line_says_it_in_one_line_and_changes_nothing(
    home: Home, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_DESK_HOME", str(home.folder))
    with FAULTS[code](home.file):
        before = home.file.read_bytes()
        said = deskctl("verify-log", environment={"LANG": "fr_FR.UTF-8"})
        assert home.file.read_bytes() == before
    assert said.status != 0
    assert not said.out
    assert said.err.count("\n") == 1
    assert load_wording("fr").text(f"errors.{code}") in said.err


BROKEN_SETTINGS = {
    "cut": b'{"agent_name": "Nad',
    "no text": bytes(range(256)),
    "another kind": b"[1, 2, 3]",
    "deep": b"[" * 100_000,
    "large": b'{"agent_name": "' + b"x" * 1_000_000 + b'"}',
    "wrong value": b'{"agent_name": "Nadia", "first_start_done": true, "theme": "purple"}',
}


ENGLISH = b'{"language": "en", "theme": 7}'


@pytest.mark.parametrize(("raw", "language"), [*((raw, "fr") for raw in BROKEN_SETTINGS.values()), (ENGLISH, "en")])
def test_a_broken_settings_file_is_told_and_kept_and_no_session_is_lost(
    qapp: QApplication, home: Home, raw: bytes, language: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (home.folder / FILE_NAME).write_bytes(raw)
    with started(qapp, home.folder) as program:
        said = sentences(program.window)
        program.desk.change_settings(replace(program.desk.settings, agent_name="Nadia", first_start_done=True))
        idle(program)
    (kept,) = home.folder.glob("settings.broken-*")
    assert said == [load_wording(language).text("errors.settings_broken", file=kept.name)]
    assert len(said[0]) <= LONGEST_SENTENCE
    assert kept.read_bytes() == raw
    with started(qapp, home.folder) as program:
        assert (sentences(program.window), customers(program)) == ([], ["Claire Morvan"])
    assert "Traceback" not in capfd.readouterr().err


def test_a_folder_that_takes_no_lock_is_not_taken_for_another_desk(home: Home) -> None:
    with read_only(home.file):
        assert OnlyInstance(home.folder).first
        assert OnlyInstance(home.folder / "nowhere").first


def test_settings_that_cannot_be_written_are_told_where_the_database_can_be_used(
    qapp: QApplication, home: Home
) -> None:
    bare = home.folder / "settings"
    bare.mkdir()
    known = {"database_url": f"sqlite:///{home.file}", "first_start_done": True}
    (bare / FILE_NAME).write_text(json.dumps(known), encoding="utf-8")
    bare.chmod(0o555)
    home.folder.chmod(0o777)
    home.file.chmod(0o666)
    with nobody(), started(qapp, bare) as program:
        assert sentences(program.window) == [load_wording("fr").text("errors.settings_unsaved")]
        assert customers(program) == ["Claire Morvan"]
