"""The periods of a report begin where a person would begin to count."""

from datetime import date

import pytest

from agent_desk.rules.report import Period, first_day


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
