"""Today for an agent, and for a supervisor, of a team of 300 that has promised 50,000 things."""

from agent_desk.actions.list_today import list_today
from tests.benchmarks.centre import SUPERVISOR, centre, desk_at, desk_url
from tests.benchmarks.figure import Figure, median_seconds
from tests.support.servers import DATABASE, Node

PROMISES = 50_000
PEOPLE = 300
TEAM = 1
AGENT = f"agent{12 * 20}"  # of the first team
MOST_MS = 100.0
_OPEN = f"SELECT count(*) FROM promise WHERE team_id = {TEAM} AND ended_at IS NULL"
# Every third is anybody's; a hundred went wrong; the others are due within three days.
_MADE = f"""
    INSERT INTO promise (session_id, kind, team_id, person_mark, person, number, customer, phone, subject, made_at, due_at,
        late_at, on_top)
    SELECT s.id, (ARRAY['call_back', 'feasibility', 'complaint', 'answer'])[1 + i % 4], {TEAM},
        CASE WHEN i % 3 = 0 THEN '' ELSE lpad(to_hex(1 + i % {PEOPLE}), 8, '0') END,
        CASE WHEN i % 3 = 0 THEN '' ELSE 'Agent ' || i % {PEOPLE} END, s.number, s.customer, s.callback_number, 'imprimante',
        s.opened_at, now.at + (i % 4320 - 20) * 60000000::bigint, now.at + (i % 4320) * 60000000::bigint,
        CASE WHEN i % 500 = 0 THEN 1 ELSE 0 END
    FROM generate_series(1, {PROMISES}) i
    CROSS JOIN (SELECT (extract(epoch FROM now()) * 1000000)::bigint AS at) AS now
    JOIN session s ON s.id = 900000 + i
"""


def measure() -> list[Figure]:
    """Measure what the action returns Today with takes, at a desk that signed in."""
    with centre() as server:
        _promise(server)
        return [
            Figure(f"Today, 50,000 open promises, as {name}", _today(server, login) * 1000, "ms", MOST_MS)
            for name, login in (("agent", AGENT), ("supervisor", SUPERVISOR))
        ]


def _today(server: Node, login: str) -> float:
    with desk_at(desk_url(server, login)) as ctx:
        found = list_today(ctx).promised
        if found is None or len(found.promises) < 50:
            raise RuntimeError("there is less to keep than is to be measured")
        return median_seconds(lambda: list_today(ctx))


def _promise(server: Node) -> None:
    if server.sql(_OPEN, database=DATABASE)[0][0] < PROMISES:
        forget = f"DELETE FROM promise WHERE team_id = {TEAM}"
        server.sql(forget, _MADE, "VACUUM ANALYZE promise", database=DATABASE)
