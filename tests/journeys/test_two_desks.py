"""Two desks on one session: each sees the other within three seconds, and neither overwrites what the other has saved."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent_desk.actions.attend_session import attend_session
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.leave_session import leave_session
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_colleagues import look_at_colleagues
from agent_desk.actions.save_draft import save_draft
from agent_desk.rules.presence import Colleague
from agent_desk.rules.session import State, Step
from agent_desk.settings import Settings
from agent_desk.storage.database import Database
from agent_desk.wording import load_wording
from tests.support.desks import context, drafted, finished
from tests.support.trouble import sentences
from tests.support.workstation import Workstation, wait_until, workstation

PROMISE = 3.0
KARIM = Settings(agent_name="Karim", agent_id="karim001")


@pytest.fixture
def karim(database_url: str) -> Iterator[Context]:
    """Give a colleague's desk, once on each engine."""
    database = Database.open(database_url)
    yield context(database, settings=KARIM)
    database.close()


def opened(desk: Workstation, number: int = 1) -> None:
    desk.window.open_session(number)
    wait_until(lambda: desk.session.editor is not None and desk.session.editor.view.id == number, "the session")


def chips(desk: Workstation) -> list[str]:
    return [chip.text for chip in desk.session.header().chips]


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "Karim est dans cette session, étape 4"), ("en", "Karim is in this session, step 4")]
)
def test_who_comes_and_goes_is_seen_within_three_seconds(
    qapp: QApplication, tmp_path: Path, database_url: str, karim: Context, language: str, said: str
) -> None:
    drafted(karim)
    with workstation(qapp, tmp_path / "desk", karim.clock, database_url=database_url, language=language) as desk:
        opened(desk)
        desk.session.go(Step.REQUEST)
        wait_until(
            lambda: look_at_colleagues(karim, 1) == (Colleague("Nadia Leroy", Step.REQUEST),), "Karim to see Nadia"
        )
        came = time.monotonic()
        assert attend_session(karim, 1, Step.AGREEMENT) == (Colleague("Nadia Leroy", Step.REQUEST),)
        wait_until(lambda: said in chips(desk), "Nadia to see Karim")
        assert time.monotonic() - came < PROMISE
        left = time.monotonic()
        leave_session(karim, 1)
        wait_until(lambda: said not in chips(desk), "Karim to be gone")
        assert time.monotonic() - left < PROMISE
        desk.session.flow.park()
        wait_until(lambda: look_at_colleagues(karim, 1) == (), "Nadia to be gone")
    assert look_at_colleagues(karim, 1) == ()


@pytest.mark.parametrize(("key", "kept"), [(Qt.Key.Key_F2, "ici"), (Qt.Key.Key_F3, "chez Karim")])
def test_what_both_typed_is_shown_side_by_side_and_nothing_is_overwritten(
    qapp: QApplication, tmp_path: Path, database_url: str, karim: Context, key: Qt.Key, kept: str
) -> None:
    drafted(karim)
    with workstation(qapp, tmp_path / "desk", karim.clock, database_url=database_url) as desk:
        opened(desk)
        view = load_session(karim, 1)
        theirs = replace(view.content, notes="chez Karim", description="Lent depuis hier")
        save_draft(karim, 1, view.revision, theirs, Step.AGREEMENT, "notes")
        desk.session.goto(Step.INTERVENTION, "notes")
        desk.type("ici")
        bar = desk.session.versions
        wait_until(bar.isVisible, "the choice")
        wait_until(lambda: not bar._scroll.verticalScrollBar().isVisible(), "a few rows to be shown whole")
        assert load_session(karim, 1).content == theirs
        assert sentences(desk.window) == [], "the choice says it all"
        desk.press(Qt.Key.Key_F9)
        assert sentences(desk.window) == [load_wording("fr").text("errors.choose_first")]
        assert load_session(karim, 1).state is State.DRAFT
        desk.press(key)
        desk.settle()
        saved = load_session(karim, 1).content
        assert (saved.notes, saved.description) == (kept, "Lent depuis hier")
        assert not desk.session.versions.isVisible()
        assert sentences(desk.window) == []


def test_what_only_the_other_desk_has_changed_is_shown_without_a_word(
    qapp: QApplication, tmp_path: Path, karim: Context, database_url: str
) -> None:
    drafted(karim)
    with workstation(qapp, tmp_path / "desk", karim.clock, database_url=database_url) as desk:
        opened(desk)
        view = load_session(karim, 1)
        save_draft(karim, 1, view.revision, replace(view.content, description="Lent depuis hier"), Step.REQUEST, "")
        desk.session.goto(Step.INTERVENTION, "notes")
        desk.type("ici")
        desk.settle()
        saved = load_session(karim, 1).content
        assert (saved.notes, saved.description) == ("ici", "Lent depuis hier")
        assert sentences(desk.window) == []
        assert not desk.session.versions.isVisible()


def test_a_session_closed_by_the_other_desk_is_shown_closed_with_what_was_typed_too_late(
    qapp: QApplication, tmp_path: Path, database_url: str, karim: Context
) -> None:
    view = finished(karim)
    with workstation(qapp, tmp_path / "desk", karim.clock, database_url=database_url) as desk:
        opened(desk)
        close_session(karim, 1, view.version)
        desk.session.goto(Step.INTERVENTION, "notes")
        desk.type("trop tard")
        wait_until(desk.session.versions.isVisible, "what was typed too late")
        editor = desk.session.editor
        assert editor is not None
        assert editor.view.state is State.CLOSED
        assert not desk.session.versions.mine.isVisible()
        desk.press(Qt.Key.Key_F3)
        wait_until(lambda: not desk.session.versions.isVisible(), "it to be put away")
        assert load_session(karim, 1).content.notes == view.content.notes


def test_a_desk_left_alone_with_a_session_costs_next_to_nothing(qapp: QApplication, tmp_path: Path) -> None:
    with workstation(qapp, tmp_path / "desk") as desk:
        desk.new_session()
        desk.settle()
        assert desk.program.desk.link.is_awake
        assert desk.program.desk.hearing.is_told is False
        desk.session.flow.park()
        wait_until(lambda: not desk.session.neighbours._look.isActive(), "the desk to rest")
        wait_until(lambda: not desk.program.desk.link.is_awake, "the desk to rest")
