"""Nothing is clipped at 1280 × 800, not even with labels 40 % longer than the French ones, nor in the smallest window."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QSize, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.main_window import MainWindow
from agent_desk.paths import data_path
from agent_desk.wiring.desktop import SCREENS, TRANSLATIONS
from agent_desk.wording import load_wording
from tests.desktop.conftest import settle
from tests.support.desks import finished
from tests.support.stretching import Stretcher, clipped, stretched, stretched_wording

SHELL = [name for name in SCREENS if name != "session"]
SIZES = {"1280x800": QSize(1280, 800), "1360x850": QSize(1360, 850)}


@pytest.fixture
def samples(desk_ctx: Context, in_worker: Callable[..., Any]) -> None:
    """Give a desk with a past."""
    in_worker(create_sample_data, desk_ctx, 12)
    view = in_worker(finished, desk_ctx)
    in_worker(close_session, desk_ctx, view.id, view.version)


@pytest.fixture
def longer(dressed: QApplication, desk: Desk) -> Iterator[None]:
    """Make every text 40 % longer."""
    inner = []
    for name in TRANSLATIONS:
        translator = QTranslator()
        assert translator.load(f"{name}_fr", str(data_path("resources", "translations")))
        inner.append(translator)
    stretcher = Stretcher(inner)
    desk.wording = stretched_wording(desk.wording)
    dressed.installTranslator(stretcher)
    yield
    dressed.removeTranslator(stretcher)


def visit(qtbot: QtBot, window: MainWindow, name: str, size: QSize) -> None:
    window.resize(size)
    window.go(name)
    settle(qtbot, window.desk)
    qtbot.waitUntil(lambda: window.size() == size)
    QApplication.sendPostedEvents()


def laid_out(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until every text fits: rows made late are laid out a moment later."""

    def fits() -> None:
        assert clipped(window) == []

    qtbot.waitUntil(fits, timeout=2000)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("name", SHELL)
def test_nothing_is_clipped(qtbot: QtBot, samples: None, window: MainWindow, name: str, size: QSize) -> None:
    visit(qtbot, window, name, size)
    laid_out(qtbot, window)


@pytest.mark.parametrize("name", SHELL)
def test_longer_labels_still_fit(qtbot: QtBot, samples: None, longer: None, window: MainWindow, name: str) -> None:
    visit(qtbot, window, name, SIZES["1280x800"])
    assert window.ui.rail.buttons["settings"].text() == stretched("Réglages")
    laid_out(qtbot, window)


def test_the_window_never_asks_for_more_than_a_small_screen(qtbot: QtBot, longer: None, window: MainWindow) -> None:
    for name in SHELL:
        visit(qtbot, window, name, SIZES["1280x800"])
    hint = window.minimumSizeHint()
    assert (hint.width(), hint.height()) <= (1280, 800)


def test_the_first_questions_fit_with_longer_labels(qtbot: QtBot, longer: None, window: MainWindow) -> None:
    window.resize(1280, 800)
    window.ask_first_questions()
    laid_out(qtbot, window)


def test_stretching_leaves_what_programs_fill_in() -> None:
    assert stretched("{0} sur {1} : %n jour") == "{0} surrr {1} : %n jourrr"
    assert load_wording("fr").text("money.vat", rate="20 %", amount="1 €")
    assert stretched_wording(load_wording("fr")).text("money.vat", rate="20 %", amount="1 €")
