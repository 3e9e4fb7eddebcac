"""A desk whose keys are pressed and timed until what they change is painted."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from agent_desk import late
from agent_desk.actions.context import Context
from agent_desk.rules.session import Content, Step
from agent_desk.wiring.desktop import make_application
from tests.benchmarks.child import tell
from tests.benchmarks.figure import ROUNDS
from tests.support.desks import content
from tests.support.workstation import Workstation, wait_until, workstation

WORDS = ("virus", "imprimante", "boite mail", "wifi")
FIRST_STEPS = (Step.REQUEST, Step.PREREQUISITES, Step.AGREEMENT)


class PaintWatch(QObject):
    """Ends a loop when a widget has been painted."""

    def __init__(self, widget: QWidget, loop: QEventLoop) -> None:
        super().__init__()
        self._widget, self._loop = widget, loop
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice the paint and end the loop once it is on the screen."""
        if event.type() == QEvent.Type.Paint:
            self._widget.removeEventFilter(self)
            QTimer.singleShot(0, self._loop.quit)
        return False


def until_painted(widget: QWidget, press: Callable[[], None]) -> float:
    """Return the milliseconds from a key to the paint it causes."""
    loop = QEventLoop()
    watch = PaintWatch(widget, loop)
    QTimer.singleShot(2000, loop.quit)
    began = perf_counter()
    press()
    loop.exec()
    took = (perf_counter() - began) * 1000
    del watch
    return took


def keystrokes(desk: Workstation) -> float:
    """Return the median milliseconds from a letter to the list redrawn."""
    desk.window.go("catalogue")
    screen = desk.window.screen_named("catalogue")
    field, view = screen.ui.query, screen.table.viewport()
    field.setFocus()
    times = []
    for word in WORDS:
        field.clear()
        settle()
        times += [until_painted(view, lambda letter=letter: QTest.keyClicks(field, letter)) for letter in word]  # type: ignore[misc]
    return median(times)


def steps(desk: Workstation) -> float:
    """Return the median milliseconds from F9 to the next step painted, over the first steps of a filled session."""
    times = []
    for _ in range(ROUNDS):
        desk.new_session()
        fill(desk, content())
        for step in FIRST_STEPS:
            settle(200)  # as long as an agent takes at least; the next page is made meanwhile
            page = desk.session.pages.page(step)
            times.append(until_painted(page, lambda: desk.press(Qt.Key.Key_F9)))
            assert desk.session.step is step
            desk.settle()
    return median(times)


def fill(desk: Workstation, typed: Content) -> None:
    """Type everything at once into the session in front."""
    editor = desk.session.editor
    assert editor is not None
    answers: list[object] = []

    def job(ctx: Context) -> object:
        view = late.load_session(ctx, editor.view.id)
        late.save_draft(ctx, view.id, view.revision, replace(typed, call=view.content.call), Step.CUSTOMER, "")
        return late.load_session(ctx, view.id)

    desk.program.desk.run(job, answers.append, queue=editor.view.id)
    wait_until(lambda: answers, "the session to be filled")
    desk.session.show_session(answers[0])  # type: ignore[arg-type]  # what load_session returns
    desk.settle()


def settle(milliseconds: int = 30) -> None:
    """Let Qt work for a moment, as between two keys."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def main() -> None:
    """Measure and tell."""
    app: QApplication = make_application()
    with tempfile.TemporaryDirectory() as folder, workstation(app, Path(folder)) as desk:
        tell(keystroke_ms=keystrokes(desk), step_ms=steps(desk))


main()
