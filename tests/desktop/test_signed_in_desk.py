"""The whole program at a desk of a call centre, whose agent signed in to the database."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from agent_desk.actions.list_today import list_today
from agent_desk.desktop.fault_panel import FaultPanel
from agent_desk.desktop.today import TodayScreen
from agent_desk.settings import load_settings, save_settings
from agent_desk.storage.events import SITE_CHAIN, history
from agent_desk.wiring.desktop import Program
from tests.support.callcentre import KARIM, NADIA, YVES, CallCentre
from tests.support.desks import agreed, content

Starter = Callable[[str], Program]


@pytest.fixture
def start(qtbot: QtBot, dressed: QApplication, tmp_path: Path, centre: CallCentre) -> Iterator[Starter]:
    """Give a function that starts somebody's desk; it is closed at the end."""
    programs: list[Program] = []

    def run(login: str) -> Program:
        folder = tmp_path / login
        settings = load_settings(folder).settings
        told = {"database_url": centre.url(login), "gateway_mode": "site", "relay_host": "127.0.0.1"}
        save_settings(folder, replace(settings, first_start_done=True, relay_state="configured", **told))
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


def told(centre: CallCentre) -> list[tuple[str, str]]:
    with centre.owner.read() as tx:
        return [(event.kind, event.actor) for event in history(tx, SITE_CHAIN) if event.kind.startswith("signed_")]


def test_a_desk_shows_its_agents_name_and_team_and_leaves_sending_to_a_worker(
    start: Starter, staffed: CallCentre, in_worker: Callable[..., Any], qtbot: QtBot
) -> None:
    agreed(staffed.ctx(KARIM), content(customer=YVES))
    agreed(staffed.ctx(NADIA))  # its offer waits
    program = start(NADIA)
    assert isinstance(program.window.current, TodayScreen)
    assert (program.desk.context.person, program.desk.settings.agent_name) == (NADIA, "Nadia Leroy")
    program.wake_outbox()
    assert not program._sending
    assert told(staffed) == [("signed_in", "00000000")]
    assert [row.customer for row in in_worker(list_open, program)] == ["Claire Morvan"]
    close(program)
    assert told(staffed)[-1] == ("signed_out", "00000000")


def list_open(program: Program) -> Any:
    ctx = program.desk.context
    assert ctx.database.dialect == "postgresql"
    return list_today(ctx).open


def test_a_role_that_is_nobody_here_is_told_so(start: Starter, centre: CallCentre) -> None:
    centre.server.run("CREATE ROLE stranger LOGIN IN ROLE agent_desk_agent")
    try:
        program = start("stranger")
        panel = program.window.current
        assert isinstance(panel, FaultPanel)
        assert panel.sentence.text() == program.desk.wording.text("errors.no_rights")
    finally:
        centre.server.run("DROP ROLE stranger")
