"""The program and the database its settings, or its site, name: it opens that one, or says why not and opens none."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from agent_desk.desktop.fault_panel import FaultPanel
from agent_desk.desktop.settings_screen import SettingsScreen
from agent_desk.desktop.today import TodayScreen
from agent_desk.settings import DATABASE_NAME, load_settings, save_settings
from agent_desk.wiring.desktop import Program
from tests.desktop.conftest import rest


def panel(program: Program) -> FaultPanel:
    found = program.window.ui.screens.currentWidget()
    assert isinstance(found, FaultPanel)
    return found


def test_a_slip_in_the_site_file_opens_nothing_and_a_mended_one_goes_on(
    qtbot: QtBot, start: Callable[[], Program], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site.toml"
    site.write_text("datbase_url = 'postgresql://@db.example/desk'")
    monkeypatch.setenv("AGENT_DESK_SITE", str(site))
    program = start()
    told = panel(program).sentence.text()
    assert "datbase_url" in told
    assert "database_url" in told
    assert not (folder / DATABASE_NAME).exists()
    site.write_text("company = 'Le Support'\nlanguage = 'en'")
    qtbot.mouseClick(panel(program).again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: program.desk.ready, timeout=30_000)
    rest(qtbot, program)
    assert isinstance(program.window.current, TodayScreen)
    assert program.desk.context.settings.company == "Le Support"
    assert program.desk.language == "en"
    assert load_settings(folder).settings.company == "Assistance"


def test_an_address_that_leads_nowhere_can_be_mended_from_where_it_is_told(
    qtbot: QtBot, start: Callable[[], Program], folder: Path, postgresql_url: str
) -> None:
    nowhere = f"postgresql+psycopg://nadia@/desk?host={folder}"
    save_settings(folder, replace(load_settings(folder).settings, database_url=nowhere))
    program = start()
    assert panel(program).sentence.text() == program.desk.wording.text("errors.unreachable")
    qtbot.mouseClick(panel(program).settings, Qt.MouseButton.LeftButton)
    screen = program.window.ui.screens.currentWidget()
    assert isinstance(screen, SettingsScreen)
    assert screen.ui.database_url.text() == nowhere
    qtbot.mouseClick(screen.ui.try_database, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: screen.ui.database_told.text().startswith("✗"), timeout=30_000)
    screen.ui.database_url.setText(postgresql_url)
    qtbot.keyClick(screen.ui.database_url, Qt.Key.Key_Return)
    qtbot.mouseClick(screen.ui.try_database, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: screen.ui.database_told.text().startswith("✓"), timeout=30_000)
    qtbot.mouseClick(screen.ui.use_database, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: program.desk.ready, timeout=30_000)
    rest(qtbot, program)
    assert program.desk.context.database.dialect == "postgresql"
    assert load_settings(folder).settings.database_url == postgresql_url
