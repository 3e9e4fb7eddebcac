"""How often codes may be tried: per source, and for the whole site while somebody guesses (4.6).

Each try is counted as a failure before anything is compared, and a success gives its count back. Therefore the limits
bound what is compared, whatever happens in between, and who types a good code costs nobody anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from math import ceil, expm1, log1p

from agent_desk.rules.code import SECRET_DIGITS

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

# A person who mistypes tries three or four times; a carrier's shared address serves many, whose successes count nothing.
SOURCE_LIMITS = ((5, MINUTE), (20, HOUR))
# So many wrong codes in ten minutes are no slips: a site gives out some hundred codes in that time, one in ten mistyped.
SITE_FAILURES = 50
SITE_WINDOW = timedelta(minutes=10)
# Once open it counts as open until the failures have halved, so that one attack raises one alarm.
SITE_CALM = 25
# Both lanes together, for ten minutes, are the fifty failures: an attack that goes on gains nothing by waiting.
FRESH_A_MINUTE = 4  # for sources without a failure in the last day: honest customers, nearly all of them
KNOWN_A_MINUTE = 1  # for the others, so that nobody is shut out altogether
TRICKLE = FRESH_A_MINUTE + KNOWN_A_MINUTE
REMEMBERED = DAY


class Answer(StrEnum):
    """Whether a try is compared at all."""

    ALLOW = "allow"
    SOURCE_LIMIT = "source_limit"
    SITE_LIMIT = "site_limit"


ALLOW, SOURCE_LIMIT, SITE_LIMIT = Answer


@dataclass(frozen=True, slots=True)
class Counts:
    """Failures as counted, oldest first, and whether the breaker was left open.

    `source`: of one source in the last day, at least its newest twenty; `site`: all of the last ten minutes; `fresh`
    and `known`: those of the last minute, by lane.
    """

    now: datetime
    source: Sequence[datetime]
    site: Sequence[datetime]
    fresh: Sequence[datetime]
    known: Sequence[datetime]
    open: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one try, and after how many seconds another may be allowed; 0 where this one is."""

    answer: Answer
    retry_after: int = 0
    fresh: bool = True


def source_of(address: str) -> str:
    """Return what counts as one source: an IPv4 address whole, IPv6 by its /64, IPv4 mapped into IPv6 as IPv4.

    What is no address is a source of its own: all of them together.
    """
    try:
        parsed = ip_address(address.strip().removeprefix("[").removesuffix("]"))
    except ValueError:
        return "unknown"
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"


def is_open(failures: int, *, before: bool) -> bool:
    """Tell whether the site's breaker is open with so many failures in its window; `before` as it was left."""
    return failures >= (SITE_CALM if before else SITE_FAILURES)


def verdict(counts: Counts) -> Verdict:
    """Return whether a try may be compared; every allowed one is counted before the next is asked about."""
    fresh = not counts.source
    for most, window in SOURCE_LIMITS:
        wait = _wait(counts.source, most, window, counts.now)
        if wait:
            return Verdict(SOURCE_LIMIT, wait, fresh)
    if is_open(len(counts.site), before=counts.open):
        wait = lane_wait(counts, fresh=fresh)
        if wait:
            return Verdict(SITE_LIMIT, wait, fresh)
    return Verdict(ALLOW, fresh=fresh)


def lane_wait(counts: Counts, *, fresh: bool) -> int:
    """Return how many seconds the next try in that lane has to wait while the breaker is open; 0 for none."""
    lane, most = (counts.fresh, FRESH_A_MINUTE) if fresh else (counts.known, KNOWN_A_MINUTE)
    both = sorted((*counts.fresh, *counts.known))
    return max(_wait(lane, most, MINUTE, counts.now), _wait(both, TRICKLE, MINUTE, counts.now))


def _wait(failures: Sequence[datetime], most: int, window: timedelta, now: datetime) -> int:
    """Return the seconds until fewer than `most` of the failures lie in the window, rounded up; 0 when they do now."""
    if len(failures) < most:
        return 0
    return max(0, ceil((failures[-most] + window - now).total_seconds()))


def most_tries(time: timedelta) -> int:
    """Return how many codes can be compared and found wrong in `time`, however the tries are spread.

    A try is allowed either while fewer than fifty failed in ten minutes or while fewer than five did in one. Walked
    backwards from the last one, each span of either kind holds no more than five a minute, and one may be cut off.
    """
    return ceil(time / MINUTE) * TRICKLE + SITE_FAILURES


def lucky_guess_a_day(live_codes: int, locator_digits: int) -> float:
    """Return how likely a permanent attack finds one of so many live codes in a day; it still knows no words then."""
    per_try = min(live_codes / 10**locator_digits, 1.0) / 10**SECRET_DIGITS
    return -expm1(most_tries(DAY) * log1p(-per_try))


def longest_delay(sources: int) -> timedelta:
    """Return how long an attacker with so many fresh sources can hold up an honest customer in a day, in total.

    The burst that opens the breaker fills one minute; then each fresh source takes one place of four a minute.
    """
    return MINUTE + ceil(sources / FRESH_A_MINUTE) * MINUTE
