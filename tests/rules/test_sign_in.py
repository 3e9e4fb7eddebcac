"""How long an account waits after wrong passwords."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.sign_in import LOCK_AFTER, LONGEST_WAIT, locked_until

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(("failures", "minutes"), [(9, 0), (10, 1), (11, 2), (12, 4), (15, 32), (16, 60), (500, 60)])
def test_from_the_tenth_failure_on_each_wait_is_twice_the_one_before_up_to_an_hour(failures: int, minutes: int) -> None:
    until = locked_until(failures, NOW, NOW)
    assert until == (NOW + timedelta(minutes=minutes) if minutes else None)
    assert locked_until(failures, NOW, NOW + timedelta(minutes=minutes)) is None


def test_an_account_that_never_failed_does_not_wait() -> None:
    assert locked_until(LOCK_AFTER, None, NOW) is None


@given(st.integers(0, 10_000), st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_nobody_waits_longer_than_the_longest_whatever_the_clock_did(failures: int, ago: timedelta) -> None:
    until = locked_until(failures, NOW - ago, NOW)
    assert until is None or NOW < until <= NOW + LONGEST_WAIT
