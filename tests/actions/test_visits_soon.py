"""Whether a technician came within 72 hours (document 000): what counts, on which day, and whose it is; on both engines."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from agent_desk.actions.book_visit import book_visit
from agent_desk.actions.context import Context
from agent_desk.actions.give_up_visit import give_up_visit
from agent_desk.actions.list_misses import list_misses
from agent_desk.actions.move_visit import move_visit
from agent_desk.actions.report_commitments import report_commitments
from agent_desk.rules.visit import Plan, VisitState
from tests.support.callcentre import KARIM, NADIA, SAM, CallCentre
from tests.support.desks import NOON, clock
from tests.support.visits import TOMORROW, booked, plan, visited

pytest_plugins = ["tests.support.desks", "tests.support.callcentre"]

DAY = timedelta(days=1)
WHY = "le client travaille ce jour-là"
Step = Callable[[Context, int], object]
IN_TIME, LATE = plan(TOMORROW + 2 * DAY), plan(TOMORROW + 4 * DAY)  # the 72 hours end on Thursday at noon


def booked_for(wanted: Plan) -> Step:
    return lambda ctx, of: book_visit(ctx, of, wanted)


def moved_to(wanted: Plan, *, customer_wish: bool = False) -> Step:
    return lambda ctx, of: move_visit(ctx, of, booked(ctx, of).id, wanted, WHY, customer_wish=customer_wish)


def given_up(state: VisitState, *, severe_weather: bool = False, customer_wish: bool = False) -> Step:
    asked = {"severe_weather": severe_weather, "customer_wish": customer_wish}
    return lambda ctx, of: give_up_visit(ctx, of, booked(ctx, of).id, state, WHY, **asked)


def waits(days: float) -> Step:
    return lambda ctx, _of: clock(ctx).move(seconds=days * 86_400)


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ([booked_for(plan())], (1, 1)),
        ([booked_for(LATE)], (1, 0)),
        ([booked_for(plan()), moved_to(IN_TIME)], (1, 1)),
        ([booked_for(plan()), moved_to(LATE)], (1, 0)),
        ([booked_for(plan()), moved_to(LATE, customer_wish=True)], (1, 1)),
        ([booked_for(plan()), moved_to(replace(LATE, severe_weather=True))], None),
        ([booked_for(LATE), moved_to(IN_TIME)], (1, 1)),
        ([booked_for(replace(LATE, severe_weather=True))], None),
        ([booked_for(plan()), given_up(VisitState.CANCELLED)], (1, 0)),
        ([booked_for(plan()), given_up(VisitState.CANCELLED, customer_wish=True)], (1, 1)),
        ([waits(3.5), booked_for(LATE)], (1, 0)),
        ([booked_for(LATE), waits(4.9), given_up(VisitState.NOT_DONE, severe_weather=True)], (1, 0)),
        ([booked_for(IN_TIME), waits(4), moved_to(LATE)], (1, 1)),
    ],
    ids=[
        *("soon", "late", "moved_soon", "moved_late", "moved_by_customer", "moved_by_weather", "moved_sooner"),
        *("weather_at_booking", "called_off", "called_off_by_customer", "booked_too_late", "weather_after_the_hour"),
        "moved_after_the_hour",
    ],
)
def test_a_technician_comes_within_72_hours_unless_the_customer_or_the_weather_is_against_it(
    ctx: Context, steps: list[Step], wanted: tuple[int, int] | None
) -> None:
    view = visited(ctx)
    for step in steps:
        report_commitments(ctx, "2026-11", "2026-11")  # each day that is over is counted once for all
        step(ctx, view.id)
    clock(ctx).time = NOON + 6 * DAY
    row = next(one for one in report_commitments(ctx, "2026-11", "2026-11").rows if one.commitment.id == "visit-soon")
    assert (row.count.total, row.count.kept) == (wanted or (0, 0))
    missed = [one.session_id for one in list_misses(ctx, "visit-soon", "2026-11", "2026-11")]
    assert missed == ([view.id] if wanted == (1, 0) else [])


def test_what_a_supervisor_books_counts_for_the_sessions_team_once_its_hour_has_come(staffed: CallCentre) -> None:
    sam, nadia = staffed.ctx(SAM), staffed.ctx(NADIA)
    view, other = visited(nadia), visited(staffed.ctx(KARIM))
    book_visit(sam, view.id, plan())
    book_visit(sam, other.id, LATE)

    def soon(team: str) -> tuple[int, int]:
        rows = report_commitments(sam, "2026-11", "2026-11", team).rows
        return next((one.count.total, one.count.kept) for one in rows if one.commitment.id == "visit-soon")

    clock(sam).time = NOON + 2 * DAY
    assert (soon("Nord"), soon("Sud")) == ((0, 0), (0, 0))
    clock(sam).time = NOON + 5 * DAY
    assert (soon("Nord"), soon("Sud")) == ((1, 1), (1, 0))
