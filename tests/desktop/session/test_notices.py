"""The line above a step says what is true now, and falls silent when it no longer is."""

from PySide6.QtCore import Qt

from agent_desk.rules.session import Step
from tests.journeys.main_job import LETTERS, customer, go_on
from tests.support.workstation import Workstation

F9, ENTER = Qt.Key.Key_F9, Qt.Key.Key_Return
CONTROL = Qt.KeyboardModifier.ControlModifier


def said(desk: Workstation) -> str:
    return desk.session.notices.sentence


def with_a_printer(desk: Workstation) -> None:
    """Bring a new session to its second step, with one service."""
    desk.new_session()
    desk.settle()
    customer(desk, LETTERS["fr"])
    go_on(desk, Step.REQUEST)
    desk.type("imprimante")
    desk.press(ENTER)
    desk.settle()


def test_what_was_missing_is_not_said_any_more_once_it_is_there(desk: Workstation) -> None:
    with_a_printer(desk)
    go_on(desk, Step.PREREQUISITES)
    desk.press(F9)
    assert "ordinateur" in said(desk)
    desk.answer("1")
    assert said(desk) == "", "the computer is known now"
    desk.press(F9)
    assert "modèle" in said(desk), "F9 names what is missing next"


def test_another_answer_leaves_the_sentence_about_what_is_still_missing(desk: Workstation) -> None:
    with_a_printer(desk)
    go_on(desk, Step.PREREQUISITES)
    desk.press(F9)
    desk.session.goto(Step.PREREQUISITES, "prerequisites.discs")
    desk.answer("o")
    desk.settle()
    assert "ordinateur" in said(desk)


def test_what_a_step_says_stays_with_that_step(desk: Workstation) -> None:
    with_a_printer(desk)
    desk.type("domaine pro")
    desk.press(ENTER)
    assert "Pro" in said(desk)
    go_on(desk, Step.PREREQUISITES)
    assert said(desk) == ""


def test_going_back_to_what_blocks_keeps_the_sentence_that_says_so(desk: Workstation) -> None:
    with_a_printer(desk)
    go_on(desk, Step.PREREQUISITES)
    desk.press(Qt.Key.Key_4, CONTROL)
    desk.press(F9)
    assert desk.session.step is Step.PREREQUISITES
    assert "ordinateur" in said(desk)
