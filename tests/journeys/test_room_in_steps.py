"""Nothing is clipped in the six steps at 1280 × 800: French, English, and French with every label 40 % longer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QSize, QTranslator
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from agent_desk.desktop.painting import chip_size, wrapped
from agent_desk.desktop.session.service_table import PAD, SERVICE, ServiceTable
from agent_desk.desktop.widgets import bold
from agent_desk.rules.session import Step
from tests.journeys.main_job import play
from tests.support.desks import SetClock
from tests.support.stretching import Stretcher, clipped, stretched_wording
from tests.support.workstation import WaitedInVain, Workstation, wait_until, workstation

SMALL = QSize(1280, 800)


@contextmanager
def longer(desk: Workstation) -> Iterator[None]:
    """Make every text of this desk 40 % longer."""
    stretcher = Stretcher(desk.program.findChildren(QTranslator))
    desk.program.desk.wording = stretched_wording(desk.program.desk.wording)
    QCoreApplication.installTranslator(stretcher)
    try:
        yield
    finally:
        QCoreApplication.removeTranslator(stretcher)


def cut(desk: Workstation) -> list[str]:
    """Return what does not fit once the layout has come to rest: a row made late asks for its room a moment later."""
    try:
        wait_until(lambda: not clipped(desk.window), "room for every text")
    except WaitedInVain:
        return clipped(desk.window)
    return []


def cut_rows(desk: Workstation) -> list[str]:
    """Return the services of the second step's list whose row is too low for name and chip: they are painted."""
    table = desk.session.findChild(ServiceTable)
    if table is None or not table.isVisible():
        return []
    width = table.columnWidth(SERVICE) - 2 * PAD
    found = []
    for place, row in enumerate(table.services.rows):
        font = bold(table.font(), QFont.Weight.Bold if row.quantity else QFont.Weight.Normal)
        chip = chip_size(row.note, font, width) if row.note else QSize(0, 0)
        needed = wrapped(row.label, font, width).height() + chip.height()
        if chip.width() > width or needed > table.rowHeight(place):
            found.append(row.label)
    return found


def played(desk: Workstation, language: str) -> dict[str, list[str]]:
    """Return what is cut, by the name of the step, over the whole job."""
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = cut(desk) + cut_rows(desk)

    play(desk, language, look)
    found["closed"] = cut(desk)
    assert desk.session.step is Step.CLOSING
    return {name: texts for name, texts in found.items() if texts}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_step_cuts_a_text(qapp: QApplication, tmp_path: Path, language: str) -> None:
    with workstation(qapp, tmp_path, SetClock(), SMALL, language=language) as desk:
        assert played(desk, language) == {}


def test_no_step_cuts_a_text_that_is_longer(qapp: QApplication, tmp_path: Path) -> None:
    with workstation(qapp, tmp_path, SetClock(), SMALL) as desk, longer(desk):
        assert played(desk, "fr") == {}
