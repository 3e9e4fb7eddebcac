"""Section 5: which state follows which."""

from itertools import pairwise

import pytest

from agent_desk.rules.lifecycle import may_become, may_issue_code, may_park, withdrawn_lines
from agent_desk.rules.session import ENDED, Line, Outcome, State

MAIN_PATH = [State.DRAFT, State.QUALIFIED, State.AGREED, State.IN_PROGRESS, State.CLOSED]
LONG_PATH = [State.QUALIFIED, State.FEASIBILITY, State.AGREED, State.SCHEDULED, State.IN_PROGRESS]
LINES = (Line("mail.account", outcome=Outcome.SOLVED), Line("help.usage"))


@pytest.mark.parametrize("path", [MAIN_PATH, LONG_PATH])
def test_a_session_goes_from_draft_to_closed(path: list[State]) -> None:
    assert all(may_become(before, after) for before, after in pairwise(path))


@pytest.mark.parametrize("state", sorted(ENDED))
def test_what_has_ended_never_changes(state: State) -> None:
    assert not any(may_become(state, target) for target in State)


@pytest.mark.parametrize("state", State)
def test_only_work_in_progress_is_closed(state: State) -> None:
    assert may_become(state, State.CLOSED) is (state is State.IN_PROGRESS)


@pytest.mark.parametrize("state", State)
def test_one_cancels_before_the_work_only(state: State) -> None:
    before = {State.DRAFT, State.QUALIFIED, State.FEASIBILITY, State.AGREED, State.SCHEDULED}
    assert may_become(state, State.CANCELLED) is (state in before)


@pytest.mark.parametrize("state", State)
def test_one_withdraws_from_what_was_agreed(state: State) -> None:
    agreed = {State.AGREED, State.SCHEDULED, State.IN_PROGRESS}
    assert may_become(state, State.WITHDRAWN) is (state in agreed)
    assert may_issue_code(state) is (state in agreed)


@pytest.mark.parametrize("state", State)
def test_no_step_is_taken_twice_and_work_needs_an_agreement(state: State) -> None:
    assert not may_become(state, state)
    assert may_become(state, State.IN_PROGRESS) is (state in {State.AGREED, State.SCHEDULED})


@pytest.mark.parametrize("state", State)
def test_anything_not_ended_can_be_put_aside(state: State) -> None:
    assert may_park(state) is (state not in ENDED)


@pytest.mark.parametrize("state", [State.AGREED, State.SCHEDULED])
def test_withdrawing_before_the_work_leaves_nothing_performed(state: State) -> None:
    assert {line.outcome for line in withdrawn_lines(LINES, state)} == {Outcome.NOT_PERFORMED}


def test_withdrawing_once_begun_interrupts() -> None:
    assert {line.outcome for line in withdrawn_lines(LINES, State.IN_PROGRESS)} == {Outcome.INTERRUPTED}


def test_withdrawing_after_closing_changes_nothing() -> None:
    assert withdrawn_lines(LINES, State.CLOSED) == LINES
