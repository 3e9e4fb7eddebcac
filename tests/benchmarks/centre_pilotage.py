"""Pilotage's twelve months of a call centre as a supervisor sees them: half a million sessions of a million."""

from functools import partial

from agent_desk.actions.report import report
from agent_desk.actions.report_commitments import report_commitments
from agent_desk.rules.commitments import month_of, months_back
from agent_desk.rules.report import Period, day_of, first_day
from tests.benchmarks.centre import centre, desk_at, desk_url
from tests.benchmarks.figure import Figure, median_seconds

SESSIONS = 400_000  # in a year, at least


def measure() -> list[Figure]:
    """Return how long dashboard and commitments take; the days over were counted when the data were made."""
    with centre() as server, desk_at(desk_url(server)) as ctx:
        last = day_of(ctx.clock.now())
        first = first_day(Period.YEAR, last)
        assert report(ctx, first, last).figures.sessions > SESSIONS
        taken = median_seconds(partial(report, ctx, first, last))
        months = months_back(month_of(last)), month_of(last)
        priced = next(one for one in report_commitments(ctx, *months).rows if one.commitment.id == "price-first")
        assert priced.count.total > SESSIONS
        promised = median_seconds(partial(report_commitments, ctx, *months))
    return [
        Figure("dashboard, 12 months, 1,000,000 sessions, PostgreSQL", taken * 1000, "ms", 500),
        Figure("commitments, 12 months, 1,000,000 sessions, PostgreSQL", promised * 1000, "ms", 2000),
    ]
