"""Money, numbers, dates and times as French and English readers write them; every time given here is already local."""

from collections.abc import Mapping
from datetime import date, datetime, time

NBSP = "\u00a0"
NARROW = "\u202f"

_MONTHS: Mapping[str, tuple[str, ...]] = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_SHORT_MONTHS: Mapping[str, tuple[str, ...]] = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_SHORT_WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "fr": ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def format_cents(cents: int, language: str) -> str:
    """Return an amount of euros: "1 234,50 €" in French, "€1,234.50" in English."""
    sign = "−" if cents < 0 else ""
    euros, rest = divmod(abs(cents), 100)
    whole = format_number(euros, language)
    if language == "fr":
        return f"{sign}{whole},{rest:02d}{NBSP}€"
    return f"{sign}€{whole}.{rest:02d}"


def format_number(number: int, language: str) -> str:
    """Return a whole number with its thousands set apart: "1 204 388" in French, "1,204,388" in English."""
    return f"{number:,}".replace(",", NARROW) if language == "fr" else f"{number:,}"


def format_permille(permille: int, language: str) -> str:
    """Return a rate given in thousandths: 85 is "8,5 %" in French, "8.5%" in English."""
    whole, tenth = divmod(permille, 10)
    if language == "fr":
        return f"{whole},{tenth}{NARROW}%" if tenth else f"{whole}{NARROW}%"
    return f"{whole}.{tenth}%" if tenth else f"{whole}%"


def format_date(day: date, language: str) -> str:
    """Return a date in full: "1er décembre 2026" in French, "1 December 2026" in English."""
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number}{NBSP}{_MONTHS[language][day.month - 1]}{NBSP}{day.year}"


def format_day(day: date, language: str) -> str:
    """Return a date with its weekday: "mardi 24 novembre 2026", "Tuesday 24 November 2026"."""
    return f"{_WEEKDAYS[language][day.weekday()]} {format_date(day, language)}"


def format_short_date(day: date, language: str) -> str:
    """Return a date for a list: "22 nov. 2026", "22 Nov 2026"."""
    return f"{day.day}{NBSP}{_SHORT_MONTHS[language][day.month - 1]}{NBSP}{day.year}"


def format_short_day(day: date, language: str) -> str:
    """Return a date with its weekday for a text message: "mar. 24 nov.", "Tue 24 Nov"."""
    return f"{_SHORT_WEEKDAYS[language][day.weekday()]} {day.day}{NBSP}{_SHORT_MONTHS[language][day.month - 1]}"


def format_hour(moment: datetime | time, language: str) -> str:
    """Return a time of day as it is said: "10 h", "14 h 05" in French, "10:00", "14:05" in English."""
    if language != "fr":
        return f"{moment.hour:02d}:{moment.minute:02d}"
    return f"{moment.hour}{NBSP}h" + (f"{NBSP}{moment.minute:02d}" if moment.minute else "")


def format_moment(moment: datetime, language: str) -> str:
    """Return a date and time in full: "24 novembre 2026 à 10 h", "24 November 2026 at 10:00"."""
    at = "à" if language == "fr" else "at"
    return f"{format_date(moment.date(), language)} {at} {format_hour(moment, language)}"


def format_short_moment(moment: datetime, language: str) -> str:
    """Return a date and time for a chip: "mar. 24 nov., 10 h", "Tue 24 Nov, 10:00"."""
    return f"{format_short_day(moment.date(), language)}, {format_hour(moment, language)}"


def format_duration(seconds: int) -> str:
    """Return how long a call has lasted, the same in both languages: "06 min 12 s", "1 h 04 min"."""
    minutes, rest = divmod(max(0, seconds), 60)
    if minutes < 60:
        return f"{minutes:02d}{NBSP}min {rest:02d}{NBSP}s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}{NBSP}h {minutes:02d}{NBSP}min"
