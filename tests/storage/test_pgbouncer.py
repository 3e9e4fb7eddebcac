"""Behind PgBouncer, which lends each connection for one transaction only: the job, the upgrade, and who listens."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from agent_desk import __version__
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.storage.condition import Addresses, examine
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.schema import needs_upgrade
from agent_desk.storage.tables import decision, session
from agent_desk.storage.upgrade import upgrade
from tests.support.certificates import new_authority
from tests.support.desks import context
from tests.support.pgbouncer import SHIPPED, lent, pgbouncer, secure_pgbouncer
from tests.support.servers import networked
from tests.support.smtp import LOOPBACK

NAME = "pooler.desk.test"
SCRIPT = SHIPPED.with_name("pgbouncer.sql")
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


def test_everybody_signs_in_through_it_by_scram_and_tls_with_the_password_the_server_knows(tmp_path: Path) -> None:
    authority = new_authority(tmp_path)
    with networked(authority.server(LOOPBACK)) as server:
        server.allow("hostssl all all 127.0.0.1/32 scram-sha-256")
        server.sql(SCRIPT.read_text(encoding="utf-8"), database="desk")
        server.sql(
            "ALTER ROLE pgbouncer PASSWORD 'of the pooler'",
            "CREATE ROLE nadia LOGIN PASSWORD 'right'",
            "CREATE ROLE karim LOGIN PASSWORD 'right' VALID UNTIL '2020-01-01'",
        )
        with secure_pgbouncer(server, NAME, authority, "of the pooler") as port:

            def address(user: str, password: str) -> str:
                place = f"{NAME}:{port}/desk?hostaddr={LOOPBACK}&sslrootcert={authority.file}"
                return f"postgresql://{user}:{password}@{place}"

            with closing(Database.open(address("nadia", "right"))) as database, database.read() as tx:
                assert tx.execute(text("SELECT current_user")).scalar_one() == "nadia"
                assert tx.execute(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).scalar_one()
            for user, password in (("nadia", "wrong"), ("karim", "right"), (server.user, "right")):
                with pytest.raises(DatabaseFault) as fault:
                    Database.open(address(user, password))
                assert fault.value.code == "password_refused"


def test_notices_need_the_direct_address_and_the_check_says_so(pooled: str, postgresql_url: str) -> None:
    def notices(signal: str) -> str:
        found = examine(Addresses(pooled, signal=signal), lambda: datetime.now(UTC))
        return next(one.state for one in found if one.topic == "notices")

    assert notices(postgresql_url) == "ok"
