"""What we promise customers and measure: a commitment of the register, what was counted of it, and the months it is read by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from agent_desk.rules.report import permille

MONTHS = 12
LONGEST_MONTHS = 120


class Domain(StrEnum):
    """The six domains of document 004; also the key of their wording (`commitment_domains.<domain>`)."""

    ACCESS = "access"
    WELCOME = "welcome"
    HANDLING = "handling"
    CONTINUITY = "continuity"
    BILL = "bill"
    SATISFACTION = "satisfaction"


@dataclass(frozen=True, slots=True)
class Commitment:
    """One line of the register; `target` in thousandths of the cases, `kind` what its measure is asked about."""

    id: str
    domain: Domain
    measure: str
    kind: str
    target: int
    source: str
    sentence_fr: str
    sentence_en: str
    clock_fr: str
    clock_en: str
    evidence_fr: str
    evidence_en: str

    def text(self, part: str, language: str) -> str:
        """Return `sentence`, `clock` or `evidence` in a language."""
        found: str = getattr(self, f"{part}_{'fr' if language == 'fr' else 'en'}")
        return found


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases there were, and in how many the commitment was kept."""

    total: int = 0
    kept: int = 0

    @property
    def missed(self) -> int:
        """Return in how many it was not."""
        return self.total - self.kept

    @property
    def permille(self) -> int | None:
        """Return the share that was kept; None of no case."""
        return permille(self.kept, self.total)

    def __add__(self, other: "Count") -> "Count":
        """Put two counts together."""
        return Count(self.total + other.total, self.kept + other.kept)


@dataclass(frozen=True, slots=True)
class Miss:
    """One case in which a commitment was not kept."""

    session_id: int
    number: str
    agent: str
    at: datetime


def is_met(commitment: Commitment, count: Count) -> bool | None:
    """Tell whether a commitment was kept often enough, without rounding; None of no case."""
    return None if not count.total else count.kept * 1000 >= commitment.target * count.total


def month_of(day: date) -> str:
    """Return the month of a day, such as "2026-11"."""
    return f"{day.year:04d}-{day.month:02d}"


def first_of(month: str) -> date:
    """Return the first day of a month; ValueError for what is none."""
    return date.fromisoformat(f"{month}-01")


def after(month: str) -> str:
    """Return the month that follows."""
    first = first_of(month)
    return month_of(date(first.year + first.month // 12, first.month % 12 + 1, 1))


def months_between(first: str, last: str) -> Iterator[str]:
    """Yield each month, both included."""
    month = first
    while month <= last:
        yield month
        month = after(month)


def months_back(last: str, count: int = MONTHS) -> str:
    """Return the first of `count` months that end with `last`."""
    number = first_of(last).year * 12 + first_of(last).month - count
    return month_of(date(number // 12, number % 12 + 1, 1))
