"""Call-backs at an agreed hour (3.2): where they may lie, who is free, what makes one doubtful, and what its attempts lead to.

Everything is counted in quarters of an hour since 1970: all seven territories are whole hours away from Greenwich.
Agents are as free as the bits of one whole number: to look through four weeks of three hundred is to shift and to join.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from agent_desk.rules.agent_hours import Hours
from agent_desk.rules.clocks import WORK_BEGINS, WORK_ENDS
from agent_desk.rules.holidays import day_off, is_off
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local, on_wall, utc

QUARTER = timedelta(minutes=15)
LONGEST = timedelta(hours=4)  # a longer work is agreed anew
HORIZON = timedelta(days=28)
ATTEMPTS = 3
AGAIN = QUARTER  # between two attempts
DESK_HOURS = (WORK_BEGINS, WORK_ENDS)  # of the agents, on the mainland's clock
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class AppointmentState(StrEnum):
    """How a call-back stands; also the key of its wording (`appointment_states.<state>`)."""

    BOOKED = "booked"
    MOVED = "moved"  # another one stands in its place
    CANCELLED = "cancelled"
    DONE = "done"


class CallEnd(StrEnum):
    """How an attempt to call ended; also the key of its wording (`call_ends.<end>`)."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    CUT_OFF = "cut_off"


class Doubt(StrEnum):
    """Why a call-back that was booked should be looked at again; also the key of its wording (`doubts.<doubt>`)."""

    PAST = "past"  # its time is over, and nobody has called
    DAY_OFF = "day_off"  # the day has become a holiday
    HOURS = "hours"  # no longer between 8 and 21 on the customer's clock
    LIMIT = "limit"  # after the 72 hours


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who may be booked; 0 and "" where nobody signs in."""

    id: int
    mark: str
    name: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which somebody is free; `mine` where it is whoever looks, `late` where it ends after the 72 hours."""

    starts_at: datetime
    ends_at: datetime
    mine: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """When a call is to be made and by whom (None: whoever of the team is free); why after the 72 hours, where it is."""

    starts_at: datetime
    person_id: int | None = None
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to call: when, how it ended, and who tried."""

    at: datetime
    end: CallEnd
    by: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """A call-back as booked: whose it is, for when, and by when it had to be (`limit_at`, from `accepted_at` on).

    `uid` is the same through all moves, `sequence` grows with each; `next_at` is when to call, or to call again.
    """

    id: int
    session_id: int
    number: str
    customer: str
    phone: str
    promise_id: int
    team_id: int
    person_id: int
    person_mark: str
    person: str
    starts_at: datetime
    ends_at: datetime
    territory: Territory
    booked_at: datetime
    accepted_at: datetime
    limit_at: datetime
    state: AppointmentState
    uid: str
    sequence: int
    version: int
    next_at: datetime
    reason: str = ""
    attempts: tuple[Attempt, ...] = ()

    @property
    def kind(self) -> PromiseKind:
        """Return what it is a promise of, by which a session's bar is found."""
        return PromiseKind.CALL_BACK

    @property
    def length(self) -> timedelta:
        """Return how long the call was estimated to take."""
        return self.ends_at - self.starts_at


@dataclass(frozen=True, slots=True)
class Search:
    """What free slots depend on besides who is busy; `limit` is the end of the 72 hours."""

    now: datetime
    until: datetime
    limit: datetime
    territory: Territory
    length: timedelta
    extra_days: Collection[date] = ()
    hours: Hours = DESK_HOURS


def quarter(moment: datetime) -> int:
    """Return in which quarter of an hour since 1970 a moment lies."""
    return (utc(moment) - _EPOCH) // QUARTER


def moment_of(number: int) -> datetime:
    """Return when a quarter of an hour begins."""
    return _EPOCH + number * QUARTER


def call_length(minutes: Iterable[int]) -> timedelta:
    """Return how long a call about several services takes: their sum in full quarters, one at least, four hours at most."""
    quarters = -(-sum(minutes) * timedelta(minutes=1) // QUARTER)
    return min(max(quarters, 1) * QUARTER, LONGEST)


def bits(spans: Iterable[tuple[int, int]], base: int) -> int:
    """Return the quarters from each `span`'s first to before its last as bits, bit 0 being `base`."""
    found = 0
    for first, last in spans:
        start = max(first - base, 0)
        found |= ((1 << max(last - base - start, 0)) - 1) << start
    return found


class Busy(Mapping[int, int]):
    """When each agent is booked, as bits from a quarter on; read of its text only for those who are looked at.

    A text holds pairs of numbers: first quarter, and the one after the last.
    """

    def __init__(self, spans: Mapping[int, str], base: int) -> None:
        self._spans = spans
        self._base = base
        self._known: dict[int, int] = {}

    def __getitem__(self, person: int) -> int:
        """Return when that agent is booked; KeyError for one who is not of them."""
        if person not in self._known:
            numbers = iter(map(int, self._spans[person].split()))
            self._known[person] = bits(zip(numbers, numbers, strict=True), self._base)
        return self._known[person]

    def __iter__(self) -> Iterator[int]:
        """Return the agents."""
        return iter(self._spans)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._spans)

    def without(self, person: int, first: int, last: int) -> None:
        """Count the quarters of a call as free: it is to be moved."""
        if person in self._spans:
            self._known[person] = self[person] & ~bits([(first, last)], self._base)


def open_quarters(search: Search) -> int:
    """Return, as bits from `base_of` on, when calls may be made.

    On days that count, from 8 to 21 on the customer's clock, the work's end included (3.2), and in the agents' hours.
    """
    return bits(_open_spans(search), base_of(search)) & bits(
        [(_next_quarter(search.now), quarter(search.until))], base_of(search)
    )


def base_of(search: Search) -> int:
    """Return the quarter that bit 0 stands for."""
    return quarter(search.now)


def _open_spans(search: Search) -> Iterator[tuple[int, int]]:
    day, last = local(search.now, search.territory).date(), local(search.until, search.territory).date()
    while day <= last:
        if not day_off(day, search.territory, search.extra_days):
            begins, ends = (on_wall(day, at, search.territory) for at in (WORK_BEGINS, WORK_ENDS))
            for desk_day in (day - timedelta(days=1), day, day + timedelta(days=1)):
                there = [on_wall(desk_day, at, Territory.METROPOLE) for at in search.hours]
                first, until = max(begins, there[0]), min(ends, there[1])
                if first < until:
                    yield _next_quarter(first), quarter(until)
        day += timedelta(days=1)


def _next_quarter(moment: datetime) -> int:
    return -((_EPOCH - utc(moment)) // QUARTER)


def free_starts(free: int, length: timedelta) -> int:
    """Return those quarters, as bits, from which on all of `length` is free."""
    starts = free
    for step in range(1, length // QUARTER):
        starts &= free >> step
    return starts


def free_slots(search: Search, busy: Mapping[int, int], me: int | None = None) -> tuple[Slot, ...]:
    """Return when anybody of `busy` (whose calls, as bits from `base_of` on) is free for all of the call, in order.

    As soon as somebody is free whenever a call may be made, the others are not looked at.
    """
    allowed = open_quarters(search)
    whole = free_starts(allowed, search.length)
    mine = free_starts(allowed & ~busy[me], search.length) if me is not None and me in busy else 0
    anybody = mine
    for person in busy:
        if anybody == whole:
            break
        anybody |= free_starts(allowed & ~busy[person], search.length)
    found = []
    while anybody:
        lowest = anybody & -anybody
        number = lowest.bit_length() - 1
        begins = moment_of(base_of(search) + number)
        ends = begins + search.length
        found.append(Slot(begins, ends, bool(mine >> number & 1), late=ends > search.limit))
        anybody ^= lowest
    return tuple(found)


def free_at(search: Search, starts_at: datetime, busy: Mapping[int, int]) -> tuple[int, ...]:
    """Return who of `busy` is free for the whole call, those with the fewest calls first."""
    number = quarter(starts_at) - base_of(search)
    wanted = ((1 << search.length // QUARTER) - 1) << number if number >= 0 else 0
    free = [person for person, taken in busy.items() if wanted and not taken & wanted]
    return tuple(sorted(free, key=lambda person: (busy[person].bit_count(), person)))


def slot_refusal(search: Search, starts_at: datetime, *, beyond: bool) -> str:
    """Return why a call may not begin then, as a key of the wording table `errors`; "" where it may.

    After the 72 hours only where `beyond` says that the customer wishes it.
    """
    if starts_at < search.now:
        return "slot_past"
    if moment_of(quarter(starts_at)) != utc(starts_at) or starts_at + search.length > search.until:
        return "slot_hours"
    if not free_starts(open_quarters(replace(search, now=starts_at)), search.length) & 1:
        return "slot_hours"
    return "slot_after_limit" if starts_at + search.length > search.limit and not beyond else ""


def late_from(ends_at: datetime, limit: datetime) -> datetime:
    """Return from when the call-back counts as missed: its end, or the 72 hours' where it was agreed for later."""
    return min(ends_at, limit)


def doubts(
    appointment: Appointment,
    now: datetime,
    territory: Territory,
    limit: datetime,
    extra_days: Collection[date] = (),
) -> tuple[Doubt, ...]:
    """Return why a booked call-back should be looked at again, with territory, limit and holidays as they are now."""
    if appointment.state is not AppointmentState.BOOKED:
        return ()
    begins, ends = local(appointment.starts_at, territory), local(appointment.ends_at, territory)
    inside = begins.time() >= WORK_BEGINS and begins.date() == ends.date() and ends.time() <= WORK_ENDS
    found = {
        Doubt.PAST: appointment.ends_at <= now and not appointment.attempts,
        Doubt.DAY_OFF: is_off(appointment.starts_at, territory, extra_days),
        Doubt.HOURS: not inside,
        Doubt.LIMIT: appointment.ends_at > limit,
    }
    return tuple(doubt for doubt in Doubt if found[doubt])


def next_attempt(attempts: Sequence[Attempt]) -> datetime | None:
    """Return when to call again: a quarter of an hour after nobody answered, at once after a cut; None after three in vain."""
    last = attempts[-1]
    if last.end is CallEnd.CUT_OFF:
        return last.at
    return last.at + AGAIN if in_vain(attempts) < ATTEMPTS else None


def in_vain(attempts: Iterable[Attempt]) -> int:
    """Return how many attempts nobody answered."""
    return sum(one.end is CallEnd.NO_ANSWER for one in attempts)
