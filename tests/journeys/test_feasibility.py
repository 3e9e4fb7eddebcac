"""Equipment on no list: an agent asks, the team that decides answers with a condition, and the next customer waits no more."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent_desk.actions.look_at_questions import look_at_questions
from agent_desk.actions.set_duties import set_duties
from agent_desk.desktop.questions import QuestionsScreen
from agent_desk.desktop.session.prerequisites_step import PrerequisitesStep
from agent_desk.rules.duties import Duty
from agent_desk.rules.feasibility import Verdict
from agent_desk.rules.session import Line, Step
from tests.support.callcentre import ADA, KARIM, NADIA, YVES, CallCentre
from tests.support.desks import NOON, SetClock, clock, content, drafted
from tests.support.seeing import CONTROL, F9, arrived, idle, opened, seen, shows, today
from tests.support.workstation import Workstation, wait_until, workstation

LATER = NOON.replace(year=2035)  # than any server's clock, so that no desk finds its own set back
ROUTER = Line("network.router", equipment="Netgear Nighthawk R7000")


def prerequisites(desk: Workstation, session_id: int) -> PrerequisitesStep:
    """Open a session at what its services need, by Ctrl+3."""
    opened(desk, session_id)
    desk.press(Qt.Key.Key_3, CONTROL)
    wait_until(lambda: desk.session.step is Step.PREREQUISITES, "the prerequisites")
    desk.settle()
    page = desk.session.page
    assert isinstance(page, PrerequisitesStep)
    return page


def test_a_question_is_answered_by_the_team_that_decides_and_serves_the_next_customer(
    qapp: QApplication, tmp_path: Path, staffed: CallCentre
) -> None:
    set_duties(staffed.ctx(ADA), "Sud", [Duty.FEASIBILITY])
    nadia, watch = staffed.ctx(NADIA), SetClock(LATER)
    clock(nadia).time = LATER
    first = drafted(nadia, content(ROUTER))
    following = drafted(nadia, content(replace(ROUTER, equipment=""), customer=YVES))
    with workstation(qapp, tmp_path / "nadia", watch, database_url=staffed.url(NADIA)) as desk:
        prerequisites(desk, first.id)
        row = desk.session.page._rows[0].feasibility  # type: ignore[union-attr]  # the page of prerequisites
        row.setFocus()
        desk.answer("a")
        wait_until(lambda: "✓ Avis attendu" in seen(row), "the question")
        desk.settle()
    with workstation(qapp, tmp_path / "karim", watch, database_url=staffed.url(KARIM)) as desk:
        today(desk)
        shows(desk, "Avis de faisabilité")
        assert ROUTER.equipment in seen(desk.window)
        desk.press(F9)
        wait_until(lambda: isinstance(desk.window.current, QuestionsScreen), "the questions")
        idle(desk)
        screen = desk.window.current
        assert isinstance(screen, QuestionsScreen)
        assert "à rendre : 1" in seen(desk.window)
        wait_until(screen.answering.isVisible, "the form of the answer")
        assert "23 nov." in seen(screen), "its four hours"
        screen.conditions.setFocus()
        desk.type("micrologiciel 1.4 au moins")
        screen.buttons[Verdict.CONDITIONS].setFocus()
        desk.press(Qt.Key.Key_Space)
        wait_until(lambda: not screen.answering.isVisible(), "the answer")
        idle(desk)
        screen.ui.search.setFocus()
        desk.type("nighthawk")
        wait_until(lambda: [one.verdict for one in screen.model.rows] == [Verdict.CONDITIONS], "the list")
    with workstation(qapp, tmp_path / "nadia", watch, database_url=staffed.url(NADIA)) as desk:
        today(desk)
        desk.press(F9)
        arrived(desk, first.id)
        assert "micrologiciel 1.4 au moins" in desk.session.notices.sentence
        prerequisites(desk, first.id)
        shows(desk, "À une condition : micrologiciel 1.4 au moins")
        prerequisites(desk, following.id)  # the next customer, told otherwise
        field = desk.session.page._rows[0].equipment  # type: ignore[union-attr]
        field.setFocus()
        desk.type("netgear  NIGHTHAWK-r7000")
        shows(desk, "À une condition : micrologiciel 1.4 au moins")
        desk.settle()
        assert "✓ Faisable" in seen(desk.window)
    assert look_at_questions(staffed.ctx(KARIM)).open == ()
