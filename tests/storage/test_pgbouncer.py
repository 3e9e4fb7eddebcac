"""Behind PgBouncer, which lends each connection for one transaction only: the job, the upgrade, and who listens."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from agent_desk import __version__
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.storage.condition import Addresses, examine
from agent_desk.storage.database import Database
from agent_desk.storage.schema import needs_upgrade
from agent_desk.storage.tables import decision, session
from agent_desk.storage.upgrade import upgrade
from tests.support.desks import context
from tests.support.pgbouncer import lent, pgbouncer

DESKS = 4
SESSIONS = 4


@pytest.fixture
def pooled(postgresql_url: str) -> Iterator[str]:
    """Give the address of a database with its tables through a PgBouncer."""
    with pgbouncer(postgresql_url) as address:
        yield address


def test_desks_do_whole_jobs_at_the_same_time(pooled: str) -> None:
    desks = [Database.open(pooled) for _ in range(DESKS)]
    with ThreadPoolExecutor(DESKS) as pool:
        added = list(pool.map(lambda desk: create_sample_data(context(desk), SESSIONS), desks))
    assert added == [SESSIONS] * DESKS
    assert lent(pooled) > 1  # else no transaction has met another one's connection
    ctx = context(desks[0])
    with ctx.database.read() as tx:
        closed = tx.execute(select(session.c.id).where(session.c.state == "closed")).scalars().all()
        decided = tx.execute(select(decision.c.session_id)).scalars().all()
    assert len(decided) == len(set(decided))
    assert set(closed) <= set(decided)
    assert verify_log(ctx).fault is None
    assert verify_decisions(ctx).mismatches == ()
    for desk in desks:
        desk.close()


def test_a_new_database_gets_its_tables_through_it(empty_postgresql_url: str) -> None:
    with pgbouncer(empty_postgresql_url) as address:
        database = Database.open(address)
        assert needs_upgrade(database, __version__)
        upgrade(database)
        assert not needs_upgrade(database, __version__)
        database.close()


def test_notices_need_the_direct_address_and_the_check_says_so(pooled: str, postgresql_url: str) -> None:
    def notices(signal: str) -> str:
        found = examine(Addresses(pooled, signal=signal), lambda: datetime.now(UTC))
        return next(one.state for one in found if one.topic == "notices")

    assert notices(postgresql_url) == "ok"
