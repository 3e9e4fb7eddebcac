"""Places of a Content are found by the same dotted names as their widgets."""

import pytest

from agent_desk.rules.content_path import read, write
from agent_desk.rules.session import Content, Line, Outcome

CONTENT = Content(lines=(Line("mail.account", quantity=2), Line("tv.advanced-use")))


def test_a_nested_field_is_read_and_replaced_without_touching_the_original() -> None:
    changed = write(CONTENT, "customer.surname", "L’Hostis")
    assert (read(changed, "customer.surname"), read(CONTENT, "customer.surname")) == ("L’Hostis", "")


def test_one_line_changes_and_its_neighbours_stay() -> None:
    changed = write(CONTENT, "lines[1].outcome", Outcome.SOLVED)
    assert changed.lines == (CONTENT.lines[0], Line("tv.advanced-use", outcome=Outcome.SOLVED))


def test_a_whole_tuple_is_replaced() -> None:
    assert write(CONTENT, "lines", ()).lines == ()


@pytest.mark.parametrize("path", ["customer.age", "lines[7].quantity", "", "customer..surname", "lines[x]"])
def test_a_place_that_does_not_exist_is_an_error(path: str) -> None:
    with pytest.raises((AttributeError, IndexError)):
        write(CONTENT, path, "x")
