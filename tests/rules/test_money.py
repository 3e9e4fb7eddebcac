"""Cents are never lost and never invented."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.money import divide_half_up, vat_included

amounts = st.integers(0, 10**12)


@pytest.mark.parametrize(
    ("amount", "rate", "vat"),
    [
        (2900, 200, 483),
        (7900, 200, 1317),
        (5800, 200, 967),
        (0, 200, 0),
        (6900, 0, 0),
        (6239, 85, 489),
        (15, 200, 3),  # 2.5
        (9, 200, 2),  # 1.5
        (1, 200, 0),
        (3, 200, 1),  # 0.5
    ],
)
def test_vat_is_rounded_half_up(amount: int, rate: int, vat: int) -> None:
    assert vat_included(amount, rate) == vat


@given(amounts, st.integers(0, 1000))
def test_vat_is_within_half_a_cent_of_the_exact_one(amount: int, rate: int) -> None:
    exact = amount - Fraction(amount) / (1 + Fraction(rate, 1000))
    assert -Fraction(1, 2) < vat_included(amount, rate) - exact <= Fraction(1, 2)


@given(amounts, amounts, st.integers(0, 1000))
def test_a_higher_amount_never_holds_less_vat(amount: int, more: int, rate: int) -> None:
    assert vat_included(amount, rate) <= vat_included(amount + more, rate) <= amount + more


@pytest.mark.parametrize(
    ("numerator", "denominator", "result"), [(0, 1, 0), (1, 2, 1), (1, 3, 0), (2, 3, 1), (7, 2, 4)]
)
def test_halves_go_up(numerator: int, denominator: int, result: int) -> None:
    assert divide_half_up(numerator, denominator) == result


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 2), (1, 0), (1, -2)])
def test_what_cannot_be_rounded_half_up_is_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(
        ValueError, match=r"^only a non-negative amount divided by a positive one can be rounded half up$"
    ):
        divide_half_up(numerator, denominator)


def test_a_negative_rate_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a VAT rate is never negative$"):
        vat_included(100, -1)


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="non-negative"):
        vat_included(-1, 200)
