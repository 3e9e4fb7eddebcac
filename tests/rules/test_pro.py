"""Acts of professional customers: each with its effect, in time by the next day of the customer's calendar."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.pro import EFFECTS, TOLD_BY, Act, acts, in_time
from agent_desk.rules.session import Territory

T0 = datetime(2026, 11, 23, 11, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """An event as the rules read it."""

    kind: str
    minutes: int = 0
    payload: dict[str, Any] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return T0 + timedelta(minutes=self.minutes)


def test_each_act_has_the_first_effect_of_the_same_thing_after_it() -> None:
    found = acts(
        [
            Told("mail_queued", 0, {"mail": 1}),
            Told("mail_queued", 1, {"mail": 2}),
            Told("mail_sending", 2, {"mail": 2}),
            Told("credit_proposed", 3, {"credit": 7}),
            Told("mail_accepted", 4, {"mail": 2}),
            Told("credit_approved", 5, {"credit": 8}),
            Told("session_handed_over", 6),
            Told("session_taken_over", 7),
            Told("mail_accepted", 8, {"mail": 2}),
        ]
    )
    ends = [None if one.effective_at is None else (one.effective_at - T0) // timedelta(minutes=1) for one in found]
    assert [one.request for one in found] == ["mail_queued", "mail_queued", "credit_proposed", "session_handed_over"]
    assert ends == [None, 4, None, 7]


@pytest.mark.parametrize(
    ("territory", "asked", "done", "held"),
    [
        ("metropole", "2026-11-23T23:59+01:00", "2026-11-24T23:59+01:00", True),
        ("metropole", "2026-11-23T23:59+01:00", "2026-11-25T00:00+01:00", False),
        ("reunion", "2026-11-23T23:59+04:00", "2026-11-25T00:00+04:00", False),
        ("metropole", "2026-12-31T12:00+01:00", "2027-01-01T23:00+01:00", True),
        ("metropole", "2028-02-28T12:00+01:00", "2028-02-29T23:59+01:00", True),
        ("metropole", "2026-10-24T23:59+02:00", "2026-10-25T23:59+01:00", True),  # a day of 25 hours
    ],
)
def test_the_next_day_is_the_customers(territory: str, asked: str, done: str, held: bool) -> None:
    moments = [datetime.fromisoformat(text).astimezone(UTC) for text in (asked, done)]
    act = Act("mail_queued", *moments)
    assert in_time(act, Territory(territory), moments[1]) is held
    waiting = Act("mail_queued", moments[0], None)
    assert in_time(waiting, Territory(territory), moments[1]) is (None if held else False)


@given(st.lists(st.tuples(st.sampled_from(sorted(TOLD_BY)), st.integers(1, 3)), max_size=30))
def test_every_request_is_an_act_and_no_effect_serves_two(told: list[tuple[str, int]]) -> None:
    names = {kind: name for request, (kinds, name) in EFFECTS.items() for kind in (request, *kinds)}
    found = acts([Told(kind, minute, {names[kind]: which}) for minute, (kind, which) in enumerate(told)])
    assert [one.request for one in found] == [kind for kind, _ in told if kind in EFFECTS]
    ends = [one.effective_at for one in found if one.effective_at is not None]
    assert len(ends) == len(set(ends))
    assert all(one.effective_at is None or one.effective_at > one.requested_at for one in found)
