"""The primary dies in the middle of closings and its standby takes over: each ends once, none that was told is lost."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import func, select, text

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.report import report
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.rules.report import day_of
from agent_desk.settings import Settings
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.replica import Replica
from agent_desk.storage.tables import decision, mail, session
from agent_desk.storage.upgrade import upgrade
from agent_desk.wiring.context import open_context
from tests.support.desks import NOON, context, finished
from tests.support.servers import Node, node, standby

SESSIONS = 48
DESKS = 6
BEFORE = 12  # closings told before the primary dies
PATIENCE = 60.0


@pytest.fixture
def pair() -> Iterator[tuple[Node, Node]]:
    """Give a primary that tells nobody of a commit before its standby has it, and that standby."""
    with node(synchronous_commit="on", fsync="on") as primary, standby(primary) as second:
        primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        primary.reload()
        yield primary, second


def both(primary: Node, second: Node) -> str:
    """Return the address a site with a standby gives to its desks."""
    return f"postgresql+psycopg://{primary.user}@/desk?host={primary.folder}&host={second.folder}"


@dataclass(slots=True)
class Told:
    """What desks were told, and whether enough of it for the primary to die."""

    closed: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def note(self, session_id: int, total_cents: int) -> None:
        self.closed[session_id] = total_cents
        if len(self.closed) >= BEFORE:
            self.enough.set()


def work(ctx: Context, todo: list[tuple[int, int]], told: Told, given_up: threading.Event) -> None:
    """Close session after session; what the database could not tell is asked again until it can."""
    while todo and not given_up.is_set():
        with suppress(IndexError):
            session_id, version = todo.pop()
            while not given_up.is_set():
                try:
                    view = close_session(ctx, session_id, version)
                except DatabaseFault as fault:
                    told.faults.append(fault.code)
                    given_up.wait(0.1)
                except Refusal as refusal:
                    told.refused.append(refusal.code)
                    break
                else:
                    assert view.decision is not None
                    told.note(session_id, view.decision.total_cents)
                    break


def test_a_promotion_in_the_middle_of_closings_loses_and_doubles_none(pair: tuple[Node, Node]) -> None:
    primary, second = pair
    address = both(primary, second)
    with closing(Database.open(address)) as database:
        upgrade(database)
        ctx = context(database)
        todo = [(view.id, view.version) for view in (finished(ctx) for _ in range(SESSIONS))]
    desks = [Database.open(address) for _ in range(DESKS)]
    told, given_up = Told(), threading.Event()
    with ThreadPoolExecutor(DESKS) as pool:
        jobs = [pool.submit(work, context(desk), todo, told, given_up) for desk in desks]
        try:
            assert told.enough.wait(PATIENCE)
            primary.stop("immediate")
            second.promote()
            second.sql("ALTER SYSTEM SET synchronous_standby_names = ''")
            second.reload()
            for job in jobs:
                job.result(PATIENCE)
        finally:
            given_up.set()
    assert told.faults  # the primary died while somebody was at work
    assert set(told.refused) <= {"already_closed"}  # by this very desk, before the answer was lost
    check(desks[0], told)
    for desk in desks:
        desk.close()


def check(database: Database, told: Told) -> None:
    """See what is there now, at the server that was the standby."""
    with database.read() as tx:
        assert tx.execute(select(func.count()).where(session.c.state == "closed")).scalar_one() == SESSIONS
        rows = tx.execute(select(decision.c.session_id, decision.c.total_cents)).all()
        decided = {row.session_id: row.total_cents for row in rows}
        assert tx.execute(select(func.count()).select_from(decision)).scalar_one() == len(decided) == SESSIONS
        assert told.closed.items() <= decided.items()
        mails = tx.execute(select(mail.c.session_id).where(mail.c.kind == "confirmation")).scalars().all()
    assert sorted(mails) == sorted(decided)
    ctx = context(database)
    assert verify_log(ctx).fault is None
    assert verify_decisions(ctx).mismatches == ()


def test_reports_are_read_from_the_standby_and_from_the_primary_when_it_is_gone(pair: tuple[Node, Node]) -> None:
    primary, second = pair
    with closing(Database.open(primary.url())) as database:
        upgrade(database)
        database.follow(Replica(second.url()))
        with database.reports() as tx:
            assert tx.execute(text("SELECT pg_is_in_recovery()")).scalar_one()
        primary.sql("ALTER SYSTEM SET synchronous_standby_names = ''")
        primary.reload()
        second.stop("fast")
        with database.reports() as tx:
            assert not tx.execute(text("SELECT pg_is_in_recovery()")).scalar_one()


def test_a_desk_told_of_a_standby_reads_its_figures_there(pair: tuple[Node, Node]) -> None:
    primary, second = pair
    opened = open_context(Settings(database_url=primary.url(), report_database_url=second.url()))
    with closing(opened.database):
        ctx = replace(context(opened.database), settings=opened.settings)
        view = finished(ctx)
        ((reached,),) = primary.sql("SELECT pg_current_wal_lsn()")
        second.await_(lambda: second.sql(f"SELECT 1 WHERE pg_last_wal_replay_lsn() >= '{reached}'"))
        second.sql("SELECT pg_wal_replay_pause()")
        close_session(ctx, view.id, view.version)
        today = day_of(NOON)
        assert report(ctx, today, today).figures.sessions == 0
        second.sql("SELECT pg_wal_replay_resume()")
        second.await_(lambda: report(ctx, today, today).figures.sessions == 1)


def test_a_standby_nobody_feeds_any_more_is_not_asked(pair: tuple[Node, Node]) -> None:
    primary, second = pair
    with closing(Database.open(primary.url())) as database:
        upgrade(database)
        second.sql("ALTER SYSTEM SET primary_conninfo = ''")
        second.reload()
        second.await_(lambda: not second.sql("SELECT 1 FROM pg_stat_wal_receiver"))
        database.follow(Replica(second.url()))
        with database.reports() as tx:
            assert not tx.execute(text("SELECT pg_is_in_recovery()")).scalar_one()
