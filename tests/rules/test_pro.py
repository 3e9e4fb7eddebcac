"""Acts of professional customers are due at the end of the next day of the customer's own calendar."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.pro import DayOfAsking, days_due
from agent_desk.rules.session import Territory

DAY, LEAST = timedelta(days=1), timedelta.resolution


def day_of(territory: str, asked: datetime) -> DayOfAsking:
    """Return the day on which that was asked, found among what is due in the days around."""
    (found,) = (
        one
        for one in days_due(asked - DAY, asked + 5 * DAY)
        if one.territory == territory and one.begins <= asked < one.ends
    )
    return found


@pytest.mark.parametrize(
    ("territory", "asked", "over"),
    [
        ("metropole", "2026-11-23T23:59+01:00", "2026-11-25T00:00+01:00"),
        ("metropole", "2026-11-24T00:00+01:00", "2026-11-26T00:00+01:00"),
        ("reunion", "2026-11-23T23:59+04:00", "2026-11-25T00:00+04:00"),
        ("guadeloupe", "2026-11-23T23:59-04:00", "2026-11-25T00:00-04:00"),
        ("metropole", "2026-12-31T12:00+01:00", "2027-01-02T00:00+01:00"),
        ("metropole", "2028-02-28T12:00+01:00", "2028-03-01T00:00+01:00"),
        ("metropole", "2026-10-24T23:59+02:00", "2026-10-26T00:00+01:00"),  # a day of 25 hours
    ],
)
def test_the_next_day_is_the_customers(territory: str, asked: str, over: str) -> None:
    assert day_of(territory, datetime.fromisoformat(asked)).last == datetime.fromisoformat(over) - LEAST


@given(
    st.integers(0, 3 * 365 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.lists(st.integers(1, 40), min_size=1, max_size=4),
)
def test_each_day_is_due_once_however_the_time_is_cut(begins: datetime, lengths: list[int]) -> None:
    cuts = [begins + DAY * sum(lengths[:count]) for count in range(len(lengths) + 1)]
    parts = [one for first, last in pairwise(cuts) for one in days_due(first, last)]
    assert sorted(parts, key=repr) == sorted(days_due(cuts[0], cuts[-1]), key=repr)
    assert {one.territory for one in parts} == set(Territory)
    assert all(begins <= one.last < cuts[-1] for one in parts)
    assert len(parts) == len(set(parts))
