"""How amounts, numbers, dates and times read in both languages."""

from datetime import UTC, date, datetime, time

import pytest

from agent_desk.formats import (
    format_cents,
    format_date,
    format_day,
    format_duration,
    format_hour,
    format_moment,
    format_number,
    format_permille,
    format_short_date,
    format_short_moment,
)

TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cents", "french", "english"),
    [
        (7900, "79,00\u00a0€", "€79.00"),
        (0, "0,00\u00a0€", "€0.00"),
        (5, "0,05\u00a0€", "€0.05"),
        (123456789, "1\u202f234\u202f567,89\u00a0€", "€1,234,567.89"),
        (-1317, "−13,17\u00a0€", "−€13.17"),
    ],
)
def test_an_amount_is_written_as_each_language_wants_it(cents: int, french: str, english: str) -> None:
    assert format_cents(cents, "fr") == french
    assert format_cents(cents, "en") == english


def test_thousands_are_set_apart() -> None:
    assert format_number(1204388, "fr") == "1\u202f204\u202f388"
    assert format_number(1204388, "en") == "1,204,388"


@pytest.mark.parametrize(
    ("permille", "french", "english"), [(200, "20\u202f%", "20%"), (85, "8,5\u202f%", "8.5%"), (0, "0\u202f%", "0%")]
)
def test_a_rate_keeps_its_half_point(permille: int, french: str, english: str) -> None:
    assert format_permille(permille, "fr") == french
    assert format_permille(permille, "en") == english


def test_the_first_of_the_month_is_an_ordinal_in_french_only() -> None:
    assert format_date(date(2026, 12, 1), "fr") == "1er\u00a0décembre\u00a02026"
    assert format_date(date(2026, 12, 1), "en") == "1\u00a0December\u00a02026"


def test_a_day_carries_its_weekday() -> None:
    assert format_day(date(2026, 11, 30), "fr") == "lundi 30\u00a0novembre\u00a02026"
    assert format_day(date(2026, 11, 30), "en") == "Monday 30\u00a0November\u00a02026"


def test_lists_show_short_dates_and_chips_short_moments() -> None:
    assert format_short_date(TUESDAY.date(), "fr") == "24\u00a0nov.\u00a02026"
    assert format_short_date(TUESDAY.date(), "en") == "24\u00a0Nov\u00a02026"
    assert format_short_moment(TUESDAY, "fr") == "mar. 24\u00a0nov., 10\u00a0h"
    assert format_short_moment(TUESDAY, "en") == "Tue 24\u00a0Nov, 10:00"


def test_a_moment_is_said_in_full() -> None:
    assert format_moment(TUESDAY, "fr") == "24\u00a0novembre\u00a02026 à 10\u00a0h"
    assert format_moment(TUESDAY, "en") == "24\u00a0November\u00a02026 at 10:00"


def test_minutes_are_said_only_when_there_are_some() -> None:
    assert format_hour(time(8, 0), "fr") == "8\u00a0h"
    assert format_hour(time(14, 5), "fr") == "14\u00a0h\u00a005"
    assert format_hour(time(8, 0), "en") == "08:00"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (372, "06\u00a0min 12\u00a0s"),
        (0, "00\u00a0min 00\u00a0s"),
        (-4, "00\u00a0min 00\u00a0s"),
        (3840, "1\u00a0h 04\u00a0min"),
    ],
)
def test_a_call_shows_how_long_it_has_lasted(seconds: int, text: str) -> None:
    assert format_duration(seconds) == text
