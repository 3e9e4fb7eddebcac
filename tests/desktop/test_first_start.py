"""The first start asks three questions at most and keeps the answers."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.first_start import FirstStart
from agent_desk.desktop.main_window import MainWindow
from tests.desktop.conftest import Kept, settle


@pytest.fixture
def first(window: MainWindow) -> FirstStart:
    """Give the questions, filling the window."""
    window.ask_first_questions()
    screen = window.ui.screens.currentWidget()
    assert isinstance(screen, FirstStart)
    return screen


def test_it_asks_three_questions_at_most(first: FirstStart) -> None:
    questions = [*first.findChildren(QLineEdit), *first.findChildren(QComboBox)]
    assert len(questions) <= 3
    assert {type(one).__name__ for one in first.findChildren(QAbstractButton)} == {"QCheckBox", "QPushButton"}


def test_name_and_later_are_enough(qtbot: QtBot, first: FirstStart, window: MainWindow, desk: Desk, kept: Kept) -> None:
    qtbot.keyClicks(first.ui.agent_name, "Nadia  Leroy")
    qtbot.keyClick(first.ui.agent_name, Qt.Key.Key_Return)
    settle(qtbot, desk)
    answer = kept.settings[-1]
    assert (answer.agent_name, answer.relay_state, answer.first_start_done) == ("Nadia Leroy", "later", True)
    assert window.current is not None
    assert window.current.objectName() == "screen_today"
    assert window.ui.rail.isEnabled()


def test_a_relay_is_used_from_then_on(qtbot: QtBot, first: FirstStart, desk: Desk, kept: Kept) -> None:
    qtbot.keyClicks(first.ui.relay_host, "smtp.example.org")
    qtbot.mouseClick(first.ui.begin, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    assert (kept.settings[-1].relay_host, kept.settings[-1].relay_state) == ("smtp.example.org", "configured")


def test_a_wrong_answer_is_marked_and_nothing_lost(qtbot: QtBot, first: FirstStart, desk: Desk, kept: Kept) -> None:
    qtbot.keyClicks(first.ui.agent_name, "Nadia")
    qtbot.keyClicks(first.ui.relay_host, "no host at all")
    qtbot.mouseClick(first.ui.begin, Qt.MouseButton.LeftButton)
    assert first.ui.told.isVisible()
    assert first.ui.relay_host.property("fault") == "true"
    assert first.ui.agent_name.text() == "Nadia"
    assert kept.settings == []


def test_sample_sessions_are_written_on_demand(qtbot: QtBot, first: FirstStart, window: MainWindow, desk: Desk) -> None:
    first.ui.samples.setChecked(True)
    qtbot.mouseClick(first.ui.begin, Qt.MouseButton.LeftButton)
    assert window.current is not None
    assert window.current.objectName() == "screen_today"
    today = window.screen_named("today")
    qtbot.waitUntil(lambda: today.open_list.rows.rowCount() > 0, timeout=60_000)


def test_nothing_else_can_be_reached_meanwhile(qtbot: QtBot, first: FirstStart, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.ui.screens.currentWidget() is first
