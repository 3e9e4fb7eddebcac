"""4.6: how often codes may be tried, what that leaves to luck, and whom an attack holds up for how long."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_desk.rules.guessing import (
    ALLOW,
    DAY,
    HOUR,
    MINUTE,
    SITE_LIMIT,
    SITE_WINDOW,
    SOURCE_LIMIT,
    Counts,
    Verdict,
    is_open,
    lane_wait,
    longest_delay,
    lucky_guess_a_day,
    most_tries,
    source_of,
    verdict,
)

AT = datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def ago(*seconds: float) -> list[datetime]:
    """Return moments so many seconds before `AT`, oldest first."""
    return sorted(AT - one * SECOND for one in seconds)


def counts(
    source: Sequence[datetime] = (),
    site: Sequence[datetime] = (),
    fresh: Sequence[datetime] = (),
    known: Sequence[datetime] = (),
    *,
    left_open: bool = False,
) -> Counts:
    return Counts(AT, source, site, fresh, known, left_open)


def test_a_first_try_is_allowed() -> None:
    assert verdict(counts()) == Verdict(ALLOW, 0, True)


def test_a_source_has_five_failures_a_minute() -> None:
    assert verdict(counts(ago(59, 40, 30, 20))).answer is ALLOW
    assert verdict(counts(ago(59, 40, 30, 20, 10))) == Verdict(SOURCE_LIMIT, 1, False)
    assert verdict(counts(ago(60, 40, 30, 20, 10))).answer is ALLOW
    assert verdict(counts(ago(0, 0, 0, 0, 0))).retry_after == 60


def test_a_source_has_twenty_failures_an_hour() -> None:
    spread = [120 + 170 * number for number in range(19)]
    assert verdict(counts(ago(*spread))).answer is ALLOW
    assert verdict(counts(ago(*spread, 3_599.5))) == Verdict(SOURCE_LIMIT, 1, False)
    assert verdict(counts(ago(*spread, 3_600))).answer is ALLOW


def test_the_longer_of_two_waits_does_not_hide_the_shorter_one() -> None:
    assert verdict(counts(ago(*range(20)))).retry_after == 56


def test_who_has_failed_in_the_last_day_is_known() -> None:
    assert not verdict(counts(ago(86_000))).fresh
    assert verdict(counts()).fresh


def test_fifty_failures_in_ten_minutes_open_the_breaker() -> None:
    lane = ago(1, 2, 3, 4)
    assert verdict(counts(site=ago(*range(49)), fresh=lane)).answer is ALLOW
    assert verdict(counts(site=ago(*range(50)), fresh=lane)) == Verdict(SITE_LIMIT, 56, True)


def test_the_breaker_stays_open_until_the_failures_have_halved() -> None:
    assert not is_open(49, before=False)
    assert is_open(50, before=False)
    assert is_open(25, before=True)
    assert not is_open(24, before=True)


def open_counts(
    fresh: Sequence[datetime] = (), known: Sequence[datetime] = (), source: Sequence[datetime] = ()
) -> Counts:
    return counts(source, ago(*range(100, 150)), fresh, known, left_open=True)


def test_while_it_is_open_four_fresh_and_one_known_source_a_minute_may_try() -> None:
    failed_today = ago(5_000)
    assert verdict(open_counts(fresh=ago(50, 40, 30))).answer is ALLOW
    assert verdict(open_counts(fresh=ago(50, 40, 30, 20))) == Verdict(SITE_LIMIT, 10, True)
    assert verdict(open_counts(fresh=ago(60, 40, 30, 20))).answer is ALLOW
    assert verdict(open_counts(source=failed_today)).answer is ALLOW
    assert verdict(open_counts(known=ago(45), source=failed_today)) == Verdict(SITE_LIMIT, 15, False)
    assert verdict(open_counts(known=ago(60), source=failed_today)).answer is ALLOW


def test_neither_lane_takes_the_place_of_the_other() -> None:
    assert verdict(open_counts(known=ago(10), fresh=ago(50, 40, 30))).answer is ALLOW
    assert verdict(open_counts(fresh=ago(50, 40, 30, 20), source=ago(5_000))).answer is ALLOW


def test_the_burst_that_opened_it_fills_the_minute_for_both() -> None:
    burst = ago(*[12] * 50)
    assert verdict(open_counts(fresh=burst)) == Verdict(SITE_LIMIT, 48, True)
    assert verdict(open_counts(fresh=burst, source=ago(5_000))) == Verdict(SITE_LIMIT, 48, False)
    assert verdict(open_counts(known=burst)) == Verdict(SITE_LIMIT, 48, True)


def test_a_lane_says_when_it_has_a_place_again() -> None:
    full = open_counts(fresh=ago(50, 40, 30, 20), known=ago(5))
    assert lane_wait(full, fresh=True) == 10
    assert lane_wait(full, fresh=False) == 55
    assert lane_wait(open_counts(), fresh=True) == lane_wait(open_counts(), fresh=False) == 0


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::FFFF:C000:0207", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
        ("192.0.2.007", "unknown"),
        ("x" * 100_000, "unknown"),
    ],
)
def test_a_source_is_an_ipv4_address_or_a_slash_64(address: str, source: str) -> None:
    assert source_of(address) == source


@given(st.integers(1, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_all_of_a_slash_64_are_one_source(network: int, one: int, other: int) -> None:
    assert source_of(str(IPv6Address(network << 64 | one))) == source_of(str(IPv6Address(network << 64 | other)))


@given(st.text(max_size=50))
def test_whatever_stands_for_an_address_is_some_source(address: str) -> None:
    assert source_of(address)


@dataclass
class Site:
    """Counts failures as the database does, with moments in seconds."""

    failures: list[tuple[float, str, bool]] = field(default_factory=list)
    open: bool = False

    def counts(self, now: float, source: str) -> Counts:
        def at(seconds: float) -> datetime:
            return AT + seconds * SECOND

        site = [one for one in self.failures if one[0] > now - SITE_WINDOW / SECOND]
        recent = [one for one in site if one[0] > now - 60]
        mine = [at(when) for when, who, _ in self.failures if who == source and when > now - 86_400]
        return Counts(
            at(now),
            mine[-20:],
            [at(when) for when, *_ in site],
            [at(when) for when, _, fresh in recent if fresh],
            [at(when) for when, _, fresh in recent if not fresh],
            self.open,
        )

    def attempt(self, now: float, source: str) -> bool:
        """Count a try if it is allowed, as a failure."""
        asked = self.counts(now, source)
        self.open = is_open(len(asked.site), before=self.open)
        found = verdict(Counts(asked.now, asked.source, asked.site, asked.fresh, asked.known, self.open))
        if found.answer is ALLOW:
            self.failures.append((now, source, found.fresh))
            self.open = is_open(len(asked.site) + 1, before=self.open)
        return found.answer is ALLOW

    def give_back(self, source: str) -> None:
        """Uncount the latest failure of a source: its code was good."""
        latest = max((at for at, one in enumerate(self.failures) if one[1] == source), default=None)
        if latest is not None:
            del self.failures[latest]


def most_within(moments: Sequence[float], window: float) -> int:
    """Return the largest number of moments in any window, its beginning not counted."""
    return max((sum(end - window < one <= end for one in moments) for end in moments), default=0)


# An attack: how long until the next try, by which of some sources, and whether the code was good.
tries = st.lists(
    st.tuples(st.sampled_from([0.0, 0.0, 0.1, 1.0, 11.0, 59.0, 60.0, 200.0, 600.0]), st.integers(0, 30), st.booleans()),
    max_size=250,
)


@settings(max_examples=60, deadline=None)
@given(tries)
def test_no_interleaving_compares_more_failures_than_the_limits_say(steps: list[tuple[float, int, bool]]) -> None:
    site, now, wrong = Site(), 0.0, []
    for wait, number, good in steps:
        now += wait
        source = f"192.0.2.{number}"
        if site.attempt(now, source):
            if good and number % 7 == 0:
                site.give_back(source)
            else:
                wrong.append((now, source))
    for source in {source for _, source in wrong}:
        mine = [at for at, one in wrong if one == source]
        assert most_within(mine, 60) <= 5
        assert most_within(mine, 3_600) <= 20
    moments = [at for at, _ in wrong]
    for window in (timedelta(seconds=1), MINUTE, SITE_WINDOW, HOUR):
        assert most_within(moments, window / SECOND) <= most_tries(window)


def test_a_permanent_attack_gets_little_more_than_five_tries_a_minute() -> None:
    site, moments = Site(), []
    for second in range(900):
        moments += [second for _ in range(3) if site.attempt(float(second), f"{second}.{_}")]
        site.failures = site.failures[-200:]
    assert len(moments) <= most_tries(900 * SECOND)
    assert len(moments) == 15 * 4 + 46  # sources never seen before fill their lane, and opened it with a burst


def test_a_success_gives_its_count_back() -> None:
    site = Site()
    for number in range(500):
        assert site.attempt(float(number % 3), "192.0.2.1")
        site.give_back("192.0.2.1")
    assert site.failures == []


def test_the_bound_is_five_a_minute_and_one_burst() -> None:
    assert most_tries(DAY) == 7_250
    assert most_tries(timedelta(seconds=61)) == 60


def test_a_lucky_guess_is_less_likely_than_one_in_a_thousand_days() -> None:
    assert lucky_guess_a_day(100, 3) == pytest.approx(7.247e-4, rel=1e-3)
    assert lucky_guess_a_day(100, 3) <= 0.001
    assert lucky_guess_a_day(100, 4) == pytest.approx(7.25e-5, rel=1e-3)
    assert lucky_guess_a_day(0, 3) == 0
    assert lucky_guess_a_day(5_000, 3) == lucky_guess_a_day(1_000, 3) == pytest.approx(7.224e-3, rel=1e-3)


@pytest.mark.parametrize(("sources", "minutes"), [(0, 1), (1, 2), (4, 2), (5, 3), (100, 26), (1_000, 251)])
def test_an_attacker_with_so_many_fresh_sources_holds_up_a_customer_at_most(sources: int, minutes: int) -> None:
    assert longest_delay(sources) == minutes * MINUTE


@pytest.mark.parametrize("sources", [0, 3, 21])
def test_played_through_an_honest_customer_comes_in_within_that_time(sources: int) -> None:
    site = Site()
    old = [f"old {number}" for number in range(20)]
    for number, source in enumerate(old):
        site.failures.append((-80_000.0 + number * 60, source, True))
    new = iter([f"new {number}" for number in range(sources)])
    waiting = next(new, None)
    for second in range(int(longest_delay(sources) / SECOND) + 1):
        for source in old:
            site.attempt(float(second), source)
        while waiting is not None and site.attempt(float(second), waiting):
            waiting = next(new, None)
        if second > 0 and site.attempt(float(second), "an honest customer"):
            break
    else:
        raise AssertionError("the customer is still waiting")
