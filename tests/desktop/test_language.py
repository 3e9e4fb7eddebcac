"""The language changes while the program runs, on every screen, in both directions."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from agent_desk.settings import load_settings, save_settings
from agent_desk.wiring.desktop import SCREENS, Program


@pytest.fixture
def program(qtbot: QtBot, dressed: QApplication, tmp_path: Path) -> Iterator[Program]:
    """Give the whole program on a folder of its own, its window shown and Today filled."""
    folder = tmp_path / "desk"
    save_settings(folder, replace(load_settings(folder).settings, first_start_done=True, agent_name="Nadia"))
    made = Program(dressed, folder)
    qtbot.addWidget(made.window)
    with qtbot.waitSignal(made.desk.becameReady, timeout=30_000):
        made.show()
    qtbot.waitUntil(lambda: not made.desk.background.busy, timeout=30_000)
    yield made
    made.window.close()
    assert made.close()
    for translator in made._translators:
        dressed.removeTranslator(translator)


def texts(program: Program) -> set[str]:
    """Return every text on labels and buttons of the window."""
    window = program.window
    found = {one.text() for one in window.findChildren(QLabel)} | {
        one.text() for one in window.findChildren(QAbstractButton)
    }
    return {text for text in found if text}


def visit_all(qtbot: QtBot, program: Program) -> None:
    for name in SCREENS:
        program.window.go(name)
        qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=20_000)


def test_every_screen_follows_there_and_back(qtbot: QtBot, program: Program) -> None:
    visit_all(qtbot, program)
    french = texts(program)
    program.desk.change_settings(replace(program.desk.settings, language="en"))
    visit_all(qtbot, program)
    english = texts(program)
    program.desk.change_settings(replace(program.desk.settings, language="fr"))
    visit_all(qtbot, program)
    assert {"Aujourd’hui", "Réglages", "Vérifier la chaîne   F6", "À échéance"} <= french
    assert {"Today", "Settings", "Check the chain   F6", "Due"} <= english
    assert not {"Aujourd’hui", "Réglages", "Vérifier la chaîne   F6", "À échéance"} & english
    assert not {"Today", "Settings", "Check the chain   F6", "Due"} & texts(program)


def test_the_colours_follow_the_setting_at_once(qtbot: QtBot, program: Program) -> None:
    with qtbot.waitSignal(program.desk.themeChanged):
        program.desk.change_settings(replace(program.desk.settings, theme="dark"))
    ground = program.window.palette().window().color().name().upper()
    assert ground == program.desk.themes["dark"].colours["bg"].upper()
    program.desk.change_settings(replace(program.desk.settings, theme="light"))
    assert program.desk.theme.name == "light"
