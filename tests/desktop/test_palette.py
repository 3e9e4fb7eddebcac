"""The palette finds customers, sessions, services and commands, by keyboard alone."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from agent_desk.actions.context import Context
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.palette import Palette
from tests.desktop.conftest import settle
from tests.support.desks import drafted

NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def claire(desk_ctx: Context, in_worker: Callable[..., Any]) -> Any:
    """Give an open session of Claire Morvan."""
    return in_worker(drafted, desk_ctx)


def opened(qtbot: QtBot, window: MainWindow) -> Palette:
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    assert isinstance(window._palette, Palette)
    return window._palette


def typed(qtbot: QtBot, window: MainWindow, desk: Desk, text: str) -> Palette:
    palette = opened(qtbot, window)
    qtbot.keyClicks(palette.ui.query, text)
    settle(qtbot, desk)
    return palette


def found(palette: Palette, icon: str) -> list[str]:
    return [entry.text for entry in palette._model.entries if entry.icon == icon]


def test_a_customer_is_found_by_a_part_of_the_name(qtbot: QtBot, claire: Any, window: MainWindow, desk: Desk) -> None:
    palette = typed(qtbot, window, desk, "morv")
    assert found(palette, "user") == ["Claire Morvan"]
    assert found(palette, "session") == ["Claire Morvan"]


def test_enter_opens_the_session_that_was_found(qtbot: QtBot, claire: Any, window: MainWindow, desk: Desk) -> None:
    palette = typed(qtbot, window, desk, claire.number)
    with qtbot.waitSignal(desk.openRequested) as asked:
        qtbot.keyClick(palette.ui.query, Qt.Key.Key_Return)
    assert asked.args == [claire.id]
    assert not palette.isVisible()
    settle(qtbot, desk)


def test_a_known_customer_begins_a_new_session_with_what_is_known(
    qtbot: QtBot, claire: Any, window: MainWindow, desk: Desk
) -> None:
    palette = typed(qtbot, window, desk, "morvan")
    with qtbot.waitSignal(desk.newRequested, timeout=20_000) as asked:
        qtbot.keyClick(palette.ui.query, Qt.Key.Key_Return)
    assert asked.args[0].surname == "Morvan"
    settle(qtbot, desk)


def test_a_service_is_found_by_spoken_words_with_a_typing_error(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    palette = typed(qtbot, window, desk, "imprimente")
    assert desk.reference.history[-1].services["devices.computer-peripheral"].label_fr in found(palette, "catalogue")


def test_a_service_opens_in_the_catalogue(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    palette = typed(qtbot, window, desk, "antivirus")
    qtbot.keyClick(palette.ui.query, Qt.Key.Key_Return)
    assert window.current is not None
    assert window.current.objectName() == "screen_catalogue"
    reading = window.screen_named("catalogue").reading
    assert "ntivirus" in reading._service.label_fr


def test_a_command_is_found_without_accents_and_shows_its_key(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    palette = typed(qtbot, window, desk, "reglages")
    entry = next(entry for entry in palette._model.entries if entry.run)
    assert (entry.text, entry.keys) == ("Réglages", ("Ctrl", ","))
    qtbot.keyClick(palette.ui.query, Qt.Key.Key_Return)
    assert window.current is not None
    assert window.current.objectName() == "screen_settings"


def test_arrows_skip_the_names_of_groups_and_go_round(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    palette = opened(qtbot, window)
    rows = [row for row, entry in enumerate(palette._model.entries) if entry.run]
    places = []
    for _ in range(len(rows) + 1):
        places.append(palette.ui.results.currentIndex().row())
        qtbot.keyClick(palette.ui.query, Qt.Key.Key_Down)
    assert places == [*rows, rows[0]]
    qtbot.keyClick(palette.ui.query, Qt.Key.Key_Up)
    qtbot.keyClick(palette.ui.query, Qt.Key.Key_Up)
    assert palette.ui.results.currentIndex().row() == rows[-1]


def test_nothing_found_says_what_to_try(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    palette = typed(qtbot, window, desk, "zzzzqqqq")
    assert palette.ui.nothing.isVisible()
    assert palette.ui.nothing.text()
    qtbot.keyClick(palette.ui.query, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_escape_closes_and_gives_the_keyboard_back(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    window.go("catalogue")
    field = window.screen_named("catalogue").ui.query
    window.activateWindow()
    field.setFocus()
    palette = opened(qtbot, window)
    qtbot.keyClick(palette.ui.query, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert window.focusWidget() is field


def test_signs_that_mean_something_to_a_search_engine_do_no_harm(
    qtbot: QtBot, claire: Any, window: MainWindow, desk: Desk
) -> None:
    failures: list[str] = []
    desk.failed.connect(failures.append)
    for text in ('"', "' OR 1=1 --", "morvan*", "(", "AND NOT", "\\", "%_"):
        palette = typed(qtbot, window, desk, text)
        palette.close_box()
    assert failures == []
