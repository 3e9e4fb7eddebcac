"""Pilotage's twelve months in a million sessions, today's counted just now, the days before counted once."""

import shutil
import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import text

from agent_desk.actions.report import report
from agent_desk.rules.report import Period, day_of, first_day
from agent_desk.storage.database import Database
from agent_desk.storage.types import microseconds
from tests.benchmarks.figure import Figure, median_seconds, seconds
from tests.benchmarks.samples import FOLDER, sample_file
from tests.support.desks import context

SESSIONS = 1_000_000
# The samples have no decisions, which would make their file twice as large: those of the year follow from their lines.
DECIDED = text(
    """
    INSERT INTO decision (session_id, ordinal, decided_at, agent, catalogue_version, inputs, result, total_cents, vat_cents)
    SELECT s.id, 1, s.ended_at, s.agent, '2014-01-01',
        json_object('lines', json_group_array(json_object(
            'service', l.service, 'quantity', l.quantity, 'unit_price_cents', l.unit_price_cents))),
        json_object('lines', json_group_array(json_object('rule', l.rule, 'amount_cents', l.amount_cents))),
        s.total_cents, 0
    FROM session s JOIN session_line l ON l.session_id = s.id
    WHERE s.ended_at >= :since GROUP BY s.id
    """
)


def measure() -> list[Figure]:
    """Return how long the dashboard takes, and how long the first report takes to count a year's days."""
    source = sample_file(SESSIONS)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        path = Path(folder) / "report.sqlite3"
        shutil.copyfile(source, path)
        database = Database.open(f"sqlite:///{path}")
        ctx = context(database)
        last = day_of(ctx.clock.now())
        first = first_day(Period.YEAR, last)
        with database.write() as tx:
            tx.execute(DECIDED, {"since": microseconds(ctx.clock.now() - timedelta(days=366))})
        counting = seconds(partial(report, ctx, first, last))
        found = report(ctx, first, last)
        assert found.figures.sessions > SESSIONS // 10
        assert found.figures.billed_cents > 0
        ours = median_seconds(partial(report, ctx, first, last))
        database.close()
    return [
        Figure("dashboard, 12 months, 1,000,000 sessions", ours * 1000, "ms", 500),
        Figure("its first report: a year's days counted once", counting, "s", 60),
    ]
