"""Every time limit of the service. Moments are aware and come back in UTC; days are the customer's local ones."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from agent_desk.rules.holidays import day_off
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local, midnight, utc

CALLBACK = timedelta(hours=72)  # 3.2
FEASIBILITY_ANSWER = timedelta(hours=4)  # 4.1
COMPLAINT_ANSWER = timedelta(hours=48)  # document 000
CODE_LIFE = timedelta(minutes=10)  # 4.6
PUBLISHED_DAYS = 7  # article 10
STATUTORY_DAYS = 14  # Code de la consommation L221-18
WORK_BEGINS = time(8)  # 3.2
WORK_ENDS = time(21)
FRIDAY = 4


class WorkWarning(StrEnum):
    """How close the end of the working hours is; the value is the time of the warning."""

    HALF_PAST_EIGHT = "20:30"
    FIVE_TO_NINE = "20:55"
    PAST = "past"


class RequestChannel(StrEnum):
    """How a request came in; its answer is due accordingly (document 004)."""

    TELEPHONE = "telephone"
    INTERNET = "internet"
    LETTER = "letter"


REQUEST_WORKING_DAYS: Mapping[RequestChannel, int] = {
    RequestChannel.TELEPHONE: 0,
    RequestChannel.INTERNET: 2,
    RequestChannel.LETTER: 5,
}
WARNINGS: tuple[tuple[time, WorkWarning], ...] = (
    (WORK_ENDS, WorkWarning.PAST),
    (time(20, 55), WorkWarning.FIVE_TO_NINE),
    (time(20, 30), WorkWarning.HALF_PAST_EIGHT),
)


@dataclass(frozen=True, slots=True)
class CountedDay:
    """What one local day adds to the 72 hours; `off` says why it adds nothing (see `holidays.day_off`)."""

    day: date
    counted: timedelta
    off: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Last days of the right to withdraw, each counting in full: as published, as the law says, and the one kept."""

    published: date
    statutory: date
    honoured: date


def callback_limit(accepted: datetime, territory: Territory, extra_days: Collection[date] = ()) -> datetime:
    """Return the moment, in UTC, by which the customer must have been called back (3.2).

    72 hours that really pass, those of Sundays, holidays and `extra_days` (in the customer's time zone) left out.
    Wall-clock counting would give the same: the clocks of France change on Sundays, which count nothing.
    A limit at midnight belongs to the day just ended, so it stays where it is even before a Sunday or holiday;
    `callback_day` names that day. Raises ValueError for a time without offset.
    """
    *_, last = _spans(accepted, territory, extra_days)
    start, counted = last
    return start + counted.counted


def explain_callback(
    accepted: datetime, territory: Territory, extra_days: Collection[date] = ()
) -> tuple[CountedDay, ...]:
    """Return the local days from acceptance to the limit with what each adds; they add up to 72 hours."""
    return tuple(counted for _, counted in _spans(accepted, territory, extra_days))


def callback_day(limit: datetime, territory: Territory) -> date:
    """Return the local day a call-back limit belongs to: at midnight, the day just ended."""
    return (local(limit, territory).replace(tzinfo=None) - timedelta.resolution).date()


def _spans(
    accepted: datetime, territory: Territory, extra_days: Collection[date]
) -> Iterator[tuple[datetime, CountedDay]]:
    day = local(accepted, territory).date()
    start = utc(accepted)
    remaining = CALLBACK
    while remaining:
        tomorrow = day + timedelta(days=1)
        end = midnight(tomorrow, territory)
        off = day_off(day, territory, extra_days)
        counted = timedelta() if off else min(remaining, end - start)
        yield start, CountedDay(day, counted, off)
        remaining -= counted
        day, start = tomorrow, end


def withdrawal(
    accepted: datetime,
    territory: Territory,
    extra_days: Collection[date] = (),
    published_days: int = PUBLISHED_DAYS,
) -> Withdrawal:
    """Return the last days of a residential customer's right to withdraw (article 10, L221-18).

    Each is moved past Saturdays, Sundays, holidays and `extra_days`. A site may lengthen `published_days`;
    raises ValueError when it is shorter than published, and for a time without offset.
    """
    if published_days < PUBLISHED_DAYS:
        raise ValueError("a site may lengthen the published period, not shorten it")
    day = local(accepted, territory).date()
    published, statutory = (
        next_working_day(day + timedelta(days=days), territory, extra_days) for days in (published_days, STATUTORY_DAYS)
    )
    return Withdrawal(published, statutory, max(published, statutory))


def withdrawal_over(terms: Withdrawal, now: datetime, territory: Territory) -> bool:
    """Tell whether the honoured last day has passed for the customer."""
    return local(now, territory).date() > terms.honoured


def is_working_day(day: date, territory: Territory, extra_days: Collection[date] = ()) -> bool:
    """Tell whether `day` is a Monday to Friday without holiday."""
    return day.weekday() <= FRIDAY and not day_off(day, territory, extra_days)


def next_working_day(day: date, territory: Territory, extra_days: Collection[date] = ()) -> date:
    """Return `day` itself when it is a working day, else the first one after it."""
    while not is_working_day(day, territory, extra_days):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, territory: Territory, extra_days: Collection[date] = ()) -> date:
    """Return the `count`-th working day after `day`, which itself is not counted; `day` when count is 0."""
    for _ in range(count):
        day = next_working_day(day + timedelta(days=1), territory, extra_days)
    return day


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """One day after another until a working day is reached: which one it is, 0 where it is none and `off` says why."""

    day: date
    number: int
    off: str


def working_days_until(
    begun: date, last: date, territory: Territory, extra_days: Collection[date] = ()
) -> tuple[WorkingDay, ...]:
    """Return the days after `begun` up to `last`, as `add_working_days` counts them."""
    found: list[WorkingDay] = []
    number, day = 0, begun
    while day < last:
        day += timedelta(days=1)
        off = day_off(day, territory, extra_days) or ("saturday" if day.weekday() > FRIDAY else "")
        number += not off
        found.append(WorkingDay(day, 0 if off else number, off))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class WithdrawalStep:
    """How one last day is found: so many days after the agreement, moved past days that do not count, to `last`."""

    period: str  # published, statutory
    count: int
    moved_past: tuple[WorkingDay, ...]
    last: date


def withdrawal_steps(
    accepted: datetime,
    territory: Territory,
    extra_days: Collection[date] = (),
    published_days: int = PUBLISHED_DAYS,
) -> tuple[WithdrawalStep, ...]:
    """Return how both last days of `withdrawal` are found; the later one is honoured."""
    terms, agreed = withdrawal(accepted, territory, extra_days, published_days), local(accepted, territory).date()
    found = []
    for period, count, last in (
        ("published", published_days, terms.published),
        ("statutory", STATUTORY_DAYS, terms.statutory),
    ):
        wanted = agreed + timedelta(days=count)
        days = working_days_until(wanted - timedelta(days=1), last, territory, extra_days)
        found.append(WithdrawalStep(period, count, tuple(day for day in days if not day.number), last))
    return tuple(found)


def request_due(
    channel: RequestChannel, received: datetime, territory: Territory, extra_days: Collection[date] = ()
) -> date:
    """Return the last day for answering a request: telephone at once, Internet 2 working days, letters 5."""
    day = local(received, territory).date()
    return add_working_days(day, REQUEST_WORKING_DAYS[channel], territory, extra_days)


def feasibility_due(asked: datetime) -> datetime:
    """Return when the answer on feasibility is due (4.1), in UTC."""
    return utc(asked) + FEASIBILITY_ANSWER


def complaint_due(received: datetime) -> datetime:
    """Return when the answer to a complaint is due (document 000), in UTC."""
    return utc(received) + COMPLAINT_ANSWER


def within_work_hours(now: datetime, territory: Territory) -> bool:
    """Tell whether work may begin now: from 8:00 to before 21:00 on the customer's clock, every day (3.2)."""
    return WORK_BEGINS <= local(now, territory).time() < WORK_ENDS


def work_warning(now: datetime, territory: Territory) -> WorkWarning | None:
    """Return what to warn a running session of; PAST outside 8–21 h, where going on needs the customer's yes."""
    clock = local(now, territory).time()
    if clock < WORK_BEGINS:
        return WorkWarning.PAST
    return next((warning for begins, warning in WARNINGS if clock >= begins), None)
