"""The database goes away and comes back: the agent is told in one quiet line, goes on typing, and loses nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent_desk.actions.context import Context
from agent_desk.actions.load_session import load_session
from agent_desk.actions.save_draft import save_draft
from agent_desk.desktop.session.version_bar import MINE_KEY, THEIRS_KEY
from agent_desk.rules.session import State, Step
from agent_desk.storage.database import Database
from agent_desk.wording import load_wording
from tests.journeys.main_job import play
from tests.support.desks import SetClock, context, drafted
from tests.support.keyrings import file_keyring
from tests.support.lossy import Loss, Proxy, proxy
from tests.support.trouble import sentences
from tests.support.workstation import Workstation, wait_until, workstation

PROMISE = 3.0  # seconds until the agent knows
KILLED = "Le client rappelle sa soeur puis reprend"


@pytest.fixture
def door(postgresql_url: str) -> Iterator[Proxy]:
    """Give what stands between the desk and its server."""
    with proxy(postgresql_url) as made:
        yield made


@pytest.fixture
def colleague(postgresql_url: str) -> Iterator[Context]:
    """Give a desk whose way to the database is never cut."""
    database = Database.open(postgresql_url)
    yield context(database)
    database.close()


@pytest.fixture
def url(door: Proxy, postgresql_url: str) -> str:
    """Give the address of the database, by way of the door."""
    return door.url(postgresql_url)


@pytest.fixture(autouse=True)
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Give this person a keyring."""
    with file_keyring(tmp_path / "keyring.json") as made:
        yield made


def line(desk: Workstation) -> str:
    """Return the quiet line, "" while there is none."""
    status = desk.window.status
    return status.sentence.text() if status.isVisible() else ""


def opened(desk: Workstation, number: int = 1) -> None:
    desk.window.open_session(number)
    wait_until(lambda: desk.session.editor is not None and desk.session.editor.view.id == number, "the session")


def type_notes(desk: Workstation, text: str) -> None:
    desk.session.goto(Step.INTERVENTION, "notes")
    desk.type(text)


def notes(desk: Workstation) -> str:
    assert desk.session.editor is not None
    return desk.session.editor.content.notes


def kept_files(home: Path) -> list[Path]:
    return sorted((home / "kept").rglob("*.keep"))


@contextmanager
def cut(door: Proxy) -> Iterator[None]:
    """Stop the server: what is connected is closed, what comes is refused."""
    door.cut()
    yield
    door.mend()


@contextmanager
def muted(door: Proxy) -> Iterator[None]:
    """Pull the cable: nothing comes and nothing says so."""
    door.mute()
    yield
    door.mend()


@pytest.mark.parametrize("away", [cut, muted])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_agent_knows_within_three_seconds_types_on_and_finds_all_saved(
    qapp: QApplication,
    tmp_path: Path,
    door: Proxy,
    url: str,
    colleague: Context,
    away: Callable[[Proxy], AbstractContextManager[None]],
    language: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    home = tmp_path / "desk"
    with workstation(qapp, home, SetClock(), database_url=url, language=language) as desk:
        desk.new_session()
        type_notes(desk, "avant ")
        desk.settle()
        assert line(desk) == ""
        gone = time.monotonic()
        with away(door):
            wait_until(lambda: line(desk), "the line")
            assert time.monotonic() - gone < PROMISE
            since = desk.program.desk.link.since
            assert since is not None
            known = load_wording(language).text("away.kept", time=f"{since.astimezone():%H:%M}")
            assert (line(desk), sentences(desk.window)) == (known, [])
            type_notes(desk, "pendant ")
            for step in Step:
                desk.session.go(step)
                assert desk.session.step is step
            type_notes(desk, "et encore ")
            editor = desk.session.editor
            assert editor is not None
            wait_until(lambda: editor.keep.lasting and not editor.keep.is_waiting, "the typing to be kept")
            (kept,) = kept_files(home)
            assert b"pendant" not in kept.read_bytes()
            desk.session.flow.cancel("Rappellera")
            assert sentences(desk.window) == [load_wording(language).text("errors.away")]
            assert load_session(colleague, 1).content.notes == "avant "
        wait_until(lambda: not line(desk), "the line to go by itself")
        desk.settle()
        assert sentences(desk.window) == []
        assert load_session(colleague, 1).content.notes == "avant pendant et encore "
        assert load_session(colleague, 1).state is State.DRAFT
        wait_until(lambda: not kept_files(home), "what was kept to be forgotten")
    assert "Traceback" not in capfd.readouterr().err


def test_a_job_goes_to_its_end_though_the_server_was_away_at_each_step(
    qapp: QApplication, tmp_path: Path, door: Proxy, url: str, colleague: Context
) -> None:
    def look(_name: str) -> None:
        with cut(door):
            wait_until(lambda: line(desk), "the line")
        wait_until(lambda: not line(desk), "the database to be back")
        desk.settle()

    with workstation(qapp, tmp_path / "desk", SetClock(), database_url=url) as desk:
        play(desk, "fr", look)
    view = load_session(colleague, 1)
    assert (view.state, [mail.kind for mail in view.mails]) == (State.CLOSED, ["offer", "confirmation"])
    assert view.decision is not None
    assert view.decision.total_cents == 7900


def test_what_a_desk_was_typing_when_it_was_killed_is_saved_at_the_next_start(
    qapp: QApplication, tmp_path: Path, door: Proxy, url: str, colleague: Context, environment: dict[str, str]
) -> None:
    drafted(colleague)
    home = tmp_path / "desk"
    command = [sys.executable, "-m", "tests.journeys.away_child", str(home), url, KILLED]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "typing\n"
        door.cut()
        assert child.stdout.readline() == "kept\n"
        os.kill(child.pid, signal.SIGKILL)
    door.mend()
    assert load_session(colleague, 1).content.notes == KILLED[: len(KILLED) // 2]
    with workstation(qapp, home, SetClock(), database_url=url) as desk:
        wait_until(lambda: load_session_notes(desk) == KILLED, "the typing to be saved")
        wait_until(lambda: sentences(desk.window), "the good news")
        number = load_session(colleague, 1).number
        assert sentences(desk.window) == [load_wording("fr").text("away.saved", sessions=number)]
    assert kept_files(home) == []


def load_session_notes(desk: Workstation) -> str:
    return desk.work(lambda ctx: load_session(ctx, 1)).content.notes


@pytest.mark.parametrize(("key", "saved"), [(MINE_KEY, KILLED), (THEIRS_KEY, "vu ailleurs")])
def test_where_somebody_else_typed_the_same_meanwhile_the_agent_chooses(
    qapp: QApplication,
    tmp_path: Path,
    door: Proxy,
    url: str,
    colleague: Context,
    key: str,
    saved: str,
) -> None:
    drafted(colleague)
    home = tmp_path / "desk"
    with workstation(qapp, home, SetClock(), database_url=url) as desk:
        opened(desk)
        door.cut()
        wait_until(lambda: line(desk), "the line")
        type_notes(desk, KILLED)
        desk.window.close()
    (kept,) = kept_files(home)
    door.mend()
    view = load_session(colleague, 1)
    theirs = replace(view.content, notes="vu ailleurs")
    save_draft(colleague, 1, view.revision, theirs, Step.INTERVENTION, "notes")
    with workstation(qapp, home, SetClock(), database_url=url) as desk:
        wait_until(desk.session.versions.isVisible, "the choice")
        assert notes(desk) == KILLED
        shown = [label.text() for label in desk.session.versions.findChildren(type(desk.session.versions.sentence))]
        assert {KILLED, "vu ailleurs", "Notes de session"} <= set(shown)
        assert load_session(colleague, 1).content.notes == "vu ailleurs"
        desk.press(Qt.Key[f"Key_{key}"])
        desk.settle()
        assert not desk.session.versions.isVisible()
        assert (notes(desk), load_session(colleague, 1).content.notes) == (saved, saved)
        wait_until(lambda: not kept.exists(), "what was kept to be forgotten")


def test_a_shared_file_that_is_gone_is_told_and_found_again(qapp: QApplication, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    with workstation(qapp, tmp_path / "desk", SetClock(), database_url=f"sqlite:///{share}/desk.sqlite3") as desk:
        desk.new_session()
        type_notes(desk, "avant ")
        desk.settle()
        share.rename(tmp_path / "elsewhere")
        gone = time.monotonic()
        wait_until(lambda: line(desk), "the line")
        assert time.monotonic() - gone < PROMISE
        type_notes(desk, "pendant")
        (tmp_path / "elsewhere").rename(share)
        wait_until(lambda: not line(desk), "the line to go")
        desk.settle()
        assert load_session_notes(desk) == "avant pendant"
        assert sentences(desk.window) == []


class _Lost(Exception):
    """The job came to where an answer is to be lost."""


def test_a_lost_answer_to_closing_shows_the_session_closed_and_bills_once(
    qapp: QApplication, tmp_path: Path, door: Proxy, url: str, colleague: Context
) -> None:
    def look(name: str) -> None:
        if name == "closing":
            door.lose(Loss.ANSWER, of=b"session_closed")
            door.after_loss = door.cut
            raise _Lost

    with workstation(qapp, tmp_path / "desk", SetClock(), database_url=url) as desk:
        with pytest.raises(_Lost):
            play(desk, "fr", look)
        desk.press(Qt.Key.Key_F9)
        wait_until(lambda: line(desk) and not desk.session.flow.is_busy, "the line")
        assert sentences(desk.window) == [load_wording("fr").text("errors.unsettled")]
        door.mend()
        wait_until(lambda: not line(desk), "the database to be back")
        editor = desk.session.editor
        assert editor is not None
        wait_until(lambda: editor.view.state is State.CLOSED, "what was done to show")
        assert sentences(desk.window) == []
    view = load_session(colleague, 1)
    assert [mail.kind for mail in view.mails] == ["offer", "confirmation"]
