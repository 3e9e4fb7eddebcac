"""The code stays in sight while it is dictated, and the point in hand while the procedure is followed."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from agent_desk.actions.views import SessionView
from agent_desk.desktop.session.intervention_step import InterventionStep
from agent_desk.rules.session import Step
from tests.support.desks import SetClock, begun
from tests.support.workstation import Workstation, wait_until

Show = Callable[[SessionView], None]


def intervention(desk: Workstation, show: Show) -> InterventionStep:
    """Return the page of a session whose work has begun, the procedure in hand."""
    show(desk.work(begun))
    desk.session.goto(Step.INTERVENTION, "ticks")
    page = desk.session.page
    assert isinstance(page, InterventionStep)
    return page


def in_sight(page: InterventionStep, widget: QWidget, place: QPoint) -> bool:
    """Tell whether a place of a widget lies where the page shows it."""
    return page.viewport().rect().contains(widget.mapTo(page.viewport(), place))


def test_a_new_code_comes_into_sight(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
    desk.press(Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    wait_until(page.ui.codeDigits.isVisible, "the code")
    digits = page.ui.codeDigits
    wait_until(lambda: in_sight(page, digits, digits.rect().center()), "the code in sight")


def test_the_page_follows_the_procedure_to_its_last_point(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    desk.window.resize(1000, 620)
    procedure = page.ui.procedure
    for _ in range(procedure.procedure.rowCount() - 1):
        desk.press(Qt.Key.Key_Space)
        desk.settle()
    index = procedure.currentIndex()
    assert index.row() == procedure.procedure.rowCount() - 1
    assert in_sight(page, procedure.viewport(), procedure.visualRect(index).center())


def test_a_tick_refused_after_nine_is_taken_off_the_screen_again(
    desk: Workstation, show: Show, clock: SetClock
) -> None:
    intervention(desk, show)
    clock.move(hours=9)
    desk.press(Qt.Key.Key_Space)
    desk.settle()
    assert desk.session.editor is not None
    assert desk.session.editor.content.ticks == ()
    assert desk.session.ui.noticeText.text()
