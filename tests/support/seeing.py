"""What stands on a screen as an agent reads it, and the ways an agent takes through it by keyboard."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QWidget

from agent_desk.desktop.promise_card import PromiseRow
from agent_desk.desktop.session.matters import MatterBar
from agent_desk.desktop.today import TodayScreen
from agent_desk.desktop.widgets import Elided
from tests.support.workstation import Workstation, wait_until

ENTER, ESCAPE, F9 = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F9
QUIET_TURNS = 3
CONTROL = Qt.KeyboardModifier.ControlModifier
Bar = TypeVar("Bar", bound=MatterBar)


def seen(widget: QWidget) -> str:
    """Return every text in sight within a widget, whole, with plain spaces and without marks of keys."""
    inside = (one for one in widget.findChildren(QWidget) if one.isVisible())
    shown = (one for one in inside if isinstance(one, QLabel | QAbstractButton))
    texts = (one.whole() if isinstance(one, Elided) else one.text().replace("&", "") for one in shown)
    return " ".join(" ".join(texts).split())


def shows(desk: Workstation, text: str) -> None:
    """Wait until the window shows a text."""
    wait_until(lambda: text in seen(desk.window), f"“{text}” in the window")


def idle(desk: Workstation) -> None:
    """Wait until no worker is busy, and what came of it stands on the screen: new rows are shown a turn later."""
    turns = 0

    def still() -> bool:
        nonlocal turns
        turns = 0 if desk.program.desk.background.busy else turns + 1
        return turns > QUIET_TURNS

    wait_until(still, "the workers")


def arrived(desk: Workstation, session_id: int) -> None:
    """Wait until a session is on the screen."""
    wait_until(lambda: desk.window.current is desk.session, "the session's screen")
    wait_until(lambda: desk.session.editor is not None and desk.session.editor.view.id == session_id, "the session")
    idle(desk)


def opened(desk: Workstation, session_id: int) -> None:
    """Open a session as a list does."""
    desk.window.open_session(session_id)
    arrived(desk, session_id)


def matter(desk: Workstation, name: str, kind: type[Bar]) -> Bar:
    """Open a matter by Ctrl+J and the arrows, and return its bar."""
    desk.press(Qt.Key.Key_J, CONTROL)
    menu = desk.session.findChild(QMenu, "matters_menu")
    assert menu is not None
    names = [action.objectName() for action in menu.actions()]
    for _ in range(names.index(f"matter_{name}") + 1):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, ENTER)
    desk.window.activateWindow()  # without a window manager nobody gives the keyboard back from a menu
    return bar_of(desk, kind)


def bar_of(desk: Workstation, kind: type[Bar]) -> Bar:
    """Return the bar of a matter once it stands there and nothing is under way."""
    wait_until(lambda: (found := desk.window.findChild(kind)) is not None and found.isVisible(), kind.__name__)
    idle(desk)
    found = desk.window.findChild(kind)
    assert found is not None
    return found


def today(desk: Workstation) -> TodayScreen:
    """Go to Today by its key, and wait until it is up to date."""
    desk.press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    screen = desk.window.screen_named("today")
    assert isinstance(screen, TodayScreen)
    wait_until(lambda: desk.window.current is screen, "Today")
    idle(desk)
    return screen


def promise_rows(desk: Workstation) -> list[PromiseRow]:
    """Return the rows of what was promised, from the top of Today."""
    found = [row for row in today(desk).promised.findChildren(PromiseRow) if row.isVisible()]
    return sorted(found, key=lambda row: row.y())


def put_away(desk: Workstation) -> None:
    """Wait until the session has left the screen for Today."""
    wait_until(lambda: desk.window.current is desk.window.screen_named("today"), "Today")
    idle(desk)


def focused() -> QWidget | None:
    """Return where the keyboard is."""
    return QApplication.focusWidget()
