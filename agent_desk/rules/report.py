"""What is counted for a report, and how: the days, the figures, and what follows from them. Definitions: `report.*.help`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import exp, log

from agent_desk.rules.clocks import WORK_ENDS, within_work_hours
from agent_desk.rules.satisfaction import satisfied_permille
from agent_desk.rules.session import Step, Territory
from agent_desk.rules.territories import local, midnight
from agent_desk.rules.visit_rule import TRAVEL, VisitRule

SAME_TROUBLE = timedelta(days=30)  # another session on the same service within that is no first contact
LONGEST_DAYS = 3660
SETTLED = timedelta(hours=1)  # after midnight, until what was begun before it is surely written
_COARSENESS = 1.05  # a day of any number of call-backs is a few dozen numbers
NOT_CLOSED = frozenset({"cancelled", "withdrawn"})
VISIT_RULES = frozenset(map(str, VisitRule))
WHOLE = frozenset(
    {"", TRAVEL}
)  # the services whose totals are by team, and make the whole: all of sessions, and visits
FAILED = frozenset({"not_solved", "access_lost", "interrupted", "home_visit"})


class Figure(StrEnum):
    """What a total counts; its key is the outcome, rule, stretch, step or end it was counted for."""

    ENDED = "ended"
    FIRST_CONTACT = "first_contact"
    BILLED = "billed"  # amount in cents; key: rules.billing.Rule, of a visit rules.visit_rule.VisitRule
    WAIVED = "waived"  # amount in cents
    TIME = "time"  # amount in microseconds; key: a stretch, or the number of a step
    CODE = "code"
    CALL_BACK = "call_back"  # key: how long it took, as `waited` says it
    CALL_BACK_KEPT = "call_back_kept"  # within the 72 hours of 3.2
    OPINION = "opinion"  # key: rules.satisfaction.Satisfaction
    COMMITMENT = "commitment"  # key: its id in the register
    COMMITMENT_KEPT = "commitment_kept"


# Read by months and teams, in a report of their own.
OF_COMMITMENTS = frozenset({Figure.COMMITMENT, Figure.COMMITMENT_KEPT})


class Stretch(StrEnum):
    """From one moment of a session to another, whatever was done between; also the key of `report_stretches.<stretch>`."""

    AGREEMENT = "agreement"  # from the opening to the agreement
    WAIT = "wait"  # from the agreement to the work
    WORK = "work"  # from the beginning of the work to the end


class Period(StrEnum):
    """What a report may be about, up to today; also the key of its wording (`report_periods.<period>`)."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class By(StrEnum):
    """What the figures may be put together by."""

    DAY = "day"
    TEAM = "team"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Total:
    """One counted figure of a day (or of several), a team (0: none) and a service ("": all together)."""

    day: date
    team_id: int
    service: str
    figure: Figure
    key: str
    number: int
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of whatever totals were put together."""

    outcomes: Mapping[str, int]
    first_contact: int
    billed: Mapping[str, int]  # cents by rule
    waived: Mapping[str, int]  # cents by rule
    times: Mapping[str, int]  # mean seconds by stretch
    codes: Mapping[str, int]  # by end
    call_backs: Mapping[str, int] = field(default_factory=dict)  # by how long they took
    call_backs_kept: int = 0
    opinions: Mapping[str, int] = field(default_factory=dict)  # by what customers answered
    steps: Mapping[Step, int] = field(default_factory=dict)  # mean seconds in front, of closed sessions
    visits: Mapping[str, int] = field(default_factory=dict)  # home visits done, by rule

    @property
    def satisfied_permille(self) -> int | None:
        """Return the share of customers who said they were satisfied; None where none answered."""
        return satisfied_permille(self.opinions)

    @property
    def call_back_permille(self) -> int | None:
        """Return the share of call-backs made in time; None where there was none."""
        return permille(self.call_backs_kept, sum(self.call_backs.values()))

    @property
    def call_back_seconds(self) -> int | None:
        """Return how long the middle one of all call-backs took, to within 3 %; None where there was none."""
        left = (sum(self.call_backs.values()) + 1) // 2
        for key in sorted(self.call_backs, key=int):
            left -= self.call_backs[key]
            if left <= 0:
                return waited_seconds(key)
        return None

    @property
    def sessions(self) -> int:
        """Return how many sessions ended."""
        return sum(self.outcomes.values())

    @property
    def closed(self) -> int:
        """Return how many of them were neither cancelled nor withdrawn from."""
        return sum(number for outcome, number in self.outcomes.items() if outcome not in NOT_CLOSED)

    @property
    def failed(self) -> int:
        """Return how many closed sessions left a service unsolved."""
        return sum(number for outcome, number in self.outcomes.items() if outcome in FAILED)

    @property
    def failed_permille(self) -> int | None:
        """Return the share of failed sessions among the closed ones; None where there is none."""
        return permille(self.failed, self.closed)

    @property
    def first_contact_permille(self) -> int | None:
        """Return the share of closed sessions solved at first contact; None where there is none."""
        return permille(self.first_contact, self.closed)

    @property
    def billed_cents(self) -> int:
        """Return what was billed by all rules."""
        return sum(self.billed.values())

    @property
    def waived_cents(self) -> int:
        """Return what was waived by all rules."""
        return sum(self.waived.values())


def figures(totals: Iterable[Total]) -> Figures:
    """Put totals together."""
    numbers: dict[tuple[Figure, str], int] = {}
    amounts: dict[tuple[Figure, str], int] = {}
    for one in totals:
        place = one.figure, one.key
        numbers[place] = numbers.get(place, 0) + one.number
        amounts[place] = amounts.get(place, 0) + one.amount
    times = {key: amounts[Figure.TIME, key] // number // 1_000_000 for key, number in _of(Figure.TIME, numbers).items()}
    return Figures(
        outcomes=_of(Figure.ENDED, numbers),
        first_contact=sum(_of(Figure.FIRST_CONTACT, numbers).values()),
        billed=_of(Figure.BILLED, amounts),
        waived=_of(Figure.WAIVED, amounts),
        times={stretch: times[stretch] for stretch in Stretch if stretch in times},
        steps={step: times[step_key(step)] for step in Step if step_key(step) in times},
        codes=_of(Figure.CODE, numbers),
        call_backs=_of(Figure.CALL_BACK, numbers),
        call_backs_kept=sum(_of(Figure.CALL_BACK_KEPT, numbers).values()),
        opinions=_of(Figure.OPINION, numbers),
        visits={rule: number for rule, number in _of(Figure.BILLED, numbers).items() if rule in VISIT_RULES},
    )


def _of(figure: Figure, values: Mapping[tuple[Figure, str], int]) -> dict[str, int]:
    return {key: value for (of, key), value in sorted(values.items()) if of is figure and value}


def step_key(step: Step) -> str:
    """Return the key of the time at a step: a number, which desks that know of stretches only pass over."""
    return str(int(step))


def waited(taken: timedelta) -> str:
    """Return a length of time as a key that can be counted: each stands for 5 % more than the one before."""
    return str(int(log(max(taken / timedelta(seconds=1), 1.0)) / log(_COARSENESS)))


def waited_seconds(key: str) -> int:
    """Return the middle of the times such a key stands for."""
    return round(exp((int(key) + 0.5) * log(_COARSENESS)))


def permille(part: int, whole: int) -> int | None:
    """Return a share in thousandths, rounded half up; None of nothing."""
    return None if whole == 0 else (part * 1000 * 2 + whole) // (2 * whole)


def day_of(moment: datetime) -> date:
    """Return the day of metropolitan France on which something happened."""
    return local(moment, Territory.METROPOLE).date()


def last_over(now: datetime) -> date:
    """Return the last day to which nothing comes any more, corrections apart."""
    return day_of(now - SETTLED) - timedelta(days=1)


def day_begins(day: date) -> datetime:
    """Return the moment at which that day begins in metropolitan France; with a change of the clocks it has 23 or 25 h."""
    return midnight(day, Territory.METROPOLE)


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield each day, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def first_day(period: Period, today: date) -> date:
    """Return the first day of a period that ends today: 7 and 30 days, 12 months beginning with a first."""
    if period is Period.YEAR:
        return date(today.year - 1, today.month + 1, 1) if today.month < 12 else date(today.year, 1, 1)
    return today - timedelta(days={Period.TODAY: 0, Period.WEEK: 6, Period.MONTH: 29}[period])


def will_pass_limit(begun: datetime, usual: timedelta, now: datetime, territory: Territory) -> bool:
    """Tell whether work would go on at 21 h on the customer's clock, if it lasted as long as usual (3.2)."""
    if not within_work_hours(now, territory):
        return True
    there = local(now, territory)
    limit = datetime.combine(there.date(), time(WORK_ENDS.hour), there.tzinfo)
    return max(begun + usual, now) >= limit
