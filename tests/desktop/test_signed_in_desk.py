"""The whole program at a desk of a call centre, whose agent signed in to the database."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from agent_desk.actions.ask_help import ask_help
from agent_desk.actions.close_session import close_session
from agent_desk.actions.correct_session import correct_session
from agent_desk.actions.hand_over_session import hand_over_session
from agent_desk.actions.list_receivers import list_receivers
from agent_desk.actions.list_today import list_today
from agent_desk.actions.load_session import load_session
from agent_desk.actions.review_session import choose_review, review_session
from agent_desk.desktop.catalogue import CatalogueScreen
from agent_desk.desktop.changes import ChangesScreen
from agent_desk.desktop.fault_panel import FaultPanel
from agent_desk.desktop.settings_screen import SettingsScreen
from agent_desk.desktop.sign_in import SignIn
from agent_desk.desktop.today import TodayScreen
from agent_desk.rules.handover import Words
from agent_desk.rules.review import Mark, ReviewStep
from agent_desk.rules.session import HomeVisit, Outcome
from agent_desk.storage.events import SITE_CHAIN, history
from agent_desk.storage.people import set_password
from agent_desk.wiring.desktop import Program
from agent_desk.wording import load_wording
from tests.support.callcentre import ADA, KARIM, NADIA, SAM, YVES, CallCentre
from tests.support.desks import agreed, content, finished
from tests.support.signed_in import Starter, close

PASSWORD = "correct horse battery"
WORDS = load_wording("fr")


def told(centre: CallCentre) -> list[tuple[str, str]]:
    with centre.owner.read() as tx:
        return [(event.kind, event.actor) for event in history(tx, SITE_CHAIN) if event.kind.startswith("signed_")]


def test_a_desk_shows_its_agents_name_and_team_and_leaves_sending_to_a_worker(
    sign_in_as: Starter, staffed: CallCentre, in_worker: Callable[..., Any], qtbot: QtBot
) -> None:
    agreed(staffed.ctx(KARIM), content(customer=YVES))
    agreed(staffed.ctx(NADIA))  # its offer waits
    program = sign_in_as(NADIA)
    assert isinstance(program.window.current, TodayScreen)
    assert (program.desk.context.person, program.desk.settings.agent_name) == (NADIA, "Nadia Leroy")
    program.sending.wake()
    assert not program.sending._sending
    assert told(staffed) == [("signed_in", "00000000")]
    assert [row.customer for row in in_worker(list_open, program)] == ["Claire Morvan"]
    close(program)
    assert told(staffed)[-1] == ("signed_out", "00000000")


def test_an_administrator_proposes_a_price_at_a_desk_that_shows_no_session(
    sign_in_as: Starter, staffed: CallCentre, qtbot: QtBot
) -> None:
    program = sign_in_as(ADA)
    program.window.go("changes")
    screen: ChangesScreen = program.window.screen_named("changes")
    assert program.window.current is screen
    qtbot.waitUntil(screen.new_button.isEnabled)
    screen.open_form()
    field = screen.form.fields["cents"]
    assert isinstance(field, QLineEdit)
    field.setText("31,50")
    screen.form.reason.setText("Nouveau tarif")
    qtbot.waitUntil(screen.form.propose.isEnabled)
    screen.form.propose.click()
    qtbot.waitUntil(lambda: [one.by for one in screen.model.rows] == ["Ada Martin"])


def list_open(program: Program) -> Any:
    ctx = program.desk.context
    assert ctx.database.dialect == "postgresql"
    return list_today(ctx).open


def test_a_role_that_is_nobody_here_is_told_so(sign_in_as: Starter, centre: CallCentre) -> None:
    centre.server.run("CREATE ROLE stranger LOGIN IN ROLE agent_desk_agent")
    # As is said of a role for monitoring: without it the server itself might not let it in.
    centre.server.run(f"GRANT CONNECT ON DATABASE {centre.name} TO stranger")
    try:
        program = sign_in_as("stranger")
        panel = program.window.current
        assert isinstance(panel, FaultPanel)
        assert panel.sentence.text() == program.desk.wording.text("errors.no_rights")
    finally:
        centre.server.run(f"REVOKE CONNECT ON DATABASE {centre.name} FROM stranger")
        centre.server.run("DROP ROLE stranger")


@pytest.fixture
def asking(staffed: CallCentre) -> Iterator[None]:
    """Have the server ask everybody but its superuser for a password, as it does over the network."""
    file = staffed.server.folder / "data" / "pg_hba.conf"
    before = file.read_text()
    file.write_text(f"local all {staffed.server.user} trust\nlocal {staffed.name} all scram-sha-256\n{before}")
    staffed.server.run("SELECT pg_reload_conf()")
    with staffed.owner.write() as tx:
        set_password(tx, NADIA, PASSWORD, None)
    yield
    file.write_text(before)
    staffed.server.run("SELECT pg_reload_conf()")


@pytest.fixture
def form(sign_in_as: Starter, asking: None) -> tuple[Program, SignIn]:
    """Give a program that asks who is there, and what it asks with."""
    program = sign_in_as()
    shown = program.window.ui.screens.currentWidget()
    assert isinstance(shown, SignIn)
    return program, shown


def enter(qtbot: QtBot, program: Program, form: SignIn, login: str, password: str) -> None:
    """Type an account with the keyboard alone, and wait for the answer."""
    form.ui.login.clear()
    form.ui.login.setFocus()
    qtbot.keyClicks(form.ui.login, login)
    qtbot.keyClick(form.ui.login, Qt.Key.Key_Return)
    qtbot.keyClicks(form.ui.password, password)
    qtbot.keyClick(form.ui.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.desk.ready or form.ui.enter.isEnabled(), timeout=30_000)
    qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=30_000)


def test_an_agent_signs_in_with_login_and_password(
    qtbot: QtBot, form: tuple[Program, SignIn], staffed: CallCentre
) -> None:
    program, asked = form
    assert not asked.ui.told.isVisible()
    assert asked.ui.password.echoMode() is QLineEdit.EchoMode.Password
    enter(qtbot, program, asked, " Nadia ", PASSWORD)
    assert program.desk.context.person == NADIA
    assert isinstance(program.window.current, TodayScreen)
    assert program.window.ui.rail.isEnabled()
    assert asked.ui.password.text() == ""
    assert told(staffed) == [("signed_in", "00000000")]
    assert PASSWORD not in str(program.desk.settings)
    assert PASSWORD not in str(program.desk.context.settings)


def test_a_wrong_password_and_an_unknown_login_get_the_same_sentence(
    qtbot: QtBot, form: tuple[Program, SignIn], staffed: CallCentre
) -> None:
    program, asked = form
    sentences = set()
    for login, password in ((NADIA, "wrong horse battery"), ("nobody", PASSWORD)):
        enter(qtbot, program, asked, login, password)
        assert not program.desk.ready
        assert asked.ui.told.isVisible()
        assert (asked.ui.login.text(), asked.ui.password.text()) == (login, "")
        assert asked.ui.password.hasFocus()
        sentences.add(asked.ui.told.text())
    assert sentences == {WORDS.text("errors.password_refused")}
    staffed.server.run("ALTER ROLE nadia VALID UNTIL '2000-01-01'")
    enter(qtbot, program, asked, NADIA, PASSWORD)
    assert asked.ui.told.text() in sentences  # the server does not say which it was
    staffed.server.run("ALTER ROLE nadia VALID UNTIL 'infinity'")
    enter(qtbot, program, asked, NADIA, PASSWORD)
    assert program.desk.context.person == NADIA
    with staffed.owner.read() as tx:  # who was refused could not write it: whoever was let in did
        last = history(tx, SITE_CHAIN)[-1]
    assert (last.kind, last.actor) == ("sign_in_refused", "00000000")
    assert last.payload is not None
    assert (last.payload["count"], last.payload["login"]) == (3, NADIA)


def test_a_desk_locks_and_the_servers_password_unlocks_it(
    qtbot: QtBot, form: tuple[Program, SignIn], staffed: CallCentre
) -> None:
    program, asked = form
    enter(qtbot, program, asked, NADIA, PASSWORD)
    qtbot.waitUntil(lambda: program._locking is not None, timeout=30_000)
    locking = program._locking
    assert locking is not None
    for password, still in (("wrong horse battery", True), (PASSWORD, False)):
        locking.lock()
        qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=30_000)  # until the log says so
        qtbot.keyClicks(locking.screen.ui.password, password)
        qtbot.keyClick(locking.screen.ui.password, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not locking.is_locked or locking.screen.ui.unlock.isEnabled(), timeout=30_000)
        qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=30_000)
        assert locking.is_locked is still
    with staffed.owner.read() as tx:
        kinds = [event.kind for event in history(tx, SITE_CHAIN)][-4:]
    assert kinds == ["signed_in", "locked", "sign_in_refused", "unlocked"]


def test_a_desk_whose_server_asks_for_no_password_does_not_lock(sign_in_as: Starter, staffed: CallCentre) -> None:
    assert sign_in_as(NADIA)._locking is None


def test_nothing_is_asked_of_the_server_while_a_field_is_empty(qtbot: QtBot, form: tuple[Program, SignIn]) -> None:
    program, asked = form
    qtbot.mouseClick(asked.ui.enter, Qt.MouseButton.LeftButton)
    assert asked.ui.login.hasFocus()
    qtbot.keyClicks(asked.ui.login, "nadia")
    qtbot.mouseClick(asked.ui.enter, Qt.MouseButton.LeftButton)
    assert asked.ui.password.hasFocus()
    assert not program.desk.background.busy


def test_settings_can_be_reached_from_there(qtbot: QtBot, form: tuple[Program, SignIn]) -> None:
    program, asked = form
    qtbot.mouseClick(asked.ui.settings, Qt.MouseButton.LeftButton)
    assert isinstance(program.window.ui.screens.currentWidget(), SettingsScreen)


def test_a_session_handed_over_appears_on_the_receivers_today_by_itself(
    sign_in_as: Starter, staffed: CallCentre, in_worker: Callable[..., Any], qtbot: QtBot
) -> None:
    program = sign_in_as(KARIM)
    today = program.window.current
    assert isinstance(today, TodayScreen)
    qtbot.waitUntil(lambda: program.desk.hearing.is_told, timeout=10_000)
    qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=30_000)
    assert not today.handed_card.isVisible()

    def hand_over() -> None:
        nadia = staffed.ctx(NADIA)
        mine = agreed(nadia)
        to = next(one for one in list_receivers(nadia) if one.name == "Karim Benali")
        hand_over_session(nadia, mine.id, mine.version, to, Words("a", "b", "c"))

    in_worker(hand_over)
    qtbot.waitUntil(today.handed_card.isVisible, timeout=3000)


def test_a_review_returned_appears_on_the_agents_today_by_itself_and_greets_who_signed_in(
    sign_in_as: Starter, staffed: CallCentre, in_worker: Callable[..., Any], qtbot: QtBot
) -> None:
    view = finished(staffed.ctx(NADIA))
    close_session(staffed.ctx(NADIA), view.id, view.version)
    program = sign_in_as(NADIA)
    today = program.window.current
    assert isinstance(today, TodayScreen)
    assert today.ui.greeting.whole() == "Bonjour Nadia Leroy"
    qtbot.waitUntil(lambda: program.desk.hearing.is_told, timeout=10_000)
    qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=30_000)
    assert not today.returned_card.isVisible()

    def send_back() -> None:
        sam = staffed.ctx(SAM)
        found, seen = choose_review(sam, view.id), load_session(sam, view.id).version
        review_session(sam, view.id, found.review.version, seen, ReviewStep.RETURN, Mark.FAULT, "Prix non redit.")

    in_worker(send_back)
    qtbot.waitUntil(today.returned_card.isVisible, timeout=3000)


def test_a_supervisor_is_told_quietly_who_asks_for_help(
    sign_in_as: Starter, staffed: CallCentre, in_worker: Callable[..., Any], qtbot: QtBot
) -> None:
    program = sign_in_as(SAM)
    qtbot.waitUntil(lambda: program.desk.hearing.is_told, timeout=10_000)
    qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=30_000)

    def ask() -> str:
        nadia = staffed.ctx(NADIA)
        mine = agreed(nadia)
        ask_help(nadia, mine.id, "le client crie")
        return mine.number

    heard: list[str] = []
    program.desk.told.connect(heard.append)
    with qtbot.waitSignal(program.desk.helpChanged, timeout=3000):
        number = in_worker(ask)
    qtbot.waitUntil(lambda: bool(heard), timeout=3000)
    told = WORDS.text("help.asked_for", name="Nadia Leroy", number=number, reason="le client crie")
    assert heard == [told]


def test_a_servers_administrator_begins_where_there_is_something_to_do_and_is_offered_no_sessions(
    sign_in_as: Starter, staffed: CallCentre, qtbot: QtBot
) -> None:
    program = sign_in_as(ADA)
    window = program.window
    assert isinstance(window.current, CatalogueScreen)
    assert not window._notice.isVisible()
    shown = {name for name, button in window.ui.rail.buttons.items() if button.isVisible()}
    assert shown == {"catalogue", "help", "settings"}
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=30_000)
    assert isinstance(window.current, CatalogueScreen)
    assert not window._notice.isVisible()


def test_what_somebody_is_refused_for_who_they_are_stands_in_the_log_under_their_name(
    sign_in_as: Starter, staffed: CallCentre, qtbot: QtBot
) -> None:
    program = sign_in_as(NADIA)
    view = finished(staffed.ctx(NADIA))
    closed = close_session(staffed.ctx(NADIA), view.id, view.version)
    said: list[str] = []
    program.desk.failed.connect(said.append)
    program.desk.run(
        lambda ctx: correct_session(ctx, closed.id, closed.version, [Outcome.SOLVED] * 2, HomeVisit.NONE, "raison")
    )
    qtbot.waitUntil(lambda: bool(said), timeout=10_000)
    with staffed.owner.read() as tx:
        told_ = [one for one in history(tx, SITE_CHAIN) if one.kind == "denied"]
    assert [one.payload for one in told_] == [{"by": "Nadia Leroy", "what": "correction_not_allowed"}]
    assert all(one.intact for one in told_)
