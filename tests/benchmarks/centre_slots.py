"""Free time for a call-back, four weeks ahead, in a team of 300 agents on PostgreSQL, as one of them asks."""

from contextlib import closing
from dataclasses import replace
from functools import partial

import psycopg

from agent_desk.actions.context import Context
from agent_desk.actions.look_at_slots import look_at_slots
from agent_desk.storage import rights
from agent_desk.storage.database import Database
from agent_desk.storage.types import microseconds
from agent_desk.storage.upgrade import upgrade
from tests.benchmarks.centre import AT_WORK, desk_at, desk_url
from tests.benchmarks.figure import Figure, median_seconds
from tests.benchmarks.samples import FOLDER
from tests.support.desks import DEVICE, NOON, content, drafted
from tests.support.servers import DATABASE, Node, kept_node

AGENTS, DAYS, CALLS = 300, 28, 4  # agents of one team, days ahead, calls of each agent on each
QUARTER, DAY = 900_000_000, 86_400_000_000
AGENT, NAME = "agent7", "Agent 7"
MOST_MS = 50.0
_PEOPLE = f"""
    INSERT INTO team (id, name) VALUES (1, 'Équipe 01');
    INSERT INTO person (id, login, name, email, role, team_id, mark, active, joined_at)
    SELECT i, 'agent' || i, 'Agent ' || i, '', 'agent', 1, lpad(to_hex(i), 8, '0'), true, 0
    FROM generate_series(1, {AGENTS}) i;
"""
_BOOKED = f"""
    INSERT INTO appointment (session_id, promise_id, number, customer, phone, team_id, person_id, person_mark, person,
        starts_at, ends_at, territory, booked_at, accepted_at, limit_at, state, uid, next_at)
    SELECT 1000 + row_number() OVER (), 1, 'S', 'Claire Morvan', '', 1, i, lpad(to_hex(i), 8, '0'), 'Agent ' || i,
        at.starts, at.starts + 2 * {QUARTER}, 'metropole', 0, 0, 0, 'booked', '', at.starts
    FROM generate_series(1, {AGENTS}) i CROSS JOIN generate_series(0, {DAYS} - 1) day
    CROSS JOIN generate_series(0, {CALLS} - 1) call
    CROSS JOIN LATERAL (SELECT {microseconds(NOON)} + day * {DAY} + ((i % 5) * 2 + call * 8 - 16)::bigint * {QUARTER} AS starts)
        AS at
"""


def measure() -> list[Figure]:
    """Return how long it takes to find all free time, and that of one agent in it."""
    with kept_node(FOLDER / "slots", _make, AT_WORK, **AT_WORK) as server:
        with closing(Database.open(server.url())) as database:
            upgrade(database)
            rights.apply(database)
        with desk_at(desk_url(server, AGENT)) as desk:
            ctx = replace(desk, settings=replace(desk.settings, agent_name=NAME))
            view = drafted(ctx, content(DEVICE))
            taken = median_seconds(partial(_search, ctx, view.id))
    return [Figure("slots, 4 weeks, 300 agents, 33,600 calls, PostgreSQL", taken * 1000, "ms", MOST_MS)]


def _search(ctx: Context, session_id: int) -> None:
    found = look_at_slots(ctx, session_id)
    if len(found.busy) != AGENTS or not found.slots_of():
        raise RuntimeError("there is less to look through than is to be measured")


def _make(server: Node) -> None:
    with closing(Database.open(server.url())) as database:
        upgrade(database)
        where = f"host={server.folder} user={server.user} dbname={DATABASE}"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")  # sessions and promises are not looked at
            connection.execute(_PEOPLE.encode())
            connection.execute(_BOOKED.encode())
        server.sql("VACUUM (ANALYZE)", database=DATABASE)
        rights.apply(database)
