"""The catalogue is found by a customer's words and read as a customer asks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from agent_desk.desktop.catalogue import CatalogueScreen
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.table import CELL


@pytest.fixture
def catalogue(window: MainWindow) -> CatalogueScreen:
    """Give the catalogue, in front."""
    window.go("catalogue")
    screen = window.current
    assert isinstance(screen, CatalogueScreen)
    return screen


def read_aloud(catalogue: CatalogueScreen) -> list[str]:
    return [one.text() for one in catalogue.reading.findChildren(QLabel) if not one.isHidden()]


def test_all_services_are_there_at_first(catalogue: CatalogueScreen) -> None:
    assert catalogue.model.rowCount() == 23
    assert catalogue.table.isVisible()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("virus", "security.virus-removal"),
        ("imprimente", "devices.computer-peripheral"),
        ("boite mail", "mail.account"),
        ("outl", "mail.software"),
    ],
)
def test_spoken_words_find_a_service(qtbot: QtBot, catalogue: CatalogueScreen, words: str, code: str) -> None:
    qtbot.keyClicks(catalogue.ui.query, words)
    assert code in [service.code for service in catalogue.model.services][:4]


def test_the_best_match_is_read_at_once(qtbot: QtBot, catalogue: CatalogueScreen, desk: Desk) -> None:
    qtbot.keyClicks(catalogue.ui.query, "virus")
    qtbot.waitUntil(lambda: "79,00\u00a0€" in read_aloud(catalogue))
    shown = read_aloud(catalogue)
    assert any("13,17\u00a0€" in text for text in shown)
    assert desk.wording.text("money.article", article="4.9") in shown


def test_arrows_move_in_the_list_while_one_types(qtbot: QtBot, catalogue: CatalogueScreen) -> None:
    qtbot.keyClick(catalogue.ui.query, Qt.Key.Key_Down)
    qtbot.keyClick(catalogue.ui.query, Qt.Key.Key_Down)
    assert catalogue.table.currentIndex().row() == 2
    assert catalogue.reading._service is catalogue.model.services[2]


def test_what_a_new_letter_finds_is_shown_from_the_top(qtbot: QtBot, catalogue: CatalogueScreen) -> None:
    qtbot.keyClicks(catalogue.ui.query, "i")
    for _ in range(4):
        qtbot.keyClick(catalogue.ui.query, Qt.Key.Key_Down)
    qtbot.keyClicks(catalogue.ui.query, "m")
    assert catalogue.table.currentIndex().row() == 0
    assert catalogue.reading._service is catalogue.model.services[0]


def test_the_first_service_is_read_anew_when_another_takes_its_place(qtbot: QtBot, catalogue: CatalogueScreen) -> None:
    qtbot.keyClicks(catalogue.ui.query, "virus")
    first = catalogue.model.services[0]
    catalogue.ui.query.clear()
    qtbot.keyClicks(catalogue.ui.query, "wifi")
    assert catalogue.reading._service is catalogue.model.services[0] is not first


def test_rows_that_are_gone_leave_nothing_behind(qtbot: QtBot, catalogue: CatalogueScreen, desk: Desk) -> None:
    view = catalogue.table.viewport()
    ground = desk.theme.colour("surface").rgb()
    below = catalogue.table.visualRect(catalogue.model.index(12, 0)).center()
    qtbot.waitUntil(lambda: view.grab().toImage().height() > below.y())
    catalogue.ui.query.setText("virus")
    image = view.grab().toImage()
    rows = range(
        catalogue.table.visualRect(catalogue.model.index(catalogue.model.rowCount() - 1, 0)).bottom() + 1, below.y()
    )
    assert {image.pixel(x, y) for y in rows for x in range(0, image.width(), 3)} == {ground}


def test_nothing_found_says_what_to_try(qtbot: QtBot, catalogue: CatalogueScreen) -> None:
    qtbot.keyClicks(catalogue.ui.query, "qqqqzzzz")
    assert catalogue.ui.nothing.isVisible()
    assert not catalogue.table.isVisible()
    assert not catalogue.reading.copy_button.isEnabled()


def test_conditions_can_be_read_in_the_other_language(qtbot: QtBot, catalogue: CatalogueScreen) -> None:
    assert "What if it does not work?" not in read_aloud(catalogue)
    qtbot.mouseClick(catalogue.reading.languages["en"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "What if it does not work?" in read_aloud(catalogue))


def test_a_service_is_copied_as_a_customer_may_keep_it(qtbot: QtBot, catalogue: CatalogueScreen, desk: Desk) -> None:
    qtbot.keyClicks(catalogue.ui.query, "virus")
    with qtbot.waitSignal(desk.told):
        qtbot.keyClick(catalogue, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    text = QGuiApplication.clipboard().text()
    assert text.startswith(catalogue.model.services[0].label_fr)
    assert "79,00" in text


def test_a_rule_that_costs_is_told_in_words_beside_the_name(qtbot: QtBot, catalogue: CatalogueScreen) -> None:
    qtbot.keyClicks(catalogue.ui.query, "virus")
    cell = catalogue.model.index(0, 0).data(CELL)
    assert "4.9" in cell.note
    assert cell.note in catalogue.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_free_service_is_called_offered(catalogue: CatalogueScreen) -> None:
    row = [service.code for service in catalogue.model.services].index("orange-software.protection")
    assert catalogue.model.index(row, 3).data() == "Offert"
