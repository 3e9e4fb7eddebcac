"""Goodwill credits: limits by role, a second person above them, sums by calendar month."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.paths import data_path
from agent_desk.reference import load_reference
from agent_desk.rules.bill import credit_line
from agent_desk.rules.credit import (
    Credit,
    CreditLimits,
    CreditState,
    cents_of,
    counted_cents,
    is_amount,
    may_settle,
    month_of,
    needs_second,
)
from agent_desk.rules.people import Role

SHIPPED = load_reference(data_path("db", "seed")).credits
AT = datetime(2026, 11, 23, 11, tzinfo=UTC)
CENTS = st.integers(-(10**9), 10**9)


def credit(cents: int, state: CreditState = CreditState.PROPOSED, mark: str = "aa") -> Credit:
    return Credit(1, 1, "S-2026-000001", "482915307", cents, "geste", "Nadia", mark, AT, state, 1)


def test_the_limits_are_those_of_the_data() -> None:
    assert (SHIPPED.of(Role.AGENT), SHIPPED.of(Role.SUPERVISOR), SHIPPED.of(Role.AUDITOR)) == (1500, 5000, 0)


@given(CENTS)
def test_no_amount_is_credited_that_is_not_positive_or_above_what_anybody_grants(cents: int) -> None:
    assert is_amount(cents, SHIPPED) == (1 <= cents <= SHIPPED.most_cents)


@given(st.lists(st.integers(1, 2000), min_size=1, max_size=12), st.sampled_from([Role.AGENT, Role.SUPERVISOR]))
def test_however_a_sum_is_split_nobody_grants_more_than_their_limit_alone(parts: list[int], role: Role) -> None:
    alone = 0
    for cents in parts:
        if not needs_second(role, cents, alone, SHIPPED):
            alone += cents
    assert alone <= SHIPPED.of(role)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_somebody_without_a_limit_grants_nothing_alone(cents: int, limit: int) -> None:
    assert needs_second(Role.AUDITOR, cents, 0, CreditLimits({Role.AGENT: limit}, 10**6))


@given(st.sampled_from(CreditState), st.sampled_from(Role), st.sampled_from(["aa", "bb"]))
def test_only_another_supervisor_decides_and_only_once(state: CreditState, role: Role, mark: str) -> None:
    expected = state is CreditState.PROPOSED and role is Role.SUPERVISOR and mark != "aa"
    assert may_settle(credit(6000, state), role, mark) == expected


@given(st.lists(st.tuples(st.integers(1, 50000), st.sampled_from(CreditState))))
def test_what_was_refused_counts_for_nothing(given_: list[tuple[int, CreditState]]) -> None:
    found = tuple(credit(cents, state) for cents, state in given_)
    assert counted_cents(found) == sum(cents for cents, state in given_ if state is not CreditState.REFUSED)


@given(st.integers(0, 85 * 365 * 24 * 60))
def test_each_moment_lies_in_its_month_and_months_follow_each_other(minutes: int) -> None:
    moment = datetime(2014, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    begins, ends = month_of(moment)
    assert begins <= moment < ends
    assert month_of(ends)[0] == ends
    assert 27 <= (ends - begins).days <= 31


def test_a_month_begins_at_midnight_in_paris_in_both_seasons() -> None:
    assert month_of(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))[0] == datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert month_of(datetime(2026, 7, 15, tzinfo=UTC))[0] == datetime(2026, 6, 30, 22, tzinfo=UTC)


@given(st.integers(1, 50000), st.sampled_from([0, 85, 200]))
def test_a_credit_takes_its_amount_off_the_bill_with_the_vat_in_it(cents: int, permille: int) -> None:
    line = credit_line(cents, permille)
    assert (line.amount_cents, line.quantity * line.unit_price_cents) == (-cents, -cents)
    assert -cents <= line.vat_cents <= 0


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("15", 1500), ("15,5", 1550), ("12.50 €", 1250), (" 1 000,00 ", 100000), ("0", 0), ("-5", -500), ("€3", 300),
        ("", None), ("abc", None), ("1,234", None), ("1e3", None), ("--5", None), ("9" * 12, None), ("5,", 500), ("²", None),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_type_them(typed: str, cents: int | None) -> None:
    assert cents_of(typed) == cents
