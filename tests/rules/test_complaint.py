"""By when a complaint is answered, across seasons, holidays and territories; and who may be turned to after an answer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.paths import data_path
from agent_desk.reference import load_reference
from agent_desk.rules.clocks import is_working_day
from agent_desk.rules.complaint import (
    NEXT,
    Complaint,
    ComplaintChannel,
    ComplaintState,
    Level,
    answer_due,
    is_receivable,
    level_due,
    may_follow,
    may_promise,
    mediator_until,
)
from agent_desk.rules.session import Segment, Territory
from agent_desk.rules.territories import local

RULES = load_reference(data_path("db", "seed")).appeals
METRO, REUNION = Territory.METROPOLE, Territory.REUNION
LETTER, WEB = ComplaintChannel.LETTER, ComplaintChannel.INTERNET
MOMENTS = st.integers(0, 30 * 365 * 24 * 60).map(
    lambda minutes: datetime(2014, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("channel", "territory", "received", "due"),
    [
        (WEB, METRO, "2026-11-23T12:00+01:00", "2026-11-25T12:00+01:00"),
        (ComplaintChannel.TELEPHONE, METRO, "2026-10-24T12:00+02:00", "2026-10-26T11:00+01:00"),  # the clocks go back
        (ComplaintChannel.CHAT, METRO, "2026-03-28T12:00+01:00", "2026-03-30T13:00+02:00"),  # and forward
        (WEB, METRO, "2028-02-28T09:00+01:00", "2028-03-01T09:00+01:00"),  # 29 February
        (LETTER, METRO, "2026-11-23T09:00+01:00", "2026-12-01T00:00+01:00"),
        (LETTER, METRO, "2026-12-24T09:00+01:00", "2027-01-05T00:00+01:00"),  # Christmas, New Year, two weekends
        (LETTER, Territory.ALSACE_MOSELLE, "2028-12-21T09:00+01:00", "2029-01-03T00:00+01:00"),  # 25 and 26
        (LETTER, REUNION, "2027-12-17T09:00+04:00", "2027-12-28T00:00+04:00"),  # a Monday that is theirs, and Christmas
        (LETTER, Territory.GUADELOUPE, "2027-05-25T09:00-04:00", "2027-06-03T00:00-04:00"),  # 27 May is theirs alone
    ],
)  # fmt: skip
def test_an_answer_is_due_on_the_customers_calendar(
    channel: ComplaintChannel, territory: Territory, received: str, due: str
) -> None:
    assert answer_due(channel, at(received), territory) == at(due)


def test_a_day_off_of_the_site_gives_a_letter_a_day_more() -> None:
    assert answer_due(LETTER, at("2026-11-23T09:00+01:00"), METRO, [date(2026, 11, 25)]) == at("2026-12-02T00:00+01:00")


@given(MOMENTS, st.sampled_from(Territory))
def test_a_letter_has_exactly_five_working_days_and_anything_else_48_hours(
    received: datetime, territory: Territory
) -> None:
    due = answer_due(LETTER, received, territory)
    day, days = local(received, territory).date(), 0
    while (day := day + timedelta(days=1)) < local(due, territory).date():
        days += is_working_day(day, territory)
    assert days == 5
    assert answer_due(WEB, received, territory) - received == timedelta(hours=48)


@given(MOMENTS, MOMENTS)
def test_nothing_is_received_in_the_future_nor_promised_for_the_past(received: datetime, now: datetime) -> None:
    assert not (is_receivable(received, now) and received > now)
    assert not (may_promise(received, now) and received <= now)


def complaint(level: Level = Level.SERVICE, state: ComplaintState = ComplaintState.REJECTED) -> Complaint:
    noon = at("2024-02-29T12:00+01:00")
    return Complaint(1, 1, LETTER, noon, "trop cher", (), "Nadia", noon, level, noon, state, noon, 1, 1)


def test_the_appeal_service_comes_first_then_the_mediator_for_a_year_and_for_consumers_only() -> None:
    now, pro, home = at("2024-03-20T12:00+01:00"), Segment.PRO, Segment.RESIDENTIAL
    answered, appealed = complaint(), complaint(Level.APPEAL)
    assert may_follow(complaint(state=ComplaintState.OPEN), home, now, METRO, RULES) is None
    assert may_follow(answered, home, now, METRO, RULES) is Level.APPEAL
    assert may_follow(appealed, home, now, METRO, RULES) is Level.MEDIATOR
    assert may_follow(appealed, pro, now, METRO, RULES) is None
    assert may_follow(complaint(Level.MEDIATOR), home, now, METRO, RULES) is None
    assert mediator_until(appealed.received_at, METRO, RULES) == date(2025, 2, 28)
    assert may_follow(appealed, home, at("2025-02-28T23:59+01:00"), METRO, RULES) is Level.MEDIATOR
    assert may_follow(appealed, home, at("2025-03-01T00:00+01:00"), METRO, RULES) is None
    late = replace(appealed, received_at=at("2023-11-23T12:00+01:00"))
    assert mediator_until(late.received_at, METRO, RULES) == date(2024, 11, 23)


def test_each_level_has_its_time() -> None:
    reached = at("2026-11-23T09:00+01:00")
    dues = {level: level_due(level, WEB, reached, METRO, RULES) for level in Level}
    assert dues == {
        Level.SERVICE: at("2026-11-25T09:00+01:00"),
        Level.APPEAL: at("2026-12-01T00:00+01:00"),
        Level.MEDIATOR: at("2027-02-22T00:00+01:00"),
    }
    assert list(NEXT.values()) == [Level.APPEAL, Level.MEDIATOR]
