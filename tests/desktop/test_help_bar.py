"""F12 in a session: help is asked, a word says for what, and the agent sees who is coming."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from agent_desk import late
from agent_desk.actions.add_people import NewPerson, add_people
from agent_desk.actions.context import Context
from agent_desk.actions.look_at_help import look_at_help
from agent_desk.desktop.main_window import MainWindow
from agent_desk.storage.accounts import find_account
from agent_desk.storage.database import Database
from agent_desk.storage.help_calls import answer_help
from agent_desk.wiring.context import in_the_name_of
from tests.desktop.conftest import settle
from tests.support.desks import context, drafted


@pytest.fixture
def desk_ctx(sqlite_database: Database, in_worker: Callable[..., Any]) -> Context:
    """A desk at which an administrator, who works there too, signed in."""

    def prepare() -> Context:
        ctx = context(sqlite_database)
        add_people(ctx, [NewPerson("nadia", "Nadia Leroy", "administrator")])
        with ctx.database.read() as tx:
            found = find_account(tx, "nadia")
        assert found is not None
        return in_the_name_of(ctx, found.who)

    ctx: Context = in_worker(prepare)
    return ctx


def test_a_key_asks_a_word_says_for_what_and_the_key_takes_it_back(
    qtbot: QtBot, window: MainWindow, in_worker: Callable[..., Any]
) -> None:
    ctx = window.desk.context
    view = in_worker(drafted, ctx)
    window.open_session(view.id)
    settle(qtbot, window.desk)
    screen = window.screen_named("session")
    bar = screen.helping.bar
    assert not bar.isVisible()
    qtbot.keyClick(screen, Qt.Key.Key_F12)
    settle(qtbot, window.desk)
    assert bar.isVisible()
    assert bar.reason.hasFocus()
    qtbot.keyClicks(bar.reason, "le client crie")
    qtbot.keyClick(bar.reason, Qt.Key.Key_Return)
    settle(qtbot, window.desk)
    (call,) = in_worker(look_at_help, ctx)
    assert (call.name, call.reason, call.coming) == ("Nadia Leroy", "le client crie", "")

    def come() -> None:
        with ctx.database.write() as tx:
            answer_help(tx, view.id, "Sam Petit", ctx.clock.now())

    in_worker(come)
    qtbot.waitUntil(lambda: "Sam Petit" in bar.state.text(), timeout=5000)
    qtbot.keyClick(bar.reason, Qt.Key.Key_F12)
    settle(qtbot, window.desk)
    assert not bar.isVisible()
    assert in_worker(look_at_help, ctx) == ()


def test_a_click_that_takes_it_back_comes_after_the_word_it_ends(
    qtbot: QtBot, window: MainWindow, in_worker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx, ask, said = window.desk.context, late.ask_help, Event()

    def slowly(ctx: Context, session_id: int, reason: str | None) -> Any:
        if reason:
            said.wait(0.3)  # unless they wait for each other, the click is done before
        found = ask(ctx, session_id, reason)
        if reason is None:
            said.set()
        return found

    window.open_session(in_worker(drafted, ctx).id)
    settle(qtbot, window.desk)
    screen = window.screen_named("session")
    bar = screen.helping.bar
    qtbot.keyClick(screen, Qt.Key.Key_F12)
    settle(qtbot, window.desk)
    monkeypatch.setattr(late, "ask_help", slowly, raising=False)
    qtbot.keyClicks(bar.reason, "le client crie")
    bar.take_back.setFocus()
    qtbot.mouseClick(bar.take_back, Qt.MouseButton.LeftButton)
    settle(qtbot, window.desk)
    assert in_worker(look_at_help, ctx) == ()
    assert not bar.isVisible()


def test_pilotage_shows_who_asks_first_and_a_button_says_that_somebody_is_coming(
    qtbot: QtBot, window: MainWindow, in_worker: Callable[..., Any]
) -> None:
    ctx = window.desk.context
    in_worker(drafted, ctx)
    view = in_worker(drafted, ctx)
    window.open_session(view.id)
    settle(qtbot, window.desk)
    qtbot.keyClick(window.screen_named("session"), Qt.Key.Key_F12)
    settle(qtbot, window.desk)
    window.go("pilotage")
    settle(qtbot, window.desk)
    now = window.screen_named("pilotage").now
    coming = now.findChild(QPushButton, f"coming_{view.id}")
    assert coming is not None
    first = now.findChildren(QPushButton)[0]
    assert first is coming
    qtbot.mouseClick(coming, Qt.MouseButton.LeftButton)
    settle(qtbot, window.desk)
    (call,) = in_worker(look_at_help, ctx)
    assert call.coming == "Nadia Leroy"
