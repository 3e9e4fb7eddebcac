"""What goes wrong around a program: a disk without room, a folder without rights; and what it then says."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

# Loaded here because `nobody` may not be allowed to read the interpreter's own folder.
from agent_desk.adapters import secrets as _secrets  # noqa: F401
from agent_desk.desktop.main_window import MainWindow
from agent_desk.wiring.desktop import Program
from tests.support.workstation import wait_until

LONGEST_SENTENCE = 160
NAMES = {
    "quotes": "O'Brien \"Bob\" 'd’Arc'; DROP TABLE session; --",
    "markup": '<b>Morvan</b> & {{ fils }} <img src="x">',
    "right to left": "محمد العربي בן־דוד",
    "emoji": "Zoé 👩‍👩‍👧 🎉 Ｍ",
    "10,000 characters": "Wolfeschlegelsteinhausen " * 400,
}
# What an agent types to find them.
WORDS = {
    "quotes": "brien",
    "markup": "morvan",
    "right to left": "محمد",
    "emoji": "zoe",
    "10,000 characters": "wolfeschlegel",
}


def sentences(window: MainWindow) -> list[str]:
    """Return every sentence the agent is told now: above the screens, above a step, in place of the screens."""
    places = [
        window.findChild(QWidget, "notice"),
        *_session_notices(window),
        window.findChild(QLabel, "fault_sentence"),
    ]
    shown = [place for place in places if place is not None and place.isVisible()]
    return [place.text() if isinstance(place, QLabel) else place.accessibleName() for place in shown]


def _session_notices(window: MainWindow) -> list[QWidget]:
    return [window.screen_named("session").ui.notice] if window.desk.ready else []


@contextmanager
def started(app: QApplication, home: Path) -> Iterator[Program]:
    """Start the program on `home`, wait until its workers are idle, whatever came of it, and close it."""
    program = Program(app, home)
    program.show()
    QTest.qWaitForWindowExposed(program.window)
    wait_until(lambda: program.window.ui.screens.currentWidget() is not None, "a screen")
    idle(program)
    try:
        yield program
    finally:
        program.window.close()
        program.close()
        program.window.deleteLater()
        program.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def idle(program: Program) -> None:
    """Wait until the program has built its context or told why not, and rests."""
    window = program.window

    def over() -> bool:
        panel = window.findChild(QLabel, "fault_sentence")
        told = panel is not None and panel.isVisible()
        return (program.desk.ready or told) and not program.desk.background.busy

    wait_until(over, "the start to be over")
