"""The periods of a report begin where a person would begin to count."""

from datetime import date, timedelta
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.report import Figure, Period, Total, figures, first_day, waited


@pytest.mark.parametrize(
    ("period", "today", "first"),
    [
        (Period.TODAY, date(2026, 11, 26), date(2026, 11, 26)),
        (Period.WEEK, date(2026, 11, 26), date(2026, 11, 20)),
        (Period.MONTH, date(2026, 3, 1), date(2026, 1, 31)),
        (Period.YEAR, date(2026, 11, 26), date(2025, 12, 1)),
        (Period.YEAR, date(2026, 12, 31), date(2026, 1, 1)),
        (Period.YEAR, date(2024, 2, 29), date(2023, 3, 1)),
    ],
)
def test_a_period_that_ends_today_begins_with_its_first_day(period: Period, today: date, first: date) -> None:
    assert first_day(period, today) == first


@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=60))
def test_the_median_of_counted_waits_is_that_of_the_waits_to_within_three_per_cent(seconds: list[int]) -> None:
    day = date(2026, 11, 23)
    found = figures(Total(day, 0, "", Figure.CALL_BACK, waited(timedelta(seconds=one)), 1) for one in seconds)
    told, true = found.call_back_seconds, max(median_low(seconds), 1)
    assert told is not None
    assert abs(told - true) <= max(0.03 * true, 1)


def test_the_share_of_call_backs_in_time_is_of_all_that_were_made() -> None:
    day = date(2026, 11, 23)
    found = figures([Total(day, 0, "", Figure.CALL_BACK, "3", 4), Total(day, 0, "", Figure.CALL_BACK_KEPT, "", 3)])
    assert (found.call_back_permille, found.call_backs_kept) == (750, 3)
    nothing = figures([])
    assert (nothing.call_back_seconds, nothing.call_back_permille) == (None, None)
