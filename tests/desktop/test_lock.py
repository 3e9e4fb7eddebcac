"""The desk with accounts of its own: signing in, locking by key and by idleness, and what nobody sees meanwhile."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from agent_desk.actions.add_people import NewPerson, add_people
from agent_desk.actions.set_password import set_password
from agent_desk.actions.views import SessionView
from agent_desk.desktop.locking import Locking
from agent_desk.desktop.session.intervention_step import InterventionStep
from agent_desk.desktop.sign_in import SignIn
from agent_desk.desktop.today import TodayScreen
from agent_desk.rules.share import ShareState
from agent_desk.settings import load_settings, save_settings
from agent_desk.storage import password_hash
from agent_desk.storage.database import Database
from agent_desk.storage.events import SITE_CHAIN, history
from agent_desk.wiring.desktop import Program
from agent_desk.wording import load_wording
from tests.support.desks import SetClock, context, drafted
from tests.support.sharing import PlainView, intervention, live, state
from tests.support.workstation import Workstation, set_clock, wait_until

CUSTOMERS = QColor(255, 0, 255)  # a colour no theme has
GRID = 8  # points between two that are looked at
PASSWORD, WRONG = "correct horse battery", "wrong horse battery"
WORDS = load_wording("fr")


@pytest.fixture
def home(tmp_path: Path, sqlite_url: str, in_worker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a desk at which Nadia has an account, and a session under way."""
    monkeypatch.setattr(password_hash, "KIBIBYTES", 32)

    def prepare() -> None:
        database = Database.open(sqlite_url)
        ctx = context(database)
        add_people(ctx, [NewPerson("nadia", "Nadia Leroy", "administrator")])
        set_password(ctx, "nadia", PASSWORD)
        drafted(ctx)
        database.close()

    in_worker(prepare)
    folder = tmp_path / "home"
    settings = replace(load_settings(folder).settings, database_url=sqlite_url, first_start_done=True)
    save_settings(folder, replace(settings, gateway_mode="off"))
    return folder


@pytest.fixture
def program(qtbot: QtBot, dressed: QApplication, home: Path) -> Iterator[Program]:
    """Give the program, which asks who is there."""
    made = Program(dressed, home)
    with qtbot.waitSignal(made.window.painted, timeout=20_000):
        made.show()
    qtbot.waitUntil(lambda: made.window._alone, timeout=30_000)
    settle(qtbot, made)
    yield made
    made.window.close()
    assert made.close()
    for translator in made._translators:
        dressed.removeTranslator(translator)
    made._translators = []
    made.window.deleteLater()


@pytest.fixture
def locking(qtbot: QtBot, program: Program) -> Locking:
    """Give what locks the desk, once Nadia has signed in."""
    sign_in(qtbot, program, PASSWORD)
    qtbot.waitUntil(lambda: program._locking is not None, timeout=30_000)
    settle(qtbot, program)
    assert program._locking is not None
    return program._locking


def settle(qtbot: QtBot, program: Program) -> None:
    qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=30_000)


def sign_in(qtbot: QtBot, program: Program, password: str, login: str = "nadia") -> SignIn:
    asked = program.window.ui.screens.currentWidget()
    assert isinstance(asked, SignIn)
    asked.ui.login.setText(login)
    qtbot.keyClicks(asked.ui.password, password)
    qtbot.keyClick(asked.ui.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.desk.ready or asked.ui.enter.isEnabled(), timeout=30_000)
    settle(qtbot, program)
    return asked


def unlock(qtbot: QtBot, locking: Locking, program: Program, password: str) -> None:
    ui = locking.screen.ui
    qtbot.keyClicks(ui.password, password)
    qtbot.keyClick(ui.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not locking.is_locked or ui.unlock.isEnabled(), timeout=30_000)
    settle(qtbot, program)


def is_locked(locking: Locking) -> bool:
    return locking.is_locked


def told(program: Program, in_worker: Callable[..., Any]) -> list[str]:
    def read() -> list[str]:
        with program.desk.context.database.read() as tx:
            return [event.kind for event in history(tx, SITE_CHAIN)]

    found: list[str] = in_worker(read)
    return found


def seen(window: QWidget) -> str:
    """Return every text that can be read in a window now."""
    texts = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    return " ".join([*texts, window.windowTitle()])


def test_nothing_is_shown_before_somebody_signed_in(qtbot: QtBot, program: Program) -> None:
    assert not program.desk.ready
    assert "Morvan" not in seen(program.window)
    asked = sign_in(qtbot, program, WRONG)
    assert asked.ui.told.text() == WORDS.text("errors.account_refused")
    assert not program.desk.ready
    sign_in(qtbot, program, PASSWORD)
    assert isinstance(program.window.current, TodayScreen)
    assert program.desk.context.person == "nadia"
    assert program.desk.settings.agent_name == "Nadia Leroy"


def test_a_key_locks_and_the_password_unlocks_with_the_keyboard_where_it_was(
    qtbot: QtBot, program: Program, locking: Locking, in_worker: Callable[..., Any]
) -> None:
    window = program.window
    window.open_session(1)
    settle(qtbot, program)
    assert "Morvan" in window.windowTitle() + seen(window)
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClick(
        window.windowHandle(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    )
    assert locking.is_locked
    assert "Morvan" not in seen(window)
    assert locking.screen.size() == window.size()
    assert locking.screen.ui.who.text() == "Nadia Leroy"
    window.resize(1000, 700)
    assert locking.screen.size() == window.size()
    for key in ("Ctrl+K", "Ctrl+N", "Alt+1"):
        QTest.keySequence(window.windowHandle(), QKeySequence(key))
    settle(qtbot, program)
    assert locking.is_locked
    assert "Morvan" not in seen(window)
    unlock(qtbot, locking, program, WRONG)
    assert locking.is_locked
    assert locking.screen.ui.told.text() == WORDS.text("errors.account_refused")
    unlock(qtbot, locking, program, PASSWORD)
    assert not is_locked(locking)
    assert field.hasFocus()
    assert "Morvan" in window.windowTitle() + seen(window)
    assert told(program, in_worker)[-4:] == ["signed_in", "locked", "sign_in_refused", "unlocked"]


def test_what_is_typed_is_saved_as_the_desk_locks(
    qtbot: QtBot, program: Program, locking: Locking, in_worker: Callable[..., Any]
) -> None:
    window = program.window
    window.open_session(1)
    settle(qtbot, program)
    qtbot.keyClicks(QApplication.focusWidget(), "x")
    locking.lock()
    assert not window.screen_named("session").editor.unsaved or program.desk.background.busy
    settle(qtbot, program)

    def read() -> str:
        with program.desk.context.database.read() as tx:
            return str(tx.exec_driver_sql("SELECT content FROM draft").scalar_one())

    assert "x" in json.loads(in_worker(read))["description"].replace("Des fenêtres s'ouvrent toutes seules", "", 1)


def test_nobody_there_locks_after_a_warning_that_any_key_takes_back(
    qtbot: QtBot, program: Program, locking: Locking
) -> None:
    clock, idle, status = SetClock(), locking.idle, program.window.status
    idle._clock = clock
    idle.start(10)
    clock.move(minutes=8, seconds=59)
    idle.look()
    assert not status.isVisible()
    clock.move(seconds=1)
    idle.look()
    assert status.sentence.text() == WORDS.text("away.lock_soon")
    program.window.windowHandle().requestActivate()
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_Shift)
    assert not status.isVisible()
    clock.move(minutes=9)
    idle.look()
    assert status.isVisible()
    assert not is_locked(locking)
    clock.move(minutes=1)
    idle.look()
    assert locking.is_locked
    assert not status.isVisible()


def test_a_desk_that_is_told_never_to_lock_does_not(program: Program, locking: Locking) -> None:
    program.desk.change_settings(replace(program.desk.settings, lock_minutes=0))
    clock = SetClock()
    locking.idle._clock = clock
    clock.move(days=1)
    locking.idle.look()
    assert not locking.is_locked


def test_after_ten_wrong_passwords_the_right_one_waits(qtbot: QtBot, program: Program, locking: Locking) -> None:
    locking.lock()
    for _ in range(10):
        unlock(qtbot, locking, program, WRONG)
    unlock(qtbot, locking, program, PASSWORD)
    assert locking.is_locked


class Picture(PlainView):
    """A customer's screen of one colour."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.is_dark:
            painter = QPainter(self)
            painter.fillRect(event.rect(), CUSTOMERS)
            painter.end()


def traces() -> int:
    """Return how many points of the customer's screen can be seen in the windows there are."""
    found = 0
    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            picture = window.grab().toImage()
            places = (QPoint(x, y) for x in range(0, picture.width(), GRID) for y in range(0, picture.height(), GRID))
            found += sum(picture.pixelColor(place) == CUSTOMERS for place in places)
    return found


@pytest.fixture
def sharing(program: Program, locking: Locking) -> Workstation:
    """Give Nadia's desk with a customer's screen in sight."""
    desk, views = Workstation(program), list[Picture]()
    set_clock(program, SetClock())

    def make() -> Picture:
        views.append(Picture())
        return views[-1]

    program.desk.site = replace(
        program.desk.site, open_gateway=lambda _ctx: "http://127.0.0.1:8477", load_view=lambda: make
    )
    program.desk.change_settings(replace(program.desk.settings, gateway_mode="desk"))

    def show(view: SessionView) -> None:
        desk.window.open_session(view.id)
        wait_until(lambda: desk.session.editor is not None and desk.session.editor.view.id == view.id, view.number)
        desk.settle()

    live(desk, intervention(desk, show))
    wait_until(lambda: views and views[0].opened, "the view to be opened")
    views[0].titled.emit("live 15 38")
    return desk


def test_a_customers_screen_is_not_seen_behind_the_lock_goes_on_and_is_seen_again_with_the_password(
    qtbot: QtBot, program: Program, locking: Locking, sharing: Workstation
) -> None:
    page = sharing.session.page
    assert isinstance(page, InterventionStep)
    full = page.ui.shareFull
    qtbot.waitUntil(lambda: traces() > 100)
    ways: tuple[tuple[Callable[[], None], Callable[[], object]], ...] = (
        (lambda: None, lambda: QTest.keySequence(program.window.windowHandle(), QKeySequence("Ctrl+Alt+L"))),
        (full.click, locking.idle.idle.emit),  # over the whole screen, in a window of its own
    )
    for show, lock in ways:
        show()
        settle(qtbot, program)
        assert traces() > 100
        lock()
        assert locking.is_locked
        settle(qtbot, program)
        assert traces() == 0
        assert state(sharing) is ShareState.LIVE
        unlock(qtbot, locking, program, PASSWORD)
        assert not is_locked(locking)
        assert traces() > 100


def test_other_windows_close_as_the_desk_locks(qtbot: QtBot, locking: Locking) -> None:
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    locking.lock()
    assert not other.isVisible()


def test_somebody_else_signs_in_to_a_program_that_begins_anew(
    qtbot: QtBot, program: Program, locking: Locking, in_worker: Callable[..., Any]
) -> None:
    locking.lock()
    qtbot.mouseClick(locking.screen.ui.leave, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not program.window.isVisible(), timeout=30_000)
    assert program.again
    settle(qtbot, program)
    assert told(program, in_worker)[-1] == "signed_out"


def test_somebody_else_waits_while_something_typed_is_only_on_this_screen(
    qtbot: QtBot, program: Program, locking: Locking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program.window, "loses", lambda: True)
    locking.lock()
    qtbot.mouseClick(locking.screen.ui.leave, Qt.MouseButton.LeftButton)
    settle(qtbot, program)
    assert program.window.isVisible()
    assert not program.again
    assert locking.screen.ui.told.text() == WORDS.text("errors.lock_unsaved", name="Nadia Leroy")


def test_the_palette_offers_to_lock(program: Program, locking: Locking) -> None:
    offered = {command.text: command for command in program.window.commands()}
    offered["Verrouiller le poste"].run()
    assert locking.is_locked
