"""A whole desk in a window: real screens, real workers, a real database in a folder of its own; the clock can be set."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, QPoint, QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from agent_desk.actions.context import Context
from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.session.screen import SessionScreen
from agent_desk.desktop.theme import body_font, load_fonts
from agent_desk.ports import Clock
from agent_desk.settings import load_settings, save_settings
from agent_desk.wiring.desktop import Program

Answer = TypeVar("Answer")
PATIENCE_MS = 15_000


class WaitedInVain(AssertionError):
    """What was waited for did not come."""


def wait_until(done: Callable[[], object], what: str = "") -> None:
    """Let Qt work until `done()`; WaitedInVain after 15 seconds."""
    loop, patience = QEventLoop(), QDeadlineTimer(PATIENCE_MS)
    while not done():
        if patience.hasExpired():
            raise WaitedInVain(what)
        QTimer.singleShot(2, loop.quit)
        loop.exec()


@dataclass(slots=True)
class Workstation:
    """One program with its window; `presses` counts keys pressed apart from typed text."""

    program: Program
    presses: int = 0

    @property
    def window(self) -> MainWindow:
        return self.program.window

    @property
    def session(self) -> SessionScreen:
        screen = self.window.screen_named("session")
        assert isinstance(screen, SessionScreen)
        return screen

    def settle(self) -> None:
        """Wait until the session is saved and nothing is under way."""
        wait_until(self._is_settled, "the session to settle")

    def _is_settled(self) -> bool:
        editor = self.session.editor
        return editor is not None and not editor.unsaved and not editor.busy and not self.session.flow.is_busy

    def work(self, job: Callable[[Context], Answer]) -> Answer:
        """Run `job(context)` in a worker, as SQL in the painting thread is an error, and return what it returns."""
        done: list[Answer] = []
        failed: list[BaseException] = []
        self.program.desk.run(job, done.append, failed.append, owner=self.window)
        wait_until(lambda: done or failed, "a worker")
        if failed:
            raise failed[0]
        return done[0]

    def new_session(self) -> None:
        """Start a session as Ctrl+N does and wait for it."""
        before = self.session.editor
        self.window.start_session()
        wait_until(lambda: self.session.editor not in (None, before), "a new session")

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press one key where the focus is; it is counted."""
        self.presses += 1
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def answer(self, letter: str) -> None:
        """Press the letter of an answer; it is counted like any other key."""
        self.presses += 1
        QTest.keyClicks(QApplication.focusWidget() or self.window, letter)

    def type(self, text: str) -> None:
        """Type a text where the focus is; it is not counted."""
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)

    def click(self, widget: QWidget) -> None:
        """Click in the middle of a widget."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))


@contextmanager
def workstation(
    app: QApplication, home: Path, clock: Clock | None = None, size: QSize | None = None, **settings: Any
) -> Iterator[Workstation]:
    """Open a desk on `home` with these settings, shown and ready; closed as an agent closes it."""
    home.mkdir(parents=True, exist_ok=True)
    known = {"agent_name": "Nadia Leroy", "first_start_done": True, "gateway_listen": "127.0.0.1:0", **settings}
    save_settings(home, replace(load_settings(home).settings, **known))
    app.setStyle("Fusion")
    load_fonts()
    app.setFont(body_font())
    program = Program(app, home)
    made = Workstation(program)
    if clock is not None:
        program.desk.becameReady.connect(lambda: set_clock(program, clock))
    program.window.resize(size or QSize(1360, 850))
    program.show()
    QTest.qWaitForWindowExposed(program.window)
    program.window.activateWindow()
    wait_until(lambda: program.desk.ready, "the database")
    try:
        yield made
    finally:
        program.window.close()
        program.close()
        program.window.deleteLater()
        program.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def set_clock(program: Program, clock: Clock) -> None:
    """Let the program, whose database is open, live by `clock`."""
    program.desk.clock = clock
    program.desk.replace_context(replace(program.desk.context, clock=clock))


def paris(hour: int, minute: int = 0) -> datetime:
    """Return a moment of Monday 23 November 2026 by the clock in Paris."""
    return datetime(2026, 11, 23, hour - 1, minute, tzinfo=UTC)
