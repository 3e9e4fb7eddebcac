"""When a technician may come, what that may cost (4.8, document 000)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local, on_wall
from agent_desk.rules.visit import (
    Plan,
    VisitFault,
    VisitTerms,
    Window,
    book_by,
    decide_visit,
    fee_fault,
    reminder_at,
    visit_terms,
    window_fault,
)
from agent_desk.rules.visit_rule import VisitRule
from tests.support.reference import CATALOGUE

PARIS, REUNION, MAYOTTE = Territory.METROPOLE, Territory.REUNION, Territory.MAYOTTE
NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # a Monday, 12:00 in Paris


def window(day: date, begins: int, ends: int, territory: Territory = PARIS) -> Window:
    return Window(*(on_wall(day, datetime.min.time().replace(hour=hour), territory) for hour in (begins, ends)))


@pytest.mark.parametrize(
    ("territory", "ceiling", "permille"),
    [
        ("metropole", 6900, 200),
        ("alsace-moselle", 6900, 200),
        ("guadeloupe", 6239, 85),
        ("martinique", 6239, 85),
        ("reunion", 6239, 85),
        ("guyane", 5750, 0),
        ("mayotte", 6239, 0),
    ],
)
def test_each_territory_has_its_ceiling_and_vat(territory: str, ceiling: int, permille: int) -> None:
    terms = visit_terms(CATALOGUE, Territory(territory))
    assert terms == VisitTerms(Territory(territory), ceiling, permille)
    assert (fee_fault(ceiling, terms), fee_fault(ceiling + 1, terms)) == (None, VisitFault.FEE_HIGH)


@given(st.sampled_from(Territory), st.integers(-100, 10_000))
def test_a_visit_costs_what_was_accepted_never_above_the_ceiling_and_net_and_vat_make_it_up(
    territory: Territory, fee: int
) -> None:
    terms = visit_terms(CATALOGUE, territory)
    if not 0 <= fee <= terms.ceiling_cents:
        assert fee_fault(fee, terms) is (VisitFault.FEE if fee < 0 else VisitFault.FEE_HIGH)
        with pytest.raises(ValueError, match="ceiling"):
            decide_visit(fee, terms)
        return
    decided = decide_visit(fee, terms)
    net = decided.amount_cents - decided.vat_cents
    assert (decided.amount_cents, decided.article) == (fee, "4.8")
    assert decided.rule is (VisitRule.TRAVEL if fee else VisitRule.OFFERED)
    # The VAT is that of the net amount to within the cent it was rounded by.
    assert abs(net * terms.vat_permille - decided.vat_cents * 1000) <= (1000 + terms.vat_permille) // 2
    assert 0 <= decided.vat_cents <= fee


@pytest.mark.parametrize(("fee", "territory", "vat"), [(6900, PARIS, 1150), (6239, REUNION, 489), (6239, MAYOTTE, 0)])
def test_the_ceilings_contain_this_much_vat(fee: int, territory: Territory, vat: int) -> None:
    assert decide_visit(fee, visit_terms(CATALOGUE, territory)).vat_cents == vat


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (window(date(2026, 11, 24), 8, 12), None),
        (window(date(2026, 11, 24), 17, 21), None),
        (window(date(2026, 11, 24), 7, 9), VisitFault.HOURS),
        (window(date(2026, 11, 24), 20, 22), VisitFault.HOURS),
        (window(date(2026, 11, 24), 8, 13), VisitFault.WINDOW),
        (window(date(2026, 11, 24), 9, 9), VisitFault.WINDOW),
        (window(date(2026, 11, 24), 10, 9), VisitFault.WINDOW),
        (window(date(2026, 11, 23), 11, 13), VisitFault.PAST),
        (window(date(2026, 11, 29), 9, 11), VisitFault.DAY_OFF),  # a Sunday
        (window(date(2026, 12, 25), 9, 11), VisitFault.DAY_OFF),
        (window(date(2027, 1, 1), 9, 11), VisitFault.DAY_OFF),
        (window(date(2027, 1, 21), 9, 11), None),  # 59 days on
        (window(date(2027, 1, 23), 9, 11), VisitFault.FAR),
        (window(date(2026, 12, 1), 9, 11), VisitFault.DAY_OFF),  # the site's own
    ],
)
def test_a_technician_comes_on_working_hours_of_days_that_are_neither_sunday_nor_holiday(
    asked: Window, fault: VisitFault | None
) -> None:
    assert window_fault(asked, NOW, PARIS, {date(2026, 12, 1)}) is fault


def test_holidays_and_hours_are_those_where_the_customer_lives() -> None:
    abolition, spring = date(2026, 5, 22), datetime(2026, 5, 20, 12, tzinfo=UTC)  # a Friday, in Martinique only
    assert window_fault(window(abolition, 9, 11), spring, PARIS) is None
    martinique = Territory.MARTINIQUE
    assert window_fault(window(abolition, 9, 11, martinique), spring, martinique) is VisitFault.DAY_OFF
    boxing = date(2026, 12, 26)
    assert window_fault(window(boxing, 9, 11), NOW, PARIS) is None
    there = Territory.ALSACE_MOSELLE
    assert window_fault(window(boxing, 9, 11, there), NOW, there) is VisitFault.DAY_OFF
    eight_in_reunion = window(date(2026, 11, 24), 8, 10, REUNION)
    assert window_fault(eight_in_reunion, NOW, REUNION) is None
    assert window_fault(eight_in_reunion, NOW, PARIS) is VisitFault.HOURS


@given(
    st.sampled_from(Territory),
    st.integers(0, 3 * 365 * 24 * 60).map(
        lambda minutes: datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.integers(1, 60),
    st.integers(8, 19),
)
def test_a_reminder_leaves_at_17_h_of_the_wall_the_day_before_across_dst_new_year_and_29_february(
    territory: Territory, now: datetime, days: int, hour: int
) -> None:
    day = local(now, territory).date() + timedelta(days=days)
    asked = window(day, hour, hour + 2, territory)
    found = reminder_at(asked, now, territory)
    eve = local(now, territory).replace(tzinfo=None)
    if days == 1 and eve.time() >= datetime.min.time().replace(hour=17):
        assert found is None
        return
    assert found is not None
    there = local(found, territory)
    assert (there.date(), there.hour, there.minute) == (day - timedelta(days=1), 17, 0)
    assert now < found < asked.begins


def test_whoever_is_visited_today_is_not_reminded_yesterday() -> None:
    assert reminder_at(window(date(2026, 11, 23), 14, 16), NOW, PARIS) is None


def test_a_moment_without_offset_is_refused() -> None:
    naive = datetime(2026, 11, 24, 9)  # noqa: DTZ001
    with pytest.raises(ValueError, match="offset"):
        window_fault(Window(naive, naive + timedelta(hours=1)), NOW, PARIS)
    assert Plan(window(date(2026, 11, 24), 9, 11), PARIS, 0).fee_cents == 0


@pytest.mark.parametrize(
    ("territory", "accepted", "due"),
    [
        (PARIS, "2026-11-23T08:00+01:00", "2026-11-24T18:00+01:00"),
        (PARIS, "2026-11-27T20:59+01:00", "2026-11-30T18:00+01:00"),  # a Friday
        (REUNION, "2026-11-23T00:30+04:00", "2026-11-24T18:00+04:00"),  # still Sunday in Paris
        (REUNION, "2026-12-19T12:00+04:00", "2026-12-21T18:00+04:00"),  # the 20th is a holiday there, and a Sunday
        (PARIS, "2026-12-24T12:00+01:00", "2026-12-28T18:00+01:00"),  # Christmas, then a weekend
        (PARIS, "2026-03-28T12:00+01:00", "2026-03-30T18:00+02:00"),  # clocks change between
    ],
)
def test_a_visit_has_its_day_by_the_evening_of_the_next_working_day(
    territory: Territory, accepted: str, due: str
) -> None:
    assert book_by(datetime.fromisoformat(accepted), territory) == datetime.fromisoformat(due)
    assert book_by(NOW, PARIS, [date(2026, 11, 24)]) == datetime(2026, 11, 25, 17, tzinfo=UTC)
