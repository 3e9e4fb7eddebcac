"""Typing that comes late stands upon what others have saved, unless they changed the same."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.content_path import read, write
from agent_desk.rules.late_typing import Difference, compare, typed_over
from agent_desk.rules.session import Content, Customer, Feasibility, Line

BASE = Content(
    customer=Customer(surname="Morvan", city="Brest"),
    notes="Appel du matin",
    lines=(Line("mail.account"), Line("livebox.connect-device"), Line("help.usage")),
)
PATHS = ("customer.surname", "customer.city", "notes", "lines[0].quantity", "lines[2].quantity")


def typed(content: Content, **values: object) -> Content:
    for path, value in values.items():
        content = write(content, path.replace("__", "."), value)
    return content


def test_what_nobody_else_touched_is_typed_again() -> None:
    mine = typed(BASE, customer__surname="Le Goff")
    theirs = typed(BASE, notes="vu ailleurs")
    compared = compare(BASE, mine, ["customer.surname"], theirs)
    assert compared.differing == ()
    assert compared.over(theirs) == typed(theirs, customer__surname="Le Goff")


def test_what_both_changed_is_a_difference_and_waits_for_a_choice() -> None:
    mine = typed(BASE, customer__surname="Le Goff", customer__city="Quimper")
    theirs = typed(BASE, customer__surname="Le Gall")
    compared = compare(BASE, mine, ["customer.surname", "customer.city"], theirs)
    assert compared.differing == (Difference("customer.surname", "Le Goff", "Le Gall"),)
    assert compared.free == {"customer.city": "Quimper"}


def test_the_same_typed_twice_is_no_difference() -> None:
    same = typed(BASE, customer__surname="Le Goff")
    assert compare(BASE, same, ["customer.surname"], same) == compare(BASE, BASE, [], BASE)


def test_typing_follows_a_service_that_moved_up() -> None:
    mine = replace(BASE, lines=(*BASE.lines[:2], replace(BASE.lines[2], quantity=4)))
    theirs = replace(BASE, lines=BASE.lines[1:])
    compared = compare(BASE, mine, ["lines[2].quantity"], theirs)
    assert compared.free == {"lines[1].quantity": 4}
    assert compared.over(theirs).lines == (BASE.lines[1], replace(BASE.lines[2], quantity=4))


def test_a_service_taken_out_takes_what_was_typed_about_it_with_it() -> None:
    mine = replace(BASE, lines=(replace(BASE.lines[0], quantity=4), *BASE.lines[1:]))
    compared = compare(BASE, mine, ["lines[0].quantity"], replace(BASE, lines=BASE.lines[1:]))
    assert (compared.free, compared.differing) == ({}, ())


def test_services_added_here_and_there_are_one_difference() -> None:
    mine = replace(BASE, lines=(*BASE.lines, Line("tv.advanced-use", quantity=2)))
    theirs = replace(BASE, lines=(*BASE.lines, Line("mobile.setup")))
    compared = compare(BASE, mine, ["lines", "lines[3].quantity"], theirs)
    assert compared.differing == (Difference("lines", mine.lines, theirs.lines),)


def test_a_service_added_here_alone_keeps_what_was_typed_about_it() -> None:
    mine = replace(BASE, lines=(*BASE.lines, Line("tv.advanced-use", quantity=2)))
    theirs = typed(BASE, notes="vu ailleurs")
    compared = compare(BASE, mine, ["lines", "lines[3].quantity"], theirs)
    assert compared.over(theirs) == replace(theirs, lines=mine.lines)


def test_an_answer_of_the_operator_is_no_difference() -> None:
    mine = replace(BASE, lines=BASE.lines[:2])
    theirs = replace(BASE, lines=tuple(replace(line, feasibility=Feasibility.YES) for line in BASE.lines))
    assert compare(BASE, mine, ["lines"], theirs).free == {"lines": mine.lines}


@pytest.mark.parametrize("path", ["lines[7].quantity", "lines[3].equipment"])
def test_what_has_no_place_any_more_is_passed_over(path: str) -> None:
    assert typed_over(BASE, {path: 3, "notes": "gardé"}) == replace(BASE, notes="gardé")


VALUES = st.dictionaries(st.sampled_from(PATHS[:3]), st.sampled_from(["a", "b", "Morvan", ""]))


@given(VALUES, VALUES)
def test_every_place_is_free_or_differs_or_is_theirs_already(here: dict[str, object], there: dict[str, object]) -> None:
    mine, theirs = typed_over(BASE, here), typed_over(BASE, there)
    compared = compare(BASE, mine, here, theirs)
    result = compared.over(theirs)
    for path in here:
        changed_there = read(theirs, path) != read(BASE, path)
        alike = read(mine, path) == read(theirs, path)
        differs = any(one.path == path for one in compared.differing)
        assert differs is (changed_there and not alike)
        assert read(result, path) == (read(theirs, path) if differs else read(mine, path))
    untouched = [path for path in PATHS[:3] if path not in here]
    assert all(read(result, path) == read(theirs, path) for path in untouched)
