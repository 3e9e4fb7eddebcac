"""Legal public holidays of the seven territories: labour code L3133-1, the local abolition day, and Alsace-Moselle's two.

Customary days (Good Friday or Victor Schoelcher's day in the Antilles …) are not legal holidays and are left out;
a site adds its own non-working days as an argument.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local

FIXED: tuple[tuple[int, int, str], ...] = (
    (1, 1, "new_year"),
    (5, 1, "labour_day"),
    (5, 8, "victory_1945"),
    (7, 14, "national_day"),
    (8, 15, "assumption"),
    (11, 1, "all_saints"),
    (11, 11, "armistice_1918"),
    (12, 25, "christmas"),
)
FROM_EASTER: tuple[tuple[int, str], ...] = ((1, "easter_monday"), (39, "ascension"), (50, "whit_monday"))

FIXED_LOCALLY: Mapping[Territory, tuple[tuple[int, int, str], ...]] = {
    Territory.ALSACE_MOSELLE: ((12, 26, "second_christmas_day"),),
    Territory.GUADELOUPE: ((5, 27, "abolition"),),
    Territory.MARTINIQUE: ((5, 22, "abolition"),),
    Territory.GUYANE: ((6, 10, "abolition"),),
    Territory.REUNION: ((12, 20, "abolition"),),
    Territory.MAYOTTE: ((4, 27, "abolition"),),
}
FROM_EASTER_LOCALLY: Mapping[Territory, tuple[tuple[int, str], ...]] = {
    Territory.ALSACE_MOSELLE: ((-2, "good_friday"),),
}

SUNDAY = 6
SITE_DAY = "site_day"


def easter(year: int) -> date:
    """Return Easter Sunday of a Gregorian year (the anonymous computus, Nature 1876; the moon's correction after Oudin)."""
    century, in_century = divmod(year, 100)
    golden = year % 19
    sun, moon = century - century // 4, (8 * century + 13) // 25
    epact = sum((19 * golden, sun, -moon, 15)) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - epact - in_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=256)
def holidays(year: int, territory: Territory) -> Mapping[date, str]:
    """Return the legal holidays of a year and their codes; two on one day show the code of the fixed one."""
    sunday = easter(year)
    moving = FROM_EASTER + FROM_EASTER_LOCALLY.get(territory, ())
    fixed = FIXED + FIXED_LOCALLY.get(territory, ())
    days = {sunday + timedelta(days=offset): code for offset, code in moving}
    days.update({date(year, month, day): code for month, day, code in fixed})
    return MappingProxyType(days)


def day_off(day: date, territory: Territory, extra_days: Collection[date] = ()) -> str:
    """Return why `day` is not counted: a holiday's code, "site_day", "sunday", or "" when it is."""
    known = holidays(day.year, territory)
    if day in known:
        return known[day]
    if day in extra_days:
        return SITE_DAY
    return "sunday" if day.weekday() == SUNDAY else ""


def is_off(moment: datetime, territory: Territory, extra_days: Collection[date] = ()) -> bool:
    """Tell whether a moment lies, on the wall of a territory, on a day that is not counted."""
    return bool(day_off(local(moment, territory).date(), territory, extra_days))
