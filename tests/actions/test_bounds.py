"""What is typed beyond its bounds is kept whole, or as it was, and named."""

from dataclasses import replace
from typing import Any

import pytest

from agent_desk.actions.bounds import KEPT, limit, shortened, within_bounds
from agent_desk.actions.errors import Refusal
from agent_desk.actions.views import Adjusted
from agent_desk.rules.session import Content, Customer, Line
from tests.support.desks import content


def customer_with(field: str, text: str) -> Customer:
    values: dict[str, Any] = {field: text}
    return replace(Customer(), **values)


def bounded(typed: Content, stored: Content | None = None) -> tuple[Content, tuple[Adjusted, ...]]:
    return within_bounds(typed, stored or Content())


@pytest.mark.parametrize(
    ("field", "most"), [("surname", 200), ("address", 500), ("email", 200), ("login", 200), ("caller_name", 200)]
)
def test_ten_thousand_characters_are_kept_whole_and_the_field_is_named(field: str, most: int) -> None:
    kept, adjusted = bounded(Content(customer=customer_with(field, "x" * 10_000)))
    assert getattr(kept.customer, field) == "x" * 10_000
    assert adjusted == (Adjusted(f"customer.{field}", "long", most),)
    assert getattr(shortened(kept).customer, field) == "x" * most


def test_what_is_still_as_long_as_before_is_not_named_again() -> None:
    stored = Content(customer=customer_with("surname", "x" * 10_000), lines=(Line("help.usage", equipment="y" * 201),))
    assert bounded(replace(stored, notes="rang twice"), stored)[1] == ()
    longer = replace(stored, lines=(replace(stored.lines[0], equipment="y" * 202), Line("help.usage")))
    assert [one.field for one in bounded(longer, stored)[1]] == ["lines[0].equipment"]


def test_a_text_beyond_any_use_is_cut_and_the_field_is_named() -> None:
    kept, adjusted = bounded(Content(customer=customer_with("surname", "x" * 1_000_000)))
    assert kept.customer.surname == "x" * KEPT
    assert adjusted == (Adjusted("customer.surname", "too_long", KEPT),)


def test_notes_and_description_may_be_longer() -> None:
    assert (limit("notes"), limit("description"), limit("lines[0].equipment")) == (4000, 2000, 200)
    kept, adjusted = bounded(Content(notes="n" * 4001, description="d" * 2000))
    assert (len(kept.notes), len(kept.description)) == (4001, 2000)
    assert [one.field for one in adjusted] == ["notes"]


def test_a_text_within_its_limit_is_shown_as_it_is() -> None:
    typed = content()
    assert shortened(typed) == typed


@pytest.mark.parametrize(
    "name",
    [
        'O\'Brien "Bob" <b>',
        "محمد العربي",
        "עברית",
        "👩‍👩‍👧 Zoé",
        "Nguyễn",
        "a\u200db\u200f",
        "e\u0301té",
        "two\nlines\there",
    ],
)
def test_names_of_all_scripts_are_kept_as_typed(name: str) -> None:
    typed = Content(customer=Customer(surname=name))
    assert bounded(typed) == (typed, ())


@pytest.mark.parametrize("name", ["Mor\x00van", "Mor\x1bvan", "Mor\x7fvan", "Mor\x85van", "Mor\ud800van"])
def test_invisible_characters_are_taken_out_and_the_field_is_named(name: str) -> None:
    kept, adjusted = bounded(Content(customer=Customer(surname=name)))
    assert kept.customer.surname == "Morvan"
    assert adjusted == (Adjusted("customer.surname", "control_characters"),)


@pytest.mark.parametrize("quantity", [0, -1, 100, 10**18])
def test_a_quantity_out_of_range_gives_way_to_the_one_before(quantity: int) -> None:
    stored = content(Line("mail.account", quantity=4))
    typed = replace(
        stored, lines=(replace(stored.lines[0], quantity=quantity), Line("mail.account", quantity=quantity))
    )
    kept, adjusted = bounded(typed, stored)
    assert [line.quantity for line in kept.lines] == [4, 1]
    assert [(one.field, one.code) for one in adjusted] == [
        ("lines[0].quantity", "quantity_out_of_range"),
        ("lines[1].quantity", "quantity_out_of_range"),
    ]


@pytest.mark.parametrize("machines", [0, 4])
def test_a_number_of_machines_out_of_range_gives_way_to_the_one_before(machines: int) -> None:
    kept, adjusted = bounded(Content(lines=(Line("network.home", machines=machines),)))
    assert kept.lines[0].machines == 1
    assert adjusted == (Adjusted("lines[0].machines", "machines_out_of_range", 3),)


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        (Content(lines=(Line("help.usage"),) * 100), "lines"),
        (Content(ticks=("a/1",) * 501), "ticks"),
        (Content(lines=(Line("help.usage", operations=("x",) * 9),)), "lines[0].operations"),
    ],
)
def test_lists_beyond_any_use_are_refused_by_name(typed: Content, path: str) -> None:
    with pytest.raises(Refusal) as refused:
        bounded(typed)
    assert (refused.value.code, refused.value.fields) == ("invalid_value", (path,))
