"""A case is read strictly: nothing is guessed, everything refused is named by its path."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.console.case_file import BYTES_MAX, read_case
from agent_desk.console.refusal import Refused
from agent_desk.rules.billing import Case, CaseLine
from agent_desk.rules.session import HomeVisit, Outcome, Segment, Territory
from tests.support.reference import cases

LINE = {"service": "mail.account", "quantity": 2, "outcome": "solved"}
CASE: dict[str, Any] = {"territory": "guyane", "segment": "pro", "home_visit": "declined", "lines": [LINE]}


def refused(raw: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        read_case(raw, "case.json")
    return refusal.value.path


def changed(**changes: Any) -> bytes:
    return json.dumps(CASE | changes).encode()


def changed_line(**changes: Any) -> bytes:
    return changed(lines=[LINE, LINE | changes])


def without(name: str) -> bytes:
    return json.dumps({key: value for key, value in CASE.items() if key != name}).encode()


def test_a_case_is_read_with_what_may_be_left_out() -> None:
    line = CaseLine("mail.account", 2, Outcome.SOLVED)
    assert read_case(changed(), "x") == Case(Territory.GUYANE, Segment.PRO, HomeVisit.DECLINED, (line,))


def test_operations_and_machines_are_read() -> None:
    lines = read_case(changed_line(operations=["removal"], machines=3), "x").lines
    assert (lines[1].operations, lines[1].machines) == (("removal",), 3)


def test_the_mark_windows_puts_before_a_text_is_no_harm() -> None:
    assert read_case(b"\xef\xbb\xbf" + changed(), "x").territory is Territory.GUYANE


@pytest.mark.parametrize("name", CASE)
def test_what_is_missing_is_named(name: str) -> None:
    assert refused(without(name)) == name


@pytest.mark.parametrize("name", LINE)
def test_what_is_missing_in_a_line_is_named(name: str) -> None:
    line = {key: value for key, value in LINE.items() if key != name}
    assert refused(changed(lines=[LINE, line])) == f"lines[1].{name}"


@pytest.mark.parametrize("value", [None, 1, True, [], {}, "", "Metropole", "metropole ", "\ud800"])
@pytest.mark.parametrize("name", ["territory", "segment", "home_visit"])
def test_only_the_words_of_the_terms_are_taken(name: str, value: object) -> None:
    assert refused(changed(**{name: value})) == name


@pytest.mark.parametrize("value", [None, True, False, 1.0, 1.5, "1", [1], {"n": 1}])
@pytest.mark.parametrize("name", ["quantity", "machines"])
def test_only_whole_numbers_are_counts(name: str, value: object) -> None:
    assert refused(changed_line(**{name: value})) == f"lines[1].{name}"


def test_a_number_too_large_for_any_machine_is_no_count() -> None:
    assert refused(changed().replace(b"2", b"1e400")) == "lines[0].quantity"


@pytest.mark.parametrize("value", [None, 5, ["x"], {}])
def test_a_service_is_a_text(value: object) -> None:
    assert refused(changed_line(service=value)) == "lines[1].service"


@pytest.mark.parametrize("value", [None, "solve", "SOLVED", 3])
def test_an_outcome_is_one_of_the_terms(value: object) -> None:
    assert refused(changed_line(outcome=value)) == "lines[1].outcome"


@pytest.mark.parametrize(
    ("value", "path"), [(None, ""), ("removal", ""), ({"removal": True}, ""), (["removal", 4], "[1]"), ([None], "[0]")]
)
def test_operations_are_a_list_of_texts(value: object, path: str) -> None:
    assert refused(changed_line(operations=value)) == f"lines[1].operations{path}"


@pytest.mark.parametrize("value", [None, {}, "x", 7])
def test_lines_are_a_list(value: object) -> None:
    assert refused(changed(lines=value)) == "lines"


@pytest.mark.parametrize("value", [None, [], "x", 7])
def test_each_line_is_an_object(value: object) -> None:
    assert refused(changed(lines=[LINE, value])) == "lines[1]"


@pytest.mark.parametrize("raw", [b"[]", b"null", b"3", b'"x"', b"true"])
def test_the_whole_is_an_object(raw: bytes) -> None:
    assert refused(raw) == "case"


def test_unknown_names_are_not_passed_over() -> None:
    assert refused(changed(discount=5)) == "discount"
    assert refused(changed_line(price_cents=1)) == "lines[1].price_cents"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (b'"segment": "pro"', b'"segment": "pro", "segment": "pro"', "segment"),
        (b'"quantity": 2', b'"quantity": 1, "quantity": 2', "lines[0].quantity"),
    ],
)
def test_a_name_given_twice_is_named(old: bytes, new: bytes, path: str) -> None:
    assert refused(changed().replace(old, new)) == path


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"not json",
        b"{'territory': 'guyane'}",
        changed().replace(b"2", b"NaN"),
        changed().replace(b"2", b"-Infinity"),
        changed().replace(b"2", b"9" * 5000),
        changed() + b"x",
        b'{"territory": "\xff\xfe"}',
        "{}".encode("utf-16"),
        b"[" * 200_000,
        b" " * (BYTES_MAX + 1),
    ],
    ids=lambda raw: str(raw[:20]),
)
def test_what_is_no_json_is_named_by_its_file(raw: bytes) -> None:
    assert refused(raw) == "case.json"


@given(cases())
def test_every_case_survives_being_written_and_read(case: Case) -> None:
    written = {
        "territory": case.territory,
        "segment": case.segment,
        "home_visit": case.home_visit,
        "lines": [
            {
                "service": line.service,
                "quantity": line.quantity,
                "outcome": line.outcome,
                "operations": line.operations,
                "machines": line.machines,
            }
            for line in case.lines
        ],
    }
    assert read_case(json.dumps(written).encode(), "x") == case


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_whatever_comes_in_is_read_or_refused(raw: bytes) -> None:
    with pytest.raises(Refused):
        read_case(raw, "x")


@given(st.sampled_from(["quantity", "machines", "service", "outcome", "operations"]), json_values)
def test_whatever_stands_in_a_field_is_taken_or_named(name: str, value: object) -> None:
    raw = changed_line(**{name: value})
    try:
        path = ""
        assert isinstance(read_case(raw, "case.json"), Case)
    except Refused as refusal:
        path = refusal.path
    assert path in {"", "case.json"} or path.startswith(f"lines[1].{name}")
