"""The window: painted before there is a database, moved through with keys, honest about failures."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from agent_desk.actions.context import Context
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.clock import SystemClock
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.theme import load_themes
from agent_desk.settings import Settings
from agent_desk.storage.faults import DatabaseFault
from agent_desk.wiring.desktop import SCREENS
from tests.desktop.conftest import Kept, settle
from tests.support.windows import WindowWatch


@pytest.fixture
def cold_desk(qtbot: QtBot, language: str, kept: Kept) -> Desk:
    """Give a desk whose database is not there yet."""
    return Desk(
        kept.site(),
        settings=Settings(agent_name="Nadia", language=language),
        themes=load_themes(),
        theme="light",
        clock=SystemClock(),
    )


def test_the_palette_answers_before_the_database_is_there(qtbot: QtBot, cold_desk: Desk) -> None:
    window = MainWindow(cold_desk, SCREENS)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.painted):
        window.show()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window._palette.isVisible()
    qtbot.keyClicks(window._palette.ui.query, "reglages")
    assert [entry.text for entry in window._palette._model.entries if entry.run] == ["Réglages"]
    cold_desk.background.close(10)


@pytest.mark.parametrize(
    ("key", "modifier", "name"),
    [
        (Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier, "today"),
        (Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier, "session"),
        (Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier, "catalogue"),
        (Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier, "journal"),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier, "help"),
        (Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier, "settings"),
    ],
)
def test_each_screen_has_its_key(
    qtbot: QtBot, window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier, name: str
) -> None:
    qtbot.keyClick(window, key, modifier)
    assert window.current is not None
    assert window.current.objectName() == f"screen_{name}"
    assert window.ui.rail.buttons[name].isChecked()


def test_no_screen_opens_a_window_of_its_own_or_loses_the_keyboard(
    qtbot: QtBot,
    window: MainWindow,
    desk: Desk,
    qapp: QApplication,
    desk_ctx: Context,
    in_worker: Callable[..., Any],
) -> None:
    in_worker(create_sample_data, desk_ctx, 20)
    watch = WindowWatch()
    qapp.installEventFilter(watch)
    for name in SCREENS:
        window.go(name)
        settle(qtbot, desk)
        focused = QApplication.focusWidget()
        assert focused is not None, name
        assert window.isAncestorOf(focused), name
    qapp.removeEventFilter(watch)
    assert watch.shown == []


def test_every_place_the_keyboard_goes_has_a_name(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    kinds: tuple[type[QWidget], ...] = (
        QLineEdit,
        QPlainTextEdit,
        QComboBox,
        QAbstractSpinBox,
        QAbstractButton,
        QAbstractItemView,
    )
    for name in SCREENS:
        window.go(name)
        settle(qtbot, desk)
        reached = [
            one
            for one in window.findChildren(QWidget)
            if isinstance(one, kinds) and one.isVisible() and one.focusPolicy() != Qt.FocusPolicy.NoFocus
            if one.objectName() != "qt_spinbox_lineedit"  # the box around it has the name
        ]
        assert reached
        nameless = [one.objectName() for one in reached if spoken(one) == ""]
        assert nameless == [], name


def spoken(widget: QWidget) -> str:
    """Return the name a screen reader says."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip()


def test_screens_are_made_when_they_are_first_visited(qtbot: QtBot, window: MainWindow) -> None:
    assert set(window._screens) == {"today"}
    qtbot.mouseClick(window.ui.rail.buttons["catalogue"], Qt.MouseButton.LeftButton)
    assert set(window._screens) == {"today", "catalogue"}


def test_a_failure_is_told_in_one_sentence_until_it_is_read(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    desk.run(lambda _ctx: 1 / 0)
    qtbot.waitUntil(window._notice.isVisible)
    assert window._notice.sentence.text() == desk.wording.text("errors.unexpected")
    qtbot.mouseClick(window._close_notice, Qt.MouseButton.LeftButton)
    assert not window._notice.isVisible()


def test_without_a_database_the_window_says_what_to_do_and_tries_again(
    qtbot: QtBot, cold_desk: Desk, desk_ctx: object
) -> None:
    window = MainWindow(cold_desk, SCREENS)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.painted):
        window.show()
    answers: list[object] = [DatabaseFault("truncated"), desk_ctx]

    def build(_show: object) -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def start() -> None:
        cold_desk.start(
            build,  # type: ignore[arg-type]
            lambda error: window.show_fault(cold_desk.sentence(error), start),
            lambda: None,
        )

    start()
    qtbot.waitUntil(lambda: window.ui.screens.currentWidget() is window._fault and window._fault is not None)
    assert window._fault.sentence.text() == cold_desk.wording.text("errors.truncated")
    assert not window.ui.rail.isEnabled()
    qtbot.keyClick(window._fault.again, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: cold_desk.ready and window.current is not None)
    assert window.current is not None
    assert window.current.objectName() == "screen_today"
    assert window.ui.rail.isEnabled()
    settle(qtbot, cold_desk)
    cold_desk.background.close(10)


def test_what_is_asked_before_the_database_is_there_is_answered_afterwards(
    qtbot: QtBot, cold_desk: Desk, desk_ctx: object
) -> None:
    answers: list[object] = []
    cold_desk.run(lambda ctx: ctx, answers.append)
    assert answers == []
    cold_desk.start(lambda _show: desk_ctx, lambda _error: None, lambda: None)  # type: ignore[arg-type,return-value]
    qtbot.waitUntil(lambda: answers == [desk_ctx])
    cold_desk.background.close(10)


def test_a_call_that_comes_before_the_database_is_not_lost(qtbot: QtBot, cold_desk: Desk, desk_ctx: object) -> None:
    window = MainWindow(cold_desk, SCREENS)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.painted):
        window.show()
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    cold_desk.start(lambda _show: desk_ctx, lambda _error: None, lambda: None)  # type: ignore[arg-type,return-value]
    qtbot.waitUntil(lambda: window.current is not None and window.current.objectName() == "screen_session")
    settle(qtbot, cold_desk)
    window.close()
    settle(qtbot, cold_desk)
    cold_desk.background.close(10)


def test_closing_lets_every_screen_hand_over_what_is_not_saved(qtbot: QtBot, window: MainWindow) -> None:
    window.go("catalogue")
    flushed: list[str] = []
    for name, screen in window._screens.items():
        screen.flush = lambda name=name: flushed.append(name)  # type: ignore[method-assign,misc]
    with qtbot.waitSignal(window.leaving):
        window.close()
    assert set(flushed) == {"today", "catalogue"}
