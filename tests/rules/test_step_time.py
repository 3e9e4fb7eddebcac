"""Time at a step is what a desk heard of: never more than the session lasted, nothing for a clock set back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.session import Step
from agent_desk.rules.step_time import seconds_at_step

OPENED = datetime(2026, 11, 23, 11, 0, 0, 700_000, tzinfo=UTC)
steps = st.sampled_from(Step)
leaps = st.timedeltas(timedelta(hours=-2), timedelta(hours=2))
pauses = st.timedeltas(timedelta(), timedelta(minutes=14))


def told(leaps: list[tuple[Step, timedelta]]) -> tuple[int, timedelta]:
    """Return the seconds of all steps, and the longest the session had lasted."""
    counted, at, longest = 0, OPENED, timedelta()
    for step, leap in leaps:
        added = seconds_at_step(step, OPENED, at, at + leap, counted)
        assert added >= 0
        assert leap >= timedelta() or added == 0
        counted, at = counted + added, at + leap
        longest = max(longest, at - OPENED)
    return counted, longest


@given(st.lists(st.tuples(steps, leaps), max_size=40))
def test_all_steps_together_never_exceed_the_session_however_its_clock_is_set(
    leaps: list[tuple[Step, timedelta]],
) -> None:
    counted, longest = told(leaps)
    assert counted <= longest / timedelta(seconds=1)


@given(st.lists(st.tuples(steps, pauses), max_size=40))
def test_of_many_short_times_nothing_is_lost_but_the_second_under_way(pauses: list[tuple[Step, timedelta]]) -> None:
    counted, longest = told(pauses)
    assert counted == longest // timedelta(seconds=1)


@pytest.mark.parametrize(
    ("step", "silence", "minutes"),
    [
        (Step.CUSTOMER, timedelta(minutes=15), 15),
        (Step.CUSTOMER, timedelta(minutes=16), 15),
        (Step.CLOSING, timedelta(hours=14), 15),
        (Step.INTERVENTION, timedelta(minutes=59), 59),
        (Step.INTERVENTION, timedelta(hours=14), 60),
    ],
)
def test_of_a_long_silence_only_so_much_counts_and_more_where_the_work_is_elsewhere(
    step: Step, silence: timedelta, minutes: int
) -> None:
    assert seconds_at_step(step, OPENED, OPENED, OPENED + silence, 0) == minutes * 60
