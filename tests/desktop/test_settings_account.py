"""The card "Password and lock": a first password for a desk of one's own, and another one later."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from agent_desk.actions.add_people import NewPerson, add_people
from agent_desk.actions.context import Context
from agent_desk.actions.set_password import set_password
from agent_desk.actions.sign_in import sign_in
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.settings_screen import SettingsScreen
from agent_desk.storage import password_hash
from agent_desk.wiring.context import in_the_name_of
from tests.desktop.conftest import settle

PASSWORD, ANOTHER = "correct horse battery", "another good password"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password_hash, "KIBIBYTES", 32)


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow, desk: Desk) -> SettingsScreen:
    """Give the settings, in front."""
    window.go("settings")
    settle(qtbot, desk)
    shown = window.current
    assert isinstance(shown, SettingsScreen)
    return shown


def type_in(qtbot: QtBot, screen: SettingsScreen, **texts: str) -> None:
    """Type into fields by name, press Enter in the last, and wait."""
    edit: QLineEdit | None = None
    for name, text in texts.items():
        edit = getattr(screen.ui, name)
        edit.clear()
        qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    settle(qtbot, screen.desk)


def test_the_one_person_of_a_desk_has_it_ask_from_the_next_start_on(
    qtbot: QtBot, screen: SettingsScreen, in_worker: Callable[..., Any]
) -> None:
    ui, words = screen.ui, screen.desk.wording
    assert not ui.lock_minutes.isVisible()
    assert not ui.old_password.isVisible()
    type_in(qtbot, screen, account_login="Nadia", new_password=PASSWORD, same_password=ANOTHER)
    assert ui.account_told.text() == words.text("errors.password_differs")
    type_in(qtbot, screen, new_password="short", same_password="short")
    assert ui.account_told.text() == words.text("errors.password_unfit")
    type_in(qtbot, screen, account_login="!", new_password=PASSWORD, same_password=PASSWORD)
    assert ui.account_told.text() == words.text("errors.login_unfit")
    type_in(qtbot, screen, account_login="Nadia", new_password=PASSWORD, same_password=PASSWORD)
    assert ui.account_told.text() == "✓ Le mot de passe est en place."
    assert not ui.new_password.isVisible()
    assert ui.new_password.text() == ""
    assert in_worker(sign_in, screen.desk.context, "nadia", PASSWORD).name == "Nadia Leroy"


@pytest.fixture
def signed_in(window: MainWindow, desk_ctx: Context, in_worker: Callable[..., Any]) -> Context:
    """Have Nadia sign in at the desk."""

    def prepare() -> Context:
        add_people(desk_ctx, [NewPerson("nadia", "Nadia Leroy", "administrator")])
        set_password(desk_ctx, "nadia", PASSWORD)
        here = replace(desk_ctx.settings, database_url=str(desk_ctx.database.engine.url))
        return in_the_name_of(replace(desk_ctx, settings=here), sign_in(desk_ctx, "nadia", PASSWORD))

    ctx: Context = in_worker(prepare)
    window.desk.replace_context(ctx)
    return ctx


def test_who_signed_in_replaces_the_password_by_the_old_one_and_says_when_the_desk_locks(
    qtbot: QtBot, signed_in: Context, screen: SettingsScreen, in_worker: Callable[..., Any]
) -> None:
    ui = screen.ui
    type_in(qtbot, screen, old_password="wrong horse battery", new_password=ANOTHER, same_password=ANOTHER)
    assert ui.account_told.text() == screen.desk.wording.text("errors.account_refused")
    type_in(qtbot, screen, old_password=PASSWORD, new_password=ANOTHER, same_password=ANOTHER)
    assert ui.account_told.text() == "✓ Le mot de passe est en place."
    assert in_worker(sign_in, signed_in, "nadia", ANOTHER).login == "nadia"
    ui.lock_minutes.setValue(0)
    settle(qtbot, screen.desk)
    assert screen.desk.settings.lock_minutes == 0
    assert ui.lock_minutes.text() == "Jamais"
