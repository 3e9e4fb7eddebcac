"""4.6: the one-time code; a slip of one digit or a swap is noticed before anything is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.code import build, check_digit, group, groups, is_well_formed, normalise, split

locators = st.integers(3, 5).flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size))
secrets = st.text("0123456789", min_size=6, max_size=6)


def test_the_example_of_the_terms_is_valid() -> None:
    assert is_well_formed("407 915 2632", 3)
    assert build("407", "915263") == "4079152632"


def test_the_example_of_the_thesis_has_its_check_digit() -> None:
    assert check_digit("572") == "4"


@given(locators, secrets)
def test_a_code_is_well_formed_and_comes_apart_again(locator: str, secret: str) -> None:
    code = build(locator, secret)
    assert len(code) == len(locator) + 7
    assert is_well_formed(group(code), len(locator))
    assert split(code, len(locator)) == (locator, secret)


@given(locators, secrets, st.data())
def test_one_wrong_digit_is_noticed(locator: str, secret: str, data: st.DataObject) -> None:
    code = build(locator, secret)
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != code[place]]))
    assert not is_well_formed(code[:place] + other + code[place + 1 :], len(locator))


@given(locators, secrets, st.data())
def test_two_neighbours_swapped_are_noticed(locator: str, secret: str, data: st.DataObject) -> None:
    code = build(locator, secret)
    place = data.draw(st.integers(0, len(code) - 2))
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_well_formed(swapped, len(locator)) is (swapped == code)


@pytest.mark.parametrize(
    "text", ["", "407915263", "40791526320", "407915263a", "٤٠٧٩١٥٢٦٣٢", "407 915 2633", "²079152632"]
)
def test_anything_else_is_not_well_formed(text: str) -> None:
    assert not is_well_formed(text, 3)


@given(st.text(max_size=40), st.integers(3, 5))
def test_whatever_a_customer_types_gets_an_answer(text: str, locator_digits: int) -> None:
    assert is_well_formed(text, locator_digits) in {True, False}


@pytest.mark.parametrize("digits", ["", "12a", "٤"])
def test_only_digits_have_a_check_digit(digits: str) -> None:
    with pytest.raises(ValueError, match="only digits"):
        check_digit(digits)


@pytest.mark.parametrize(("locator", "secret"), [("40", "915263"), ("407915", "915263"), ("407", "91526")])
def test_wrong_lengths_make_no_code(locator: str, secret: str) -> None:
    with pytest.raises(ValueError, match="locator of 3 to 5 digits"):
        build(locator, secret)


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("4079152632", "407 915 2632"),
        ("40791526321", "407 9152 6321"),
        ("407915263212", "407 915 263 212"),
        ("40", "40"),
        ("", ""),
    ],
)
def test_digits_are_shown_in_groups(digits: str, shown: str) -> None:
    assert group(digits) == shown
    assert "".join(groups(digits)) == digits


def test_what_people_type_between_digits_is_ignored() -> None:
    assert normalise(" 407-915.26\u00a032\n") == "4079152632"
