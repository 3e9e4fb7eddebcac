"""A refusal is one line a person can act on, whatever was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.console.refusal import PATH_MAX, Refused, printable
from agent_desk.wording import load_wording


def test_a_refusal_names_the_field_and_what_would_do() -> None:
    line = Refused("lines[0].outcome", choices=("solved", "not_solved")).line(load_wording("en"))
    assert line.startswith("lines[0].outcome: ")
    assert line.endswith("(solved, not_solved)")


@given(st.text(max_size=400))
def test_whatever_was_typed_stays_on_one_plain_line(text: str) -> None:
    line = Refused(text).line(load_wording("fr"))
    assert {unicodedata.category(letter) for letter in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"} == set()
    assert len(printable(text)) <= PATH_MAX + 1


@pytest.mark.parametrize("text", ["a\nb", "a\x1b[31mb", "a\u202eb", "a\ud800b"])
def test_what_a_terminal_obeys_is_replaced(text: str) -> None:
    assert printable(text) in {"a\ufffdb", "a\ufffd[31mb"}
