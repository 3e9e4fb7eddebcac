"""Pilotage shows what the report says, in bars, tables and words, and opens the list behind each bar."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import insert

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.report import report
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.journal import JournalScreen
from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.pilotage import PilotageScreen
from agent_desk.rules.people import Role
from agent_desk.rules.report import Period, day_of
from agent_desk.rules.session import Outcome
from agent_desk.storage.acting import Acting, act_as
from agent_desk.storage.link_tables import satisfaction
from tests.desktop.conftest import settle
from tests.support.desks import begun, clock, content, finished

SMALL = (1280, 800)


@pytest.fixture
def worked(desk_ctx: Context, in_worker: Callable[..., Any]) -> Context:
    """Give a desk with three sessions of today, the last one failed, one of the month before, and one under way at 20:45."""

    def close(outcome: Outcome, *lines: Any) -> None:
        done = finished(desk_ctx, content(*lines), outcome)
        clock(desk_ctx).move(minutes=20)
        close_session(desk_ctx, done.id, done.version)

    device = content().lines[1:]
    clock(desk_ctx).move(days=-31)
    in_worker(close, Outcome.SOLVED)
    clock(desk_ctx).move(days=31, minutes=-20)
    in_worker(close, Outcome.SOLVED)
    in_worker(close, Outcome.SOLVED, *device)
    in_worker(close, Outcome.NOT_SOLVED, *device)
    clock(desk_ctx).move(hours=7, minutes=45)
    in_worker(begun, desk_ctx)
    return desk_ctx


def shown(qtbot: QtBot, window: MainWindow, desk: Desk, period: Period = Period.TODAY) -> PilotageScreen:
    settle(qtbot, desk)
    window.go("pilotage")
    screen = window.current
    assert isinstance(screen, PilotageScreen)
    screen.choose(period)
    settle(qtbot, desk)
    return screen


def test_each_tile_says_its_figure_and_its_definition(
    qtbot: QtBot, worked: Context, window: MainWindow, desk: Desk
) -> None:
    screen = shown(qtbot, window, desk)
    assert screen.tiles["sessions"].value.text() == "3"
    assert screen.tiles["failed"].value.text() == "33,3\u202f%"
    assert screen.tiles["failed"].more.text() == "1 sur 3 closes"
    assert screen.tiles["first_contact"].more.text() == "1 sur 3 closes"
    assert screen.tiles["billed"].value.text() == "137,00\u00a0€"
    assert screen.tiles["waived"].value.text() == "29,00\u00a0€"
    for name, tile in screen.tiles.items():
        assert tile.toolTip() == desk.wording.text(f"report.{name}.help")
        assert tile.value.text() in tile.accessibleName()


def test_a_longer_period_counts_more_and_has_a_column_for_each_day_or_month(
    qtbot: QtBot, worked: Context, window: MainWindow, desk: Desk
) -> None:
    screen = shown(qtbot, window, desk, Period.WEEK)
    assert [bar.value for bar in screen.days.chart.bars] == [0, 0, 0, 0, 0, 0, 3]
    assert [bar.part for bar in screen.days.chart.bars][-1] == 1
    screen.choose(Period.YEAR)
    settle(qtbot, desk)
    assert [bar.value for bar in screen.days.chart.bars] == [0] * 10 + [1, 3]
    assert screen.tiles["sessions"].value.text() == "4"


def test_the_screen_says_what_the_command_line_says(
    qtbot: QtBot, worked: Context, window: MainWindow, desk: Desk, in_worker: Callable[..., Any]
) -> None:
    screen = shown(qtbot, window, desk)
    today = day_of(worked.clock.now())
    found = in_worker(report, worked, today, today)
    assert {bar.name: bar.value for bar in screen.charts["outcomes"].chart.bars} == {
        desk.wording.text(f"outcomes.{outcome}"): number for outcome, number in found.figures.outcomes.items()
    }
    assert sum(bar.value for bar in screen.charts["billed"].chart.bars) == found.figures.billed_cents
    assert [bar.value for bar in screen.charts["services"].chart.bars] == [3, 1]


def test_who_is_at_work_is_named_and_who_will_pass_nine_in_the_evening_is_marked_in_words(
    qtbot: QtBot, worked: Context, window: MainWindow, desk: Desk
) -> None:
    screen = shown(qtbot, window, desk)
    texts = [one.text() for one in screen.now.findChildren(QLabel)]
    assert "passera 21\u00a0h" in texts
    with qtbot.waitSignal(desk.openRequested):
        number = screen.report.now[0].session_id if screen.report else 0
        line = screen.now.findChild(QPushButton, f"now_{number}")
        assert line is not None
        line.click()


def test_a_bar_opens_the_list_behind_it_in_the_journal(
    qtbot: QtBot, worked: Context, window: MainWindow, desk: Desk
) -> None:
    screen = shown(qtbot, window, desk)
    chart = screen.charts["outcomes"].chart
    failed = next(n for n, bar in enumerate(chart.bars) if bar.name == "Non réglé")
    chart.setFocus()
    for _ in range(failed):
        QTest.keyClick(chart, Qt.Key.Key_Down)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    settle(qtbot, desk)
    journal = window.current
    assert isinstance(journal, JournalScreen)
    assert len(journal.model.rows) == 1
    assert journal.model.rows[0].outcome == "not_solved"


def test_a_column_opens_its_days_and_a_click_does_as_the_keyboard(
    qtbot: QtBot, worked: Context, window: MainWindow, desk: Desk
) -> None:
    chart = shown(qtbot, window, desk, Period.YEAR).days.chart
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(chart.box_of(10).center()))
    settle(qtbot, desk)
    journal = window.current
    assert isinstance(journal, JournalScreen)
    assert [row.number for row in journal.model.rows] == ["S-2026-000001"]


def test_tab_reaches_the_table_behind_a_chart_and_enter_opens_its_row(
    qtbot: QtBot, worked: Context, window: MainWindow, desk: Desk
) -> None:
    screen = shown(qtbot, window, desk)
    card = screen.charts["outcomes"]
    card.switch.setFocus()
    QTest.keyClick(card.switch, Qt.Key.Key_Space)
    assert card.table.isVisible()
    assert not card.chart.isVisible()
    QTest.keyClick(card.switch, Qt.Key.Key_Tab)
    assert card.table.hasFocus()
    assert card.table.accessibleName() == "Résultats"
    assert [card.rows.index(0, column).data() for column in range(2)] == ["Réglé", "2 (66,7\u202f%)"]
    with qtbot.waitSignal(desk.listRequested):
        QTest.keyClick(card.table, Qt.Key.Key_Return)


def test_a_period_without_sessions_says_so(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    screen = shown(qtbot, window, desk)
    assert screen.nothing.isVisible()
    assert not any(card.isVisible() for card in (*screen.charts.values(), *screen.tiles.values(), screen.days))


@pytest.mark.parametrize("language", ["fr", "en"], indirect=True)
@pytest.mark.parametrize("size", [SMALL, (960, 600)])
def test_nothing_is_clipped(
    qtbot: QtBot, worked: Context, window: MainWindow, desk: Desk, size: tuple[int, int], language: str
) -> None:
    window.resize(*size)
    screen = shown(qtbot, window, desk, Period.YEAR)
    assert window.width() == size[0]
    inner = screen.page.widget()
    assert inner is not None
    assert inner.minimumSizeHint().width() <= screen.page.viewport().width()
    for one in inner.findChildren(QLabel):
        if one.isVisible() and not one.wordWrap() and type(one) is QLabel:
            assert one.width() >= one.sizeHint().width(), one.text()


@pytest.mark.parametrize(
    ("role", "offered"),
    # On one desk, which this is, an administrator does everything; on a server none of it (tests/actions/test_by_right.py).
    [(None, True), (Role.SUPERVISOR, True), (Role.AUDITOR, True), (Role.AGENT, False), (Role.ADMINISTRATOR, True)],
)
def test_where_there_are_people_only_who_reads_everything_sees_it(
    qtbot: QtBot, desk_ctx: Context, window: MainWindow, desk: Desk, role: Role | None, offered: bool
) -> None:
    act_as(desk_ctx.database, None if role is None else Acting("x", "00000000", "X", role))
    desk.becameReady.emit()
    settle(qtbot, desk)
    window.go("pilotage")
    assert window.ui.rail.buttons["pilotage"].isVisible() is offered
    assert isinstance(window.current, PilotageScreen) is offered
    assert any(command.key == "Alt+5" for command in window.commands()) is offered
    settle(qtbot, desk)


def test_what_customers_thought_stands_beside_the_figures_by_service(
    qtbot: QtBot, worked: Context, window: MainWindow, desk: Desk, in_worker: Callable[..., Any]
) -> None:
    screen = shown(qtbot, window, desk)
    assert not screen.charts["opinions"].isVisible()
    assert screen.tiles["opinions"].value.text() == "–"

    def give() -> None:
        with worked.database.write() as tx:
            for session_id, answer in ((2, "yes"), (3, "no")):
                row = {"session_id": session_id, "answer": answer, "at": worked.clock.now()}
                tx.execute(insert(satisfaction).values(row))

    in_worker(give)
    screen.ask()
    settle(qtbot, desk)
    assert screen.tiles["opinions"].value.text() == "50\u202f%"
    assert screen.charts["opinions"].isVisible()
    told = [(bar.name, bar.text.replace("\u202f", " ")) for bar in screen.charts["opinions"].chart.bars]
    assert told[:2] == [("Non", "1"), ("Oui", "1")]
    assert ("Virus et espions", "100 % (1)") in told
