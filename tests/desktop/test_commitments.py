"""What we promise customers on the screen: the register, its months, the cases behind each miss, and the control plan by keyboard."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.desktop.commitments import CommitmentsScreen
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.main_window import MainWindow
from agent_desk.reference import commitments
from agent_desk.rules.controls import Verdict
from agent_desk.rules.people import Role
from agent_desk.storage.acting import Acting, act_as
from tests.desktop.conftest import settle
from tests.support.desks import clock, finished

TOLD, PRICE = (
    next(at for at, one in enumerate(commitments()) if one.id == name) for name in ("tariff-told", "price-first")
)


@pytest.fixture
def worked(desk_ctx: Context, in_worker: Callable[..., Any]) -> Context:
    """Give a desk with two sessions of the month before."""

    def close() -> None:
        for _ in range(2):
            done = finished(desk_ctx)
            close_session(desk_ctx, done.id, done.version)

    in_worker(close)
    clock(desk_ctx).move(days=15)
    return desk_ctx


def shown(qtbot: QtBot, window: MainWindow, desk: Desk) -> CommitmentsScreen:
    """Go there as one does: from Pilotage, by its key."""
    settle(qtbot, desk)
    window.go("pilotage")
    settle(qtbot, desk)
    assert window.current is not None
    QTest.keyClick(window.current, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: isinstance(window.current, CommitmentsScreen))
    settle(qtbot, desk)
    screen = window.current
    assert isinstance(screen, CommitmentsScreen)
    return screen


def test_each_commitment_stands_with_what_was_measured_and_a_miss_opens_in_the_journal(
    qtbot: QtBot, window: MainWindow, desk: Desk, worked: Context
) -> None:
    screen = shown(qtbot, window, desk)
    rows = [[screen.model.cell(row, column).text for column in range(5)] for row in range(screen.model.rowCount())]
    assert len(rows) == len(commitments())
    assert [text.replace("\u202f", " ") for text in rows[TOLD][1:]] == ["95 %", "0 %", "2", "non tenu"]
    assert rows[PRICE][4] == "tenu"
    assert rows[-1][2:] == ["–", "–", "aucun cas"]
    screen.table.selectRow(TOLD)
    settle(qtbot, desk)
    assert "(0 sur 2)" in screen.reading.measured.text()
    assert [bar.name for bar in screen.reading.bars.bars][-2:] == ["11/2026", "12/2026"]
    assert len(screen.reading.model.rows) == 2
    number = screen.reading.model.rows[0].number
    with qtbot.waitSignal(desk.listRequested) as asked:
        QTest.keyClick(screen.reading.misses, Qt.Key.Key_Return)
    assert (asked.args[0].text, asked.args[1]) == (number, number)


def test_the_control_plan_is_drawn_checked_and_signed_by_keyboard(
    qtbot: QtBot, window: MainWindow, desk: Desk, worked: Context
) -> None:
    act_as(worked.database, Acting("sam", "0000000a", "Sam Petit", Role.SUPERVISOR))
    screen = shown(qtbot, window, desk)
    screen.table.selectRow(PRICE)
    settle(qtbot, desk)
    control = screen.reading.control
    assert "11/2026" in control.heading.text()  # the month that is over
    control.show_button.click()
    settle(qtbot, desk)
    assert len(control.model.rows) == 2
    assert not control.sign_button.isEnabled()
    QTest.keyClick(screen, Qt.Key.Key_F3)  # wants words first
    qtbot.waitUntil(control.note.hasFocus)
    control.note.setText("l’accord manque")
    QTest.keyClick(screen, Qt.Key.Key_F3)
    qtbot.waitUntil(lambda: control.model.rows[0].verdict is not None)
    QTest.keyClick(screen, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: control.model.rows[1].verdict is not None)
    assert [one.verdict for one in control.model.rows] == [Verdict.NOT_CONFORM, Verdict.CONFORM]
    assert control.model.rows[0].note == "l’accord manque"
    control.sign_button.click()
    settle(qtbot, desk)
    assert "Sam Petit" in control.state.text()
    assert not control.note.isVisibleTo(control)


def test_what_is_shown_goes_into_a_paper(
    qtbot: QtBot, window: MainWindow, desk: Desk, worked: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "engagements"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_more: (str(path), "PDF (*.pdf)"))
    screen = shown(qtbot, window, desk)
    with qtbot.waitSignal(desk.told):
        QTest.keyClick(screen, Qt.Key.Key_F8)
    assert path.with_suffix(".pdf").read_bytes().startswith(b"%PDF")


def test_agents_are_not_shown_it(qtbot: QtBot, desk_ctx: Context, window: MainWindow, desk: Desk) -> None:
    act_as(desk_ctx.database, Acting("x", "00000000", "X", Role.AGENT))
    desk.becameReady.emit()
    settle(qtbot, desk)
    window.go("commitments")
    assert not isinstance(window.current, CommitmentsScreen)
