"""Canonical JSON is what RFC 8785 says, byte for byte, by whichever way it is written."""

from enum import StrEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.storage.canonical import canonical, is_plain, plain

SCALARS = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(st.characters())
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
)


class Word(StrEnum):
    """A text that is more than a text."""

    YES = "yes"


def by_the_book(value: Any) -> bytes | None:
    """Return what rfc8785 writes; None for what has no canonical form."""
    try:
        return rfc8785.dumps(value)
    except ValueError:
        return None


@given(VALUES)
def test_any_value_is_written_by_the_book_or_refused(value: Any) -> None:
    expected = by_the_book(value)
    if expected is None:
        with pytest.raises(ValueError):  # noqa: PT011 (rfc8785 and Python word it differently)
            canonical(value).encode()
    else:
        assert canonical(value).encode() == expected


@given(VALUES)
def test_what_is_plain_is_written_so_directly(value: Any) -> None:
    expected = by_the_book(value)
    if is_plain(value) and expected is not None:
        assert plain(value).encode() == expected


@pytest.mark.parametrize("value", [1.0, 2**53, -(2**53), Word.YES, {"é": 1}, [[{"a": 0.5}]], (1,), b""])
def test_what_python_would_write_another_way_is_not_plain(value: Any) -> None:
    assert not is_plain(value)


@pytest.mark.parametrize("value", ["é\x1f\u2028", 2**53 - 1, -(2**53 - 1), True, None, {"b": [1, "x"], "a": {}}])
def test_texts_flags_and_whole_numbers_are_plain(value: Any) -> None:
    assert is_plain(value)
    assert plain(value).encode() == rfc8785.dumps(value)
