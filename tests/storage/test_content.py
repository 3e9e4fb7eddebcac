"""A session's content as JSON: compact, whole, and tolerant of other versions."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.session import Content, Customer, Feasibility, Line, Outcome, Prerequisites, Territory
from agent_desk.storage.content import from_json, to_json

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MOMENTS = st.datetimes(timezones=st.just(UTC))
CONTENTS = st.builds(
    Content,
    customer=st.builds(
        Customer, surname=TEXT, territory=st.sampled_from(Territory), subscription=st.none() | st.booleans()
    ),
    description=TEXT,
    lines=st.lists(
        st.builds(
            Line,
            service=TEXT,
            quantity=st.integers(1, 99),
            operations=st.lists(TEXT, max_size=2).map(tuple),
            feasibility=st.sampled_from(Feasibility),
            outcome=st.none() | st.sampled_from(Outcome),
        ),
        max_size=3,
    ).map(tuple),
    prerequisites=st.builds(Prerequisites, discs=st.none() | st.booleans()),
    notes=TEXT,
    ticks=st.lists(st.from_regex(r"[a-z]{1,3}(\.[a-z-]{1,5})?/[1-9][0-9]?", fullmatch=True), max_size=6).map(tuple),
)


@given(CONTENTS)
def test_a_content_comes_back_as_it_was(content: Content) -> None:
    assert from_json(to_json(content)) == content


@given(MOMENTS)
def test_moments_come_back_to_the_microsecond(moment: datetime) -> None:
    typed = json.dumps({"call": {"started_at": moment.isoformat()}})
    assert from_json(typed).call.started_at == moment


def test_what_was_not_typed_takes_no_space() -> None:
    assert to_json(Content()) == "{}"
    assert to_json(Content(lines=(Line("help.usage"),))) == '{"lines":[{"service":"help.usage"}]}'


@pytest.mark.parametrize(
    "stored",
    [
        '{"colour":"blue"}',
        '{"customer":{"shoe_size":43}}',
        '{"customer":"Morvan"}',
        '{"customer":{"territory":"atlantis"}}',
        '{"customer":{"subscription":1}}',
        '{"lines":{}}',
        '{"lines":[{"quantity":2}]}',
        '{"lines":[5]}',
        '{"call":{"started_at":"yesterday"}}',
        '{"call":{"started_at":"2026-11-23T10:00"}}',
        '{"call":{"started_at":5}}',
        '{"notes":null}',
    ],
)
def test_what_another_version_wrote_gives_way_to_defaults(stored: str) -> None:
    assert from_json(stored) == Content()


@pytest.mark.parametrize("broken", ["", "{", "[]", "5"])
def test_what_is_no_object_is_an_error_and_not_an_empty_session(broken: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_json(broken)


def test_half_a_character_pair_becomes_a_question_mark_and_not_a_crash() -> None:
    assert from_json(to_json(Content(notes="a\ud83dz"))).notes == "a?z"


def test_ticks_of_one_service_are_stored_together_in_their_order() -> None:
    ticked = Content(ticks=("tv.advanced-use/2", "tv.advanced-use/1", "help.usage/1", "odd", "tv.advanced-use/3"))
    assert to_json(ticked) == '{"ticks":["tv.advanced-use/2,1","help.usage/1","odd","tv.advanced-use/3"]}'
    assert from_json(to_json(ticked)) == ticked
