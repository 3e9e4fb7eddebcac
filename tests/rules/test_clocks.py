"""Section 4 of the terms: every limit, in the customer's time."""

import json
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent_desk.rules.clocks import (
    CALLBACK,
    CODE_LIFE,
    RequestChannel,
    Withdrawal,
    WithdrawalStep,
    WorkingDay,
    WorkWarning,
    add_working_days,
    callback_day,
    callback_limit,
    complaint_due,
    explain_callback,
    feasibility_due,
    is_working_day,
    next_working_day,
    request_due,
    withdrawal,
    withdrawal_over,
    withdrawal_steps,
    within_work_hours,
    work_warning,
    working_days_until,
)
from agent_desk.rules.holidays import SITE_DAY, day_off
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import ZONE, local, midnight
from tests.support.reference import moments_between, territories

EXAMPLES = json.loads((Path(__file__).parents[1] / "cases" / "deadlines.json").read_text(encoding="utf-8"))
METROPOLE = Territory.METROPOLE
HALF_HOUR = timedelta(minutes=30)

moments = moments_between(1990, 2150)
half_hours = moments.map(lambda moment: moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0))
days_off = st.sets(st.dates(date(2020, 1, 1), date(2021, 1, 15)), max_size=90)


def at(text: str, territory: Territory = METROPOLE) -> datetime:
    """Return the moment a clock on the customer's wall shows `text`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE[territory])).astimezone(UTC)


def counted_step_by_step(accepted: datetime, territory: Territory, extra: Collection[date] = ()) -> datetime:
    """Return the end of the 72 hours by walking through them half an hour at a time."""
    moment, counted = accepted, timedelta()
    while counted < CALLBACK:
        if not day_off(local(moment, territory).date(), territory, extra):
            counted += HALF_HOUR
        moment += HALF_HOUR
    return moment


@pytest.mark.parametrize("case", EXAMPLES["callback"], ids=lambda case: case["accepted"])
def test_the_call_back_examples_of_the_terms_hold(case: dict[str, Any]) -> None:
    territory = Territory(case["territory"])
    limit = callback_limit(datetime.fromisoformat(case["accepted"]), territory)
    assert local(limit, territory).isoformat() == case["deadline"]


@pytest.mark.parametrize("case", EXAMPLES["withdrawal"], ids=lambda case: case["accepted"])
def test_the_withdrawal_examples_of_the_terms_hold(case: dict[str, Any]) -> None:
    terms = withdrawal(datetime.fromisoformat(case["accepted"]), Territory(case["territory"]))
    names = ("published", "statutory", "honoured")
    assert {name: getattr(terms, name).isoformat() for name in names} == {name: case[name] for name in names}


@pytest.mark.parametrize(
    ("accepted", "limit"),
    [
        pytest.param("2026-11-22T15:00", "2026-11-26T00:00", id="on a Sunday: Monday, Tuesday and Wednesday"),
        pytest.param("2026-11-22T00:00", "2026-11-26T00:00", id="as a Sunday begins"),
        pytest.param("2026-11-23T00:00", "2026-11-26T00:00", id="as a Monday begins: the same limit"),
        pytest.param("2026-11-19T00:00", "2026-11-22T00:00", id="at midnight before a Sunday: Saturday's"),
        pytest.param("2026-11-19T00:30", "2026-11-23T00:30", id="half an hour later: Monday's"),
        pytest.param("2026-12-22T00:00", "2026-12-25T00:00", id="at midnight before Christmas: the day just ended"),
        pytest.param("2026-12-30T09:00", "2027-01-04T09:00", id="across New Year and a Sunday"),
        pytest.param("2028-02-27T12:00", "2028-03-02T00:00", id="a Sunday before 29 February"),
        pytest.param("2028-02-28T08:00", "2028-03-02T08:00", id="across 29 February"),
        pytest.param("2026-03-27T18:00", "2026-03-31T18:00", id="clocks go forward on the Sunday"),
        pytest.param("2026-03-29T02:00", "2026-04-02T00:00", id="the Sunday of 23 hours"),
        pytest.param("2026-10-23T18:00", "2026-10-27T18:00", id="clocks go back on the Sunday"),
        pytest.param("2026-10-25T02:30", "2026-10-29T00:00", id="the Sunday of 25 hours"),
        pytest.param("2026-04-30T10:00", "2026-05-05T10:00", id="a holiday on Friday, then a Sunday"),
        pytest.param("2026-11-21T23:59", "2026-11-25T23:59", id="the last minute of a Saturday"),
    ],
)
def test_a_call_back_is_due_after_72_hours_that_count(accepted: str, limit: str) -> None:
    assert callback_limit(at(accepted), METROPOLE) == at(limit)


@pytest.mark.parametrize(
    ("territory", "accepted", "limit"),
    [
        (Territory.ALSACE_MOSELLE, "2026-04-02T10:00", "2026-04-08T10:00"),  # Good Friday, Sunday, Easter Monday
        (Territory.METROPOLE, "2026-04-02T10:00", "2026-04-07T10:00"),
        (Territory.ALSACE_MOSELLE, "2026-12-24T10:00", "2026-12-30T10:00"),  # 25, 26 and Sunday 27 December
        (Territory.GUADELOUPE, "2026-05-26T10:00", "2026-05-30T10:00"),
        (Territory.MARTINIQUE, "2026-05-21T10:00", "2026-05-27T10:00"),  # 22 May, Sunday, Whit Monday
        (Territory.GUYANE, "2026-06-09T10:00", "2026-06-13T10:00"),
        (Territory.REUNION, "2027-12-18T10:00", "2027-12-23T10:00"),  # Sunday, then Monday 20 December
        (Territory.MAYOTTE, "2026-04-25T10:00", "2026-04-30T10:00"),  # Sunday, then Monday 27 April
    ],
)
def test_each_territory_counts_by_its_own_clock_and_holidays(territory: Territory, accepted: str, limit: str) -> None:
    assert callback_limit(at(accepted, territory), territory) == at(limit, territory)


def test_days_of_the_site_are_not_counted() -> None:
    extra = {date(2026, 11, 20), date(2026, 11, 23)}
    assert callback_limit(at("2026-11-19T10:00"), METROPOLE, extra) == at("2026-11-25T10:00")


def test_an_offset_from_elsewhere_is_the_same_moment() -> None:
    elsewhere = datetime.fromisoformat("2026-11-19T13:00+04:00")
    assert callback_limit(elsewhere, METROPOLE) == callback_limit(at("2026-11-19T10:00"), METROPOLE)


def test_a_limit_comes_back_in_utc() -> None:
    assert callback_limit(at("2026-11-19T10:00"), METROPOLE).tzinfo is UTC


@given(half_hours, territories)
@example(datetime(2026, 3, 28, 12, tzinfo=UTC), METROPOLE)
@example(datetime(2026, 10, 24, 12, tzinfo=UTC), METROPOLE)
@example(datetime(2027, 12, 30, 12, tzinfo=UTC), Territory.MAYOTTE)
@example(datetime(2028, 2, 28, 12, tzinfo=UTC), Territory.GUYANE)
def test_counting_by_days_and_by_half_hours_agree(accepted: datetime, territory: Territory) -> None:
    assert callback_limit(accepted, territory) == counted_step_by_step(accepted, territory)


@given(moments_between(2020, 2021), territories, days_off)
def test_more_days_off_never_bring_the_limit_forward(accepted: datetime, territory: Territory, off: set[date]) -> None:
    later, plain = callback_limit(accepted, territory, off), callback_limit(accepted, territory)
    assert later >= plain
    assert day_off(callback_day(later, territory), territory, off) == ""


@given(moments, territories)
def test_a_call_back_is_never_due_before_72_hours(accepted: datetime, territory: Territory) -> None:
    assert callback_limit(accepted, territory) - accepted >= CALLBACK


@given(moments, territories)
def test_a_limit_never_falls_into_hours_that_do_not_count(accepted: datetime, territory: Territory) -> None:
    assert day_off(callback_day(callback_limit(accepted, territory), territory), territory) == ""


@given(moments, moments, territories)
def test_who_agrees_later_is_never_due_earlier(one: datetime, other: datetime, territory: Territory) -> None:
    first, second = sorted((one, other))
    assert callback_limit(first, territory) <= callback_limit(second, territory)


@given(moments, territories)
def test_the_explanation_adds_up_to_72_hours_day_by_day(accepted: datetime, territory: Territory) -> None:
    days = explain_callback(accepted, territory)
    assert sum((one.counted for one in days), timedelta()) == CALLBACK
    assert days[0].day == local(accepted, territory).date()
    assert [one.day for one in days] == [days[0].day + timedelta(days=n) for n in range(len(days))]
    assert all((one.counted == timedelta()) == (one.off != "") for one in days)
    assert days[-1].day == callback_day(callback_limit(accepted, territory), territory)


def test_the_explanation_names_what_is_left_out() -> None:
    days = explain_callback(at("2026-05-06T09:00", Territory.MARTINIQUE), Territory.MARTINIQUE)
    assert [(one.day.day, one.counted // timedelta(hours=1), one.off) for one in days] == [
        (6, 15, ""),
        (7, 24, ""),
        (8, 0, "victory_1945"),
        (9, 24, ""),
        (10, 0, "sunday"),
        (11, 9, ""),
    ]


@pytest.mark.parametrize(
    ("limit", "day"),
    [
        ("2026-11-22T00:00", date(2026, 11, 21)),
        ("2026-11-21T23:59", date(2026, 11, 21)),
        ("2026-11-23T00:01", date(2026, 11, 23)),
    ],
)
def test_midnight_belongs_to_the_day_just_ended(limit: str, day: date) -> None:
    assert callback_day(at(limit), METROPOLE) == day


@pytest.mark.parametrize(
    ("accepted", "published", "statutory"),
    [
        pytest.param("2026-11-14T10:00", "2026-11-23", "2026-11-30", id="both end on a Saturday"),
        pytest.param("2026-11-15T10:00", "2026-11-23", "2026-11-30", id="both end on a Sunday"),
        pytest.param("2026-11-04T10:00", "2026-11-12", "2026-11-18", id="11 November"),
        pytest.param("2026-12-25T10:00", "2027-01-04", "2027-01-08", id="New Year, then a week-end"),
        pytest.param("2028-02-15T10:00", "2028-02-22", "2028-02-29", id="29 February"),
        pytest.param("2026-11-16T00:00", "2026-11-23", "2026-11-30", id="the first minute of a day"),
        pytest.param("2026-11-16T23:59", "2026-11-23", "2026-11-30", id="the last minute of a day"),
    ],
)
def test_withdrawal_is_moved_to_the_next_working_day(accepted: str, published: str, statutory: str) -> None:
    terms = withdrawal(at(accepted), METROPOLE)
    assert (terms.published.isoformat(), terms.statutory.isoformat()) == (published, statutory)
    assert terms.honoured == terms.statutory


def test_the_day_of_acceptance_is_the_customers() -> None:
    moment = datetime(2026, 11, 16, 23, tzinfo=UTC)  # already the 17th in Réunion
    assert withdrawal(moment, Territory.REUNION).published == date(2026, 11, 24)
    assert withdrawal(moment, Territory.GUYANE).published == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("territory", "published", "statutory"),
    [
        (METROPOLE, date(2025, 12, 19), date(2025, 12, 26)),
        (Territory.ALSACE_MOSELLE, date(2025, 12, 19), date(2025, 12, 29)),
    ],
)
def test_withdrawal_is_moved_past_holidays_of_the_territory(
    territory: Territory, published: date, statutory: date
) -> None:
    assert withdrawal(at("2025-12-12T10:00"), territory) == Withdrawal(published, statutory, statutory)
    assert withdrawal(at("2025-12-19T10:00"), territory).published == statutory


def test_each_last_day_of_withdrawal_says_how_it_was_found_and_what_it_was_moved_past() -> None:
    after_midnight = datetime(2025, 12, 11, 23, 30, tzinfo=UTC)  # half past midnight of Friday 12 December there
    assert withdrawal_steps(after_midnight, Territory.ALSACE_MOSELLE) == (
        WithdrawalStep("published", 7, (), date(2025, 12, 19)),
        WithdrawalStep(
            "statutory",
            14,
            (
                WorkingDay(date(2025, 12, 26), 0, "second_christmas_day"),
                WorkingDay(date(2025, 12, 27), 0, "saturday"),
                WorkingDay(date(2025, 12, 28), 0, "sunday"),
            ),
            date(2025, 12, 29),
        ),
    )
    longer = withdrawal_steps(at("2026-11-16T10:00"), METROPOLE, {date(2026, 11, 30)}, 30)
    assert longer == (
        WithdrawalStep("published", 30, (), date(2026, 12, 16)),
        WithdrawalStep("statutory", 14, (WorkingDay(date(2026, 11, 30), 0, SITE_DAY),), date(2026, 12, 1)),
    )


@given(moments, territories)
def test_the_steps_of_withdrawal_end_where_it_ends(accepted: datetime, territory: Territory) -> None:
    terms, (published, statutory) = withdrawal(accepted, territory), withdrawal_steps(accepted, territory)
    assert (published.last, statutory.last) == (terms.published, terms.statutory)
    agreed = local(accepted, territory).date()
    for step in (published, statutory):
        days = [one.day for one in step.moved_past]
        assert days == [agreed + timedelta(days=step.count + place) for place in range(len(days))]
        assert step.last == agreed + timedelta(days=step.count + len(days))


def test_a_site_may_lengthen_the_published_period_and_it_is_honoured() -> None:
    terms = withdrawal(at("2026-11-16T10:00"), METROPOLE, published_days=30)
    assert terms == Withdrawal(date(2026, 12, 16), date(2026, 11, 30), date(2026, 12, 16))


def test_a_site_may_not_shorten_it() -> None:
    with pytest.raises(ValueError, match=r"^a site may lengthen the published period, not shorten it$"):
        withdrawal(at("2026-11-16T10:00"), METROPOLE, published_days=6)


def test_days_of_the_site_move_the_end_of_withdrawal() -> None:
    terms = withdrawal(at("2026-11-16T10:00"), METROPOLE, {date(2026, 11, 23), date(2026, 11, 30)})
    assert (terms.published, terms.statutory) == (date(2026, 11, 24), date(2026, 12, 1))


@given(moments, territories)
def test_a_right_to_withdraw_ends_on_a_working_day_and_not_early(accepted: datetime, territory: Territory) -> None:
    terms, day = withdrawal(accepted, territory), local(accepted, territory).date()
    assert day + timedelta(days=7) <= terms.published <= day + timedelta(days=14)
    assert day + timedelta(days=14) <= terms.statutory <= terms.honoured
    assert all(is_working_day(end, territory) for end in (terms.published, terms.statutory, terms.honoured))


@pytest.mark.parametrize(("now", "over"), [("2026-11-30T23:59", False), ("2026-12-01T00:00", True)])
def test_the_last_day_of_withdrawal_counts_in_full(now: str, over: bool) -> None:
    terms = withdrawal(at("2026-11-16T10:00"), METROPOLE)
    assert withdrawal_over(terms, at(now), METROPOLE) is over


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), True),
        (date(2026, 11, 11), False),
    ],
)
def test_working_days_are_monday_to_friday_without_holidays(day: date, works: bool) -> None:
    assert is_working_day(day, METROPOLE) is works


def test_a_day_of_the_site_is_no_working_day() -> None:
    assert not is_working_day(date(2026, 11, 20), METROPOLE, {date(2026, 11, 20)})


def test_the_next_working_day_may_be_the_day_itself() -> None:
    assert next_working_day(date(2026, 11, 20), METROPOLE) == date(2026, 11, 20)
    assert next_working_day(date(2026, 11, 21), METROPOLE) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("count", "day"),
    [(0, date(2026, 11, 21)), (1, date(2026, 11, 23)), (2, date(2026, 11, 25)), (5, date(2026, 11, 30))],
)
def test_working_days_are_counted_after_the_day_itself(count: int, day: date) -> None:
    assert add_working_days(date(2026, 11, 21), count, METROPOLE, {date(2026, 11, 24)}) == day


def test_each_day_of_a_limit_says_which_working_day_it_is_or_why_it_is_none() -> None:
    days = working_days_until(date(2026, 12, 24), date(2026, 12, 29), METROPOLE, {date(2026, 12, 28)})
    assert days == (
        WorkingDay(date(2026, 12, 25), 0, "christmas"),
        WorkingDay(date(2026, 12, 26), 0, "saturday"),
        WorkingDay(date(2026, 12, 27), 0, "sunday"),
        WorkingDay(date(2026, 12, 28), 0, "site_day"),
        WorkingDay(date(2026, 12, 29), 1, ""),
    )
    assert working_days_until(date(2026, 12, 24), date(2026, 12, 24), METROPOLE) == ()


@given(st.dates(date(2019, 1, 1), date(2022, 1, 1)), st.integers(1, 12), territories, days_off)
def test_the_days_of_a_limit_end_with_the_working_day_it_counts_to(
    begun: date, count: int, territory: Territory, off: set[date]
) -> None:
    days = working_days_until(begun, add_working_days(begun, count, territory, off), territory, off)
    assert days[-1].number == count
    assert [one.number for one in days if one.number] == list(range(1, count + 1))
    assert all(bool(one.off) is (one.number == 0) for one in days)


@pytest.mark.parametrize(
    ("channel", "due"),
    [
        (RequestChannel.TELEPHONE, date(2026, 11, 20)),
        (RequestChannel.INTERNET, date(2026, 11, 25)),
        (RequestChannel.LETTER, date(2026, 11, 30)),
    ],
)
def test_requests_are_due_by_the_way_they_came(channel: RequestChannel, due: date) -> None:
    assert request_due(channel, at("2026-11-20T18:00"), METROPOLE, {date(2026, 11, 23)}) == due


@pytest.mark.parametrize(("territory", "due"), [(METROPOLE, 29), (Territory.ALSACE_MOSELLE, 30)])
def test_requests_wait_for_holidays_of_the_territory(territory: Territory, due: int) -> None:
    assert request_due(RequestChannel.INTERNET, at("2025-12-24T10:00"), territory) == date(2025, 12, due)
    assert add_working_days(date(2025, 12, 25), 1, territory) == date(2025, 12, 26 if due == 29 else 29)


def test_a_request_belongs_to_the_day_of_the_customer() -> None:
    moment = datetime(2026, 11, 19, 22, tzinfo=UTC)  # Friday 20 in Réunion
    assert request_due(RequestChannel.TELEPHONE, moment, Territory.REUNION) == date(2026, 11, 20)


def test_feasibility_complaints_and_codes_have_their_time() -> None:
    asked = datetime.fromisoformat("2026-11-20T18:00+01:00")
    assert feasibility_due(asked) == datetime(2026, 11, 20, 21, tzinfo=UTC)
    assert complaint_due(asked) == datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert feasibility_due(asked).tzinfo is complaint_due(asked).tzinfo is UTC
    assert timedelta(minutes=10) == CODE_LIFE


@pytest.mark.parametrize(
    ("clock", "within", "warning"),
    [
        ("07:59:59", False, WorkWarning.PAST),
        ("08:00:00", True, None),
        ("20:29:59", True, None),
        ("20:30:00", True, WorkWarning.HALF_PAST_EIGHT),
        ("20:54:59", True, WorkWarning.HALF_PAST_EIGHT),
        ("20:55:00", True, WorkWarning.FIVE_TO_NINE),
        ("20:59:59", True, WorkWarning.FIVE_TO_NINE),
        ("21:00:00", False, WorkWarning.PAST),
        ("00:00:00", False, WorkWarning.PAST),
    ],
)
@pytest.mark.parametrize("territory", [METROPOLE, Territory.REUNION])
def test_work_is_done_from_8_to_21_on_the_customers_clock(
    territory: Territory, clock: str, within: bool, warning: WorkWarning | None
) -> None:
    now = at(f"2026-11-22T{clock}", territory)
    assert within_work_hours(now, territory) is within
    assert work_warning(now, territory) is warning


@given(moments, territories)
def test_midnight_is_where_the_local_day_begins(moment: datetime, territory: Territory) -> None:
    day = local(moment, territory).date()
    begins = midnight(day, territory)
    assert local(begins, territory).replace(tzinfo=None) == datetime.combine(day, time())
    assert begins.tzinfo is UTC
    assert begins <= moment < midnight(day + timedelta(days=1), territory)


@pytest.mark.parametrize(
    "reckon",
    [
        callback_limit,
        withdrawal,
        within_work_hours,
        work_warning,
        callback_day,
        lambda now, territory: request_due(RequestChannel.INTERNET, now, territory),
        lambda asked, _territory: feasibility_due(asked),
        lambda received, _territory: complaint_due(received),
        explain_callback,
    ],
)
def test_a_time_without_offset_is_refused(reckon: Any) -> None:
    with pytest.raises(ValueError, match=r"^a time without offset is refused$"):
        reckon(datetime.fromisoformat("2026-11-19T10:00"), METROPOLE)
