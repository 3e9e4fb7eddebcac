"""Pilotage's twelve months of a call centre as a supervisor sees them: half a million sessions of a million, some with visits."""

from functools import partial

import psycopg

from agent_desk.actions.report import report
from agent_desk.actions.report_commitments import report_commitments
from agent_desk.rules.commitments import month_of, months_back
from agent_desk.rules.report import Period, day_of, first_day
from tests.benchmarks.centre import centre, desk_at, desk_url
from tests.benchmarks.figure import Figure, median_seconds
from tests.support.servers import DATABASE, Node

SESSIONS = 400_000  # in a year, at least
VISITS = 12_000  # of them, at least: a technician came after one session of thirty-three
_HOUR = 3_600_000_000  # microseconds
_BOOKED = f"""
    INSERT INTO visit (session_id, promise_id, state, territory, begins_at, ends_at, fee_cents, ceiling_cents, vat_permille,
        asked_at, accepted_at, booked_at, agent, ended_at)
    SELECT s.id, s.id, 'done', 'metropole', s.ended_at + {20 * _HOUR}, s.ended_at + {22 * _HOUR}, 4900, 6900, 200,
        s.ended_at, s.ended_at, s.ended_at, s.agent, s.ended_at + {22 * _HOUR}
    FROM session s WHERE s.ended_at IS NOT NULL AND s.id % 33 = 5 ORDER BY s.id
"""
_DECIDED = """
    INSERT INTO visit_decision (visit_id, session_id, decided_at, agent, catalogue_version, inputs, result, total_cents,
        vat_cents)
    SELECT v.id, v.session_id, v.ended_at, v.agent, '2014-01-01',
        '{"ceiling_cents":6900,"fee_cents":4900,"territory":"metropole","vat_permille":200}',
        '{"amount_cents":4900,"article":"4.8","rule":"visit_travel","vat_cents":817}', 4900, 817
    FROM visit v ORDER BY v.id
"""


def measure() -> list[Figure]:
    """Return how long dashboard and commitments take; the days over were counted when the data were made."""
    with centre() as server:
        _visit(server)
        with desk_at(desk_url(server)) as ctx:
            last = day_of(ctx.clock.now())
            first = first_day(Period.YEAR, last)
            found = report(ctx, first, last).figures
            assert found.sessions > SESSIONS
            assert sum(found.visits.values()) > VISITS
            taken = median_seconds(partial(report, ctx, first, last))
            months = months_back(month_of(last)), month_of(last)
            priced = next(one for one in report_commitments(ctx, *months).rows if one.commitment.id == "price-first")
            assert priced.count.total > SESSIONS
            promised = median_seconds(partial(report_commitments, ctx, *months))
    return [
        Figure("dashboard, 12 months, 1,000,000 sessions, PostgreSQL", taken * 1000, "ms", 500),
        Figure("commitments, 12 months, 1,000,000 sessions, PostgreSQL", promised * 1000, "ms", 2000),
    ]


def _visit(server: Node) -> None:
    """Have technicians come, once, and forget the days counted before; of each visit's promise nothing is asked."""
    where = f"host={server.folder} user={server.user} dbname={DATABASE}"
    with psycopg.connect(where, autocommit=True) as connection:
        if connection.execute("SELECT count(*) FROM visit").fetchone() == (0,):
            connection.execute("SET session_replication_role = replica")
            forgotten = "DELETE FROM report_day", "DELETE FROM report_total"
            for statement in (_BOOKED, _DECIDED, *forgotten, "ANALYZE visit", "ANALYZE visit_decision"):
                connection.execute(statement.encode())
