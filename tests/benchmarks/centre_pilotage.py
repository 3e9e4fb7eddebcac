"""Pilotage's twelve months of a call centre as a supervisor sees them: half a million sessions of a million."""

from functools import partial

from agent_desk.actions.report import report
from agent_desk.rules.report import Period, day_of, first_day
from tests.benchmarks.centre import centre, desk_at, desk_url
from tests.benchmarks.figure import Figure, median_seconds

SESSIONS = 400_000  # in a year, at least


def measure() -> list[Figure]:
    """Return how long the dashboard takes; its days over were counted when the data were made."""
    with centre() as server, desk_at(desk_url(server)) as ctx:
        last = day_of(ctx.clock.now())
        first = first_day(Period.YEAR, last)
        assert report(ctx, first, last).figures.sessions > SESSIONS
        taken = median_seconds(partial(report, ctx, first, last))
    return [Figure("dashboard, 12 months, 1,000,000 sessions, PostgreSQL", taken * 1000, "ms", 500)]
