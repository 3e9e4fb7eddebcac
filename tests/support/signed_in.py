"""Desks of a call centre, each with whoever signed in."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from agent_desk.settings import load_settings, save_settings
from agent_desk.wiring.desktop import Program
from tests.support.callcentre import CallCentre

Starter = Callable[..., Program]


@pytest.fixture
def sign_in_as(qtbot: QtBot, dressed: QApplication, tmp_path: Path, centre: CallCentre) -> Iterator[Starter]:
    """Give a function that starts somebody's desk; it is closed at the end."""
    programs: list[Program] = []

    def run(login: str = "") -> Program:
        folder = tmp_path / (login or "nobody")
        settings = load_settings(folder).settings
        settings = replace(settings, database_url=address(centre, login), gateway_mode="site", first_start_done=True)
        save_settings(folder, replace(settings, relay_host="127.0.0.1", relay_state="configured"))
        program = Program(dressed, folder)
        programs.append(program)
        with qtbot.waitSignal(program.window.painted, timeout=20_000):
            program.show()
        qtbot.waitUntil(lambda: program.desk.ready or program.window._alone, timeout=30_000)
        qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=30_000)
        return program

    yield run
    for program in programs:
        close(program)
        program.window.deleteLater()


def close(program: Program) -> None:
    program.window.close()
    assert program.close()
    for translator in program._translators:
        QApplication.instance().removeTranslator(translator)  # type: ignore[union-attr]  # there is one
    program._translators = []


def address(centre: CallCentre, login: str) -> str:
    """Return where the database is, and who signs in, if that is said."""
    return centre.url(login) if login else centre.server.url(centre.name).replace(f"{centre.server.user}@", "")
