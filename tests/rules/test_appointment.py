"""Where a call-back may lie, on any day of the year, in each territory, whatever the clocks do."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_desk.rules.agent_hours import hours_of
from agent_desk.rules.appointment import (
    HORIZON,
    LONGEST,
    QUARTER,
    Appointment,
    AppointmentState,
    Attempt,
    Busy,
    CallEnd,
    Doubt,
    Search,
    base_of,
    bits,
    call_length,
    doubts,
    free_at,
    free_slots,
    late_from,
    next_attempt,
    quarter,
    slot_refusal,
)
from agent_desk.rules.clocks import callback_limit
from agent_desk.rules.holidays import day_off
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local

WHOLE_DAY = hours_of("00:00-23:45")
FIRST = datetime(2023, 12, 20, tzinfo=UTC)
moments = st.integers(0, 9 * 365 * 1440).map(lambda minutes: FIRST + timedelta(minutes=minutes))
territories = st.sampled_from(Territory)
lengths = st.integers(1, LONGEST // QUARTER).map(lambda count: count * QUARTER)
extra = st.frozensets(st.dates(date(2023, 12, 20), date(2033, 2, 10)), max_size=3)


def search(
    now: datetime, territory: Territory = Territory.METROPOLE, length: timedelta = QUARTER, **more: object
) -> Search:
    made = {"until": now + HORIZON, "limit": callback_limit(now, territory, more.get("extra_days", ()))}  # type: ignore[arg-type]
    return Search(now=now, territory=territory, length=length, **{**made, **more})  # type: ignore[arg-type]


@settings(max_examples=30)
@given(moments, territories, lengths, extra, st.integers(0, 2**3000))
def test_every_slot_is_free_and_lies_on_a_day_that_counts_between_8_and_21_there(
    now: datetime, territory: Territory, length: timedelta, days: frozenset[date], taken: int
) -> None:
    asked = search(now, territory, length, extra_days=days)
    found = free_slots(asked, {1: taken}, 1)
    assert [slot.starts_at for slot in found] == sorted({slot.starts_at for slot in found})
    for slot in found:
        begins, ends = local(slot.starts_at, territory), local(slot.ends_at, territory)
        assert now <= slot.starts_at
        assert slot.ends_at - slot.starts_at == length
        assert slot.ends_at <= now + HORIZON
        assert begins.date() == ends.date()
        assert time(8) <= begins.time()
        assert ends.time() <= time(21)
        assert day_off(begins.date(), territory, days) == ""
        assert slot.late == (slot.ends_at > asked.limit)
        first = quarter(slot.starts_at) - base_of(asked)
        assert not taken >> first & ((1 << length // QUARTER) - 1)
    for slot in found[:3]:
        assert free_at(asked, slot.starts_at, {1: taken}) == (1,)
        assert slot_refusal(asked, slot.starts_at, beyond=True) == ""


@settings(max_examples=60)
@given(moments, territories, st.integers(0, 28 * 96), lengths)
def test_what_is_not_offered_is_refused_and_what_is_offered_is_not(
    now: datetime, territory: Territory, later: int, length: timedelta
) -> None:
    begins = datetime.combine(now.date(), time(), UTC) + later * QUARTER
    asked = search(now, territory, length)
    offered = {slot.starts_at: slot.late for slot in free_slots(asked, {1: 0})}
    refused = slot_refusal(asked, begins, beyond=False)
    if begins in offered:
        assert refused == ("slot_after_limit" if offered[begins] else "")
    else:
        assert refused in ("slot_past", "slot_hours")


@pytest.mark.parametrize(
    ("territory", "now", "first", "last"),
    [
        # The clocks go back in the night to Sunday 25 October 2026, and on in the one to Easter, 28 March 2027.
        (Territory.METROPOLE, "2026-10-24T20:45+02:00", "2026-10-26T08:00+01:00", "2026-10-28T20:45+01:00"),
        (Territory.METROPOLE, "2027-03-27T20:45+01:00", "2027-03-30T08:00+02:00", "2027-04-01T20:45+02:00"),
        (Territory.METROPOLE, "2026-12-31T20:45+01:00", "2027-01-02T08:00+01:00", "2027-01-05T20:45+01:00"),
        (Territory.METROPOLE, "2028-02-28T20:45+01:00", "2028-02-29T08:00+01:00", "2028-03-02T20:45+01:00"),
        (Territory.METROPOLE, "2027-02-28T10:00+01:00", "2027-03-01T08:00+01:00", "2027-03-03T21:00+01:00"),  # a Sunday
        (Territory.ALSACE_MOSELLE, "2026-12-24T20:45+01:00", "2026-12-28T08:00+01:00", "2026-12-30T20:45+01:00"),
        (Territory.REUNION, "2027-12-17T20:45+04:00", "2027-12-18T11:00+04:00", "2027-12-22T20:45+04:00"),
        (Territory.GUADELOUPE, "2027-05-26T12:00-04:00", "2027-05-26T12:00-04:00", "2027-05-31T12:00-04:00"),
        (Territory.MARTINIQUE, "2027-05-21T19:00-04:00", "2027-05-24T08:00-04:00", "2027-05-26T15:00-04:00"),
        (Territory.GUYANE, "2027-06-09T20:00-03:00", "2027-06-11T08:00-03:00", "2027-06-14T16:00-03:00"),
        (Territory.MAYOTTE, "2027-04-26T20:45+03:00", "2027-04-28T09:00+03:00", "2027-04-30T20:45+03:00"),
    ],
)
def test_the_first_and_the_last_slot_within_the_limit(territory: Territory, now: str, first: str, last: str) -> None:
    asked = search(datetime.fromisoformat(now), territory, 2 * QUARTER)
    inside = [slot for slot in free_slots(asked, {1: 0}) if not slot.late]
    assert inside[0].starts_at == datetime.fromisoformat(first)
    assert inside[-1].ends_at == datetime.fromisoformat(last)


def test_agents_who_work_by_night_on_the_mainland_serve_the_whole_day_overseas() -> None:
    now = datetime.fromisoformat("2027-05-25T01:00-04:00")
    day = [slot for slot in free_slots(search(now, Territory.GUADELOUPE, hours=WHOLE_DAY), {1: 0}) if not slot.late]
    assert local(day[0].starts_at, Territory.GUADELOUPE).time() == time(8)
    assert sum(local(slot.starts_at, Territory.GUADELOUPE).date() == date(2027, 5, 25) for slot in day) == 52 - 1


def test_a_call_about_several_services_takes_their_sum_in_full_quarters_up_to_four_hours() -> None:
    assert call_length([30]) == timedelta(minutes=30)
    assert call_length([30, 40]) == timedelta(minutes=75)
    assert call_length([]) == QUARTER
    assert call_length([60] * 9) == LONGEST


def test_of_those_who_are_free_the_one_with_the_fewest_calls_comes_first() -> None:
    asked = search(datetime(2026, 11, 23, 11, tzinfo=UTC), length=2 * QUARTER)
    busy = {1: bits([(base_of(asked), base_of(asked) + 4)], base_of(asked)), 2: 0b1 << 50, 3: 0}
    assert free_at(asked, asked.now, busy) == (3, 2)
    assert free_at(asked, asked.now - QUARTER, busy) == ()


def test_a_call_agreed_for_later_is_missed_when_the_72_hours_end() -> None:
    limit = datetime(2026, 11, 26, 11, tzinfo=UTC)
    assert late_from(limit - QUARTER, limit) == limit - QUARTER
    assert late_from(limit + QUARTER, limit) == limit


@pytest.mark.parametrize(
    ("ends", "after"),
    [
        ("n", QUARTER),
        ("nn", QUARTER),
        ("nnn", None),
        ("c", timedelta()),
        ("nc", timedelta()),
        ("ncn", QUARTER),
        ("ncnn", None),
    ],
)
def test_when_to_call_again(ends: str, after: timedelta | None) -> None:
    at = datetime(2026, 11, 23, 11, tzinfo=UTC)
    kinds = {"n": CallEnd.NO_ANSWER, "c": CallEnd.CUT_OFF}
    attempts = [Attempt(at, kinds[end], "Nadia") for end in ends]
    assert next_attempt(attempts) == (None if after is None else at + after)


def test_who_is_busy_is_counted_and_named() -> None:
    busy = Busy({7: "10 12", 9: ""}, 8)
    assert (list(busy), len(busy), busy[7], busy[9]) == ([7, 9], 2, 0b1100, 0)
    busy.without(7, 11, 12)
    busy.without(8, 11, 12)  # nobody's call of them
    assert (busy[7], busy[9]) == (0b0100, 0)


def test_only_a_call_back_that_is_still_booked_is_doubted_and_all_are_promises_of_one_kind() -> None:
    begins = datetime(2026, 11, 22, 10, tzinfo=UTC)  # a Sunday
    booked = Appointment(
        *(1, 1, "S-2026-000001", "Claire Morvan", "0261911234", 1, 0, 0, "", "Nadia"),
        starts_at=begins,
        ends_at=begins + QUARTER,
        territory=Territory.METROPOLE,
        booked_at=FIRST,
        accepted_at=FIRST,
        limit_at=begins,
        state=AppointmentState.BOOKED,
        uid="1@example",
        sequence=0,
        version=1,
        next_at=begins,
    )
    assert (booked.kind, booked.length) == (PromiseKind.CALL_BACK, QUARTER)
    assert Doubt.DAY_OFF in doubts(booked, FIRST, Territory.METROPOLE, begins)
    assert doubts(replace(booked, state=AppointmentState.MOVED), FIRST, Territory.METROPOLE, begins) == ()


def test_a_team_has_its_own_hours_where_the_site_says_so_and_else_everybodys() -> None:
    text = "08:00-21:00; Nord 09:00-18:00 ;Outre-mer 2 06:15-14:45"
    assert hours_of(text) == hours_of(text, "Sud") == (time(8), time(21))
    assert hours_of(text, "nord") == (time(9), time(18))
    assert hours_of(text, "Outre-mer 2") == (time(6, 15), time(14, 45))
    with pytest.raises(ValueError, match="no hours"):
        hours_of("Nord 09:00-18:00", "Nord")
