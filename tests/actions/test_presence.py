"""Desks in one session see each other, and forget those of which nothing is heard."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from agent_desk.actions.attend_session import attend_session
from agent_desk.actions.context import Context
from agent_desk.actions.leave_session import leave_session
from agent_desk.actions.look_at_colleagues import look_at_colleagues
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.rules.presence import LIFE, SIGN, Colleague
from agent_desk.rules.session import Step
from agent_desk.settings import Settings
from agent_desk.storage.colleague_tables import presence
from agent_desk.storage.database import Database
from tests.support.desks import clock, context, drafted

KARIM = Settings(agent_name="Karim Benali", agent_id="karim001")


@pytest.fixture
def karim(ctx: Context) -> Context:
    """Give a colleague's desk on the same database."""
    return replace(ctx, settings=KARIM)


@pytest.fixture
def postgresql_ctx(postgresql_url: str) -> Iterator[Context]:
    """Give a context on PostgreSQL."""
    database = Database.open(postgresql_url)
    yield context(database)
    database.close()


@pytest.fixture
def later(ctx: Context) -> Callable[[float], None]:
    """Give a function that lets seconds pass for everybody: by the server's clock where there is one."""

    def pass_(seconds: float) -> None:
        if ctx.database.dialect == "sqlite":
            clock(ctx).move(seconds=seconds)
            return
        with ctx.database.write() as tx:
            tx.exec_driver_sql(f"UPDATE presence SET seen_at = seen_at - {int(seconds * 1_000_000)}")

    return pass_


def test_two_desks_in_one_session_see_each_other_and_their_steps(ctx: Context, karim: Context) -> None:
    view = drafted(ctx)
    assert attend_session(ctx, view.id, Step.CUSTOMER) == ()
    assert attend_session(karim, view.id, Step.AGREEMENT) == (Colleague("Nadia Leroy", Step.CUSTOMER),)
    assert look_at_colleagues(ctx, view.id) == (Colleague("Karim Benali", Step.AGREEMENT),)
    attend_session(karim, view.id, Step.CLOSING)
    assert look_at_colleagues(ctx, view.id) == (Colleague("Karim Benali", Step.CLOSING),)


def test_who_leaves_is_seen_no_more_and_who_is_elsewhere_never_was(ctx: Context, karim: Context) -> None:
    view, other = drafted(ctx), drafted(ctx)
    attend_session(karim, other.id, Step.REQUEST)
    assert attend_session(ctx, view.id, Step.CUSTOMER) == ()
    attend_session(karim, view.id, Step.REQUEST)
    leave_session(karim, view.id)
    leave_session(karim, view.id)
    assert look_at_colleagues(ctx, view.id) == ()


def test_a_desk_that_died_is_forgotten_and_two_lost_signs_are_forgiven(
    ctx: Context, karim: Context, later: Callable[[float], None]
) -> None:
    view = drafted(ctx)
    attend_session(karim, view.id, Step.REQUEST)
    later(2 * SIGN.total_seconds())
    assert len(look_at_colleagues(ctx, view.id)) == 1
    later(LIFE.total_seconds() - 2 * SIGN.total_seconds() + 1)
    assert look_at_colleagues(ctx, view.id) == ()
    attend_session(ctx, view.id, Step.CUSTOMER)
    with ctx.database.read() as tx:
        assert tx.execute(select(func.count()).select_from(presence)).scalar_one() == 1


def test_desks_whose_clocks_differ_see_each_other_by_the_servers_clock(postgresql_ctx: Context) -> None:
    view = drafted(postgresql_ctx)
    slow = replace(postgresql_ctx, settings=KARIM, clock=replace(clock(postgresql_ctx)))
    clock(slow).move(hours=-2)
    attend_session(slow, view.id, Step.REQUEST)
    assert len(look_at_colleagues(postgresql_ctx, view.id)) == 1


def test_being_there_leaves_nothing_in_the_log_nor_in_the_session(ctx: Context, karim: Context) -> None:
    view = drafted(ctx)
    before = read_timeline(ctx, view.id)
    attend_session(karim, view.id, Step.REQUEST)
    leave_session(karim, view.id)
    assert read_timeline(ctx, view.id) == before
