"""Legal holidays of the seven territories, customary days left out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.holidays import day_off, easter, holidays, is_off
from agent_desk.rules.session import Territory
from agent_desk.wording import load_wording
from tests.support.reference import territories

years = st.integers(1583, 4099)

COMMON_2026 = {
    date(2026, 1, 1): "new_year",
    date(2026, 4, 6): "easter_monday",
    date(2026, 5, 1): "labour_day",
    date(2026, 5, 8): "victory_1945",
    date(2026, 5, 14): "ascension",
    date(2026, 5, 25): "whit_monday",
    date(2026, 7, 14): "national_day",
    date(2026, 8, 15): "assumption",
    date(2026, 11, 1): "all_saints",
    date(2026, 11, 11): "armistice_1918",
    date(2026, 12, 25): "christmas",
}
LOCAL_2026 = {
    Territory.METROPOLE: {},
    Territory.ALSACE_MOSELLE: {date(2026, 4, 3): "good_friday", date(2026, 12, 26): "second_christmas_day"},
    Territory.GUADELOUPE: {date(2026, 5, 27): "abolition"},
    Territory.MARTINIQUE: {date(2026, 5, 22): "abolition"},
    Territory.GUYANE: {date(2026, 6, 10): "abolition"},
    Territory.REUNION: {date(2026, 12, 20): "abolition"},
    Territory.MAYOTTE: {date(2026, 4, 27): "abolition"},
}


def oudin(year: int) -> date:
    """Return Easter Sunday by another road: J.-M. Oudin's formula of 1940."""
    century, golden = year // 100, year % 19
    moon = (century - century // 4 - (century - (century - 17) // 25) // 3 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (moon // 28) * (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    month = 3 + (moon - weekday + 40) // 44
    return date(year, month, moon - weekday + 28 - 31 * (month // 4))


@pytest.mark.parametrize("territory", Territory)
def test_each_territory_has_the_common_days_and_its_own(territory: Territory) -> None:
    assert dict(holidays(2026, territory)) == COMMON_2026 | LOCAL_2026[territory]


@pytest.mark.parametrize(
    "sunday",
    [
        date(1818, 3, 22),  # as early as it gets
        date(1943, 4, 25),  # as late as it gets
        date(1954, 4, 18),
        date(1981, 4, 19),
        date(2008, 3, 23),
        date(2024, 3, 31),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
        date(2049, 4, 18),
        date(2076, 4, 19),
        date(2285, 3, 22),
    ],
    ids=date.isoformat,
)
def test_easter_is_where_the_almanacs_have_it(sunday: date) -> None:
    assert easter(sunday.year) == sunday


def test_two_formulas_agree_on_every_easter() -> None:
    assert [year for year in range(1583, 4100) if easter(year) != oudin(year)] == []


@given(years, territories)
def test_every_year_has_its_days_and_all_are_in_it(year: int, territory: Territory) -> None:
    days = holidays(year, territory)
    assert {day.year for day in days} == {year}
    assert len(days) >= len(COMMON_2026) + len(LOCAL_2026[territory]) - 2
    assert easter(year) + timedelta(days=39) in days


def test_two_holidays_on_one_day_show_the_fixed_one() -> None:
    assert holidays(2008, Territory.METROPOLE)[date(2008, 5, 1)] == "labour_day"  # Ascension too


def test_customary_days_are_not_holidays() -> None:
    assert day_off(date(2026, 4, 3), Territory.MARTINIQUE) == ""  # Good Friday
    assert day_off(date(2026, 7, 21), Territory.GUADELOUPE) == ""  # Victor Schoelcher
    assert day_off(date(2026, 4, 3), Territory.METROPOLE) == ""


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 11, 22), "sunday"),
        (date(2026, 11, 1), "all_saints"),  # a Sunday too: the holiday is named
        (date(2026, 11, 21), ""),  # Saturdays count
        (date(2026, 11, 23), ""),
        (date(2026, 11, 24), "site_day"),
        (date(2026, 12, 25), "christmas"),  # a site's day too: the holiday is named
    ],
)
def test_a_day_says_why_it_is_not_counted(day: date, reason: str) -> None:
    assert day_off(day, Territory.METROPOLE, {date(2026, 11, 24), date(2026, 12, 25)}) == reason


@given(st.dates(date(1970, 1, 1), date(2200, 12, 31)), territories)
def test_a_sunday_is_never_counted(day: date, territory: Territory) -> None:
    sunday = day + timedelta(days=6 - day.weekday())
    assert day_off(sunday, territory) != ""


@pytest.mark.parametrize(
    ("moment", "territory", "off"),
    [
        (datetime(2026, 5, 22, 3, 59, tzinfo=UTC), Territory.MARTINIQUE, False),  # still the 21st there
        (datetime(2026, 5, 22, 4, 0, tzinfo=UTC), Territory.MARTINIQUE, True),
        (datetime(2026, 5, 23, 3, 59, tzinfo=UTC), Territory.MARTINIQUE, True),
        (datetime(2026, 5, 22, 10, 0, tzinfo=UTC), Territory.METROPOLE, False),
        (datetime(2026, 11, 29, 22, 59, tzinfo=UTC), Territory.METROPOLE, True),  # a Sunday
        (datetime(2026, 11, 29, 23, 0, tzinfo=UTC), Territory.METROPOLE, False),
    ],
)
def test_a_moment_is_off_with_the_day_on_the_wall_of_its_territory(
    moment: datetime, territory: Territory, off: bool
) -> None:
    assert is_off(moment, territory) is off
    assert is_off(moment, territory, {date(2026, 5, 21), date(2026, 5, 22), date(2026, 11, 30)}) is True


def test_holidays_cannot_be_changed_by_who_asks() -> None:
    with pytest.raises(TypeError):
        holidays(2026, Territory.METROPOLE)[date(2026, 1, 2)] = "bridge"  # type: ignore[index]


def test_every_reason_has_its_words() -> None:
    codes = {code for territory in Territory for code in holidays(2026, territory).values()}
    for language in ("fr", "en"):
        wording = load_wording(language)
        assert all(wording.has(f"holidays.{code}") for code in codes | {"sunday", "site_day"})
