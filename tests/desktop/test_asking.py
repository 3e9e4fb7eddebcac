"""Desks of several teams ask each other: whether something can be worked on, and who takes a case over."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from agent_desk.actions.answer_feasibility import answer_feasibility
from agent_desk.actions.look_at_path import look_at_path
from agent_desk.actions.look_at_promises import look_at_promises
from agent_desk.actions.promises import make_promise
from agent_desk.actions.qualify_session import qualify_session
from agent_desk.actions.record import take
from agent_desk.actions.set_duties import set_duties
from agent_desk.desktop.promise_card import PromiseRow
from agent_desk.desktop.questions import QuestionsScreen
from agent_desk.desktop.session.answer_bar import AnswerBar
from agent_desk.desktop.session.escalation_bar import EscalationBar
from agent_desk.desktop.session.matters import MATTERS
from agent_desk.desktop.session.screen import SessionScreen
from agent_desk.paths import data_path
from agent_desk.rules.duties import Duty
from agent_desk.rules.escalation import EscalationState, ReturnReason
from agent_desk.rules.feasibility import Verdict
from agent_desk.rules.promise import PromiseEnd, PromiseKind
from agent_desk.rules.session import Feasibility, Line
from agent_desk.wiring.desktop import Program
from tests.support.callcentre import ADA, KARIM, NADIA, CallCentre
from tests.support.desks import content, drafted
from tests.support.signed_in import Starter

ROUTER = Line("network.router", equipment="Netgear Nighthawk R7000")


def settle(qtbot: QtBot, program: Program) -> None:
    qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=10_000)


def opened(qtbot: QtBot, program: Program, session_id: int) -> SessionScreen:
    program.desk.openRequested.emit(session_id)
    screen: SessionScreen = program.window.screen_named("session")
    qtbot.waitUntil(lambda: screen.editor is not None and screen.editor.view.id == session_id, timeout=10_000)
    settle(qtbot, program)
    return screen


@pytest.fixture
def duties(staffed: CallCentre) -> CallCentre:
    """Give a call centre where the south looks after terminals and decides on feasibility."""
    set_duties(staffed.ctx(ADA), "Sud", [Duty.TERMINALS, Duty.FEASIBILITY])
    set_duties(staffed.ctx(ADA), "Nord", [Duty.COMMERCIAL])
    return staffed


def test_a_question_is_answered_from_today_and_its_condition_stands_in_the_session(
    qtbot: QtBot, sign_in_as: Starter, duties: CallCentre, in_worker: Callable[..., Any]
) -> None:
    nadia = duties.ctx(NADIA)
    view = drafted(nadia, content(ROUTER))
    qualify_session(nadia, view.id, view.version)
    answer_feasibility(nadia, view.id, "lines[0]", Feasibility.ASKED)
    karim = sign_in_as(KARIM)
    assert karim.window.current.promised.findChild(PromiseRow).open.isVisible()  # type: ignore[union-attr]
    qtbot.keyClick(karim.window.current, Qt.Key.Key_F9)
    screen = karim.window.current
    assert isinstance(screen, QuestionsScreen)
    qtbot.waitUntil(lambda: screen._shown is not None)
    screen.buttons[Verdict.CONDITIONS].click()
    qtbot.waitUntil(lambda: "condition" in screen.says())
    qtbot.keyClicks(screen.conditions, "version 1.4 ou plus")
    screen.buttons[Verdict.CONDITIONS].click()
    qtbot.waitUntil(lambda: not screen.answering.isVisible())
    assert [one.verdict for one in screen.model.rows] == [Verdict.CONDITIONS]
    screen.ui.search.setText("tp-link")
    qtbot.waitUntil(screen.ui.nothing.isVisible)
    desk = sign_in_as(NADIA)
    session = opened(qtbot, desk, view.id)
    assert "version 1.4 ou plus" in session.notices.sentence
    session.go(session.step.PREREQUISITES)
    row = session.page._rows[0]  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: "version 1.4 ou plus" in row.feasibility._hint.text())
    assert row.feasibility.value is Feasibility.YES


def test_a_case_is_sent_taken_and_sent_back_with_its_reason(
    qtbot: QtBot, sign_in_as: Starter, duties: CallCentre
) -> None:
    nadia = duties.ctx(NADIA)
    view = drafted(nadia)
    sender = sign_in_as(NADIA)
    session = opened(qtbot, sender, view.id)
    session.matters.open("escalation")
    bar = session.matters._bars["escalation"]
    assert isinstance(bar, EscalationBar)
    qtbot.waitUntil(bar.isVisible)
    assert "notre équipe Sud. Nadia Leroy vous rappelle" in bar.say.text()
    bar.send.click()
    assert bar.isVisible()  # nothing was said of the case yet
    qtbot.keyClicks(bar.fields["tried"], "Redemarrage")
    bar.send.click()
    qtbot.waitUntil(lambda: sender.window.current is sender.window.screen_named("today"), timeout=10_000)
    receiver = sign_in_as(KARIM)
    assert receiver.window.current.promised.findChild(PromiseRow).clock.text()  # type: ignore[union-attr]
    theirs = opened(qtbot, receiver, view.id)
    theirs.matters.open("escalation")
    back = theirs.matters._bars["escalation"]
    assert isinstance(back, EscalationBar)
    qtbot.waitUntil(back.give_back.isVisible)
    assert back.path.text() == "Nord → Sud"
    back.reason.set_value(ReturnReason.WRONG_TEAM)
    back.give_back.click()
    qtbot.waitUntil(lambda: receiver.window.current is receiver.window.screen_named("today"), timeout=10_000)
    (stretch,) = look_at_path(duties.ctx(NADIA), view.id)
    assert (stretch.state, stretch.reason) == (EscalationState.RETURNED, ReturnReason.WRONG_TEAM)


def test_every_matter_has_a_name_and_is_offered_in_one_menu(
    qtbot: QtBot, sign_in_as: Starter, duties: CallCentre
) -> None:
    view = drafted(duties.ctx(NADIA))
    desk = sign_in_as(NADIA)
    session = opened(qtbot, desk, view.id)
    menu = session.matters.menu()
    texts = [action.text() for action in menu.actions()]
    assert texts == [one.text for one in session.matters.commands()]
    assert texts
    assert all(texts)
    drawn = {path.stem for path in data_path("resources", "icons").glob("*.svg")}
    assert {one.icon for one in (*session.commands(), *desk.window.commands())} <= drawn | {""}
    menu.actions()[0].trigger()
    bar = session.matters._bars[MATTERS[0].name]
    qtbot.waitUntil(bar.isVisible)
    qtbot.keyClick(bar, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    menu.deleteLater()
    settle(qtbot, desk)
    editor = session.editor
    assert editor is not None
    qtbot.waitUntil(lambda: not editor.unsaved, timeout=10_000)  # the keyboard came back to a field


def test_news_promised_are_told_from_today_or_put_off_in_the_session_with_a_reason(
    qtbot: QtBot, sign_in_as: Starter, duties: CallCentre, in_worker: Callable[..., Any]
) -> None:
    nadia = duties.ctx(NADIA)
    view = drafted(nadia)

    def promised(minutes: int) -> None:
        with nadia.database.write() as tx:
            held = take(nadia, tx, view.id)
            due = datetime.now(UTC) + timedelta(minutes=minutes)
            make_promise(held, PromiseKind.ANSWER, due, subject="plateforme")

    promised(30)
    desk = sign_in_as(NADIA)
    session = opened(qtbot, desk, view.id)
    session.matters.open("answer")
    bar = session.matters._bars["answer"]
    assert isinstance(bar, AnswerBar)
    qtbot.waitUntil(bar.isVisible)
    bar.later.click()
    assert bar.reason.hasFocus()  # a reason is missing
    qtbot.keyClicks(bar.reason, "panne plus longue")
    bar.later.click()
    qtbot.waitUntil(lambda: not bar.isVisible(), timeout=10_000)
    before, after = look_at_promises(nadia, view.id)
    assert (before.end, after.end, after.subject) == (PromiseEnd.MOVED, None, "plateforme")
    assert after.due_at > before.due_at
    desk.window.go("today")
    settle(qtbot, desk)
    row = desk.window.current.promised.findChild(PromiseRow)  # type: ignore[union-attr]
    row.told.click()
    qtbot.waitUntil(lambda: look_at_promises(nadia, view.id)[1].end is PromiseEnd.KEPT, timeout=10_000)
    settle(qtbot, desk)
