"""Desks in one session see each other, and forget those of which nothing is heard."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from agent_desk.actions.attend_session import attend_session
from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.context import Context
from agent_desk.actions.has_ended import has_ended
from agent_desk.actions.leave_session import leave_session
from agent_desk.actions.look_at_colleagues import look_at_colleagues
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.rules.presence import LIFE, SIGN, Colleague
from agent_desk.rules.session import Step
from agent_desk.settings import Settings
from agent_desk.storage.colleague_tables import presence
from tests.support.callcentre import NADIA, CallCentre
from tests.support.desks import clock, drafted

KARIM = Settings(agent_name="Karim Benali", agent_id="karim001")


@pytest.fixture
def karim(ctx: Context) -> Context:
    """Give a colleague's desk on the same database."""
    return replace(ctx, settings=KARIM)


def test_two_desks_in_one_session_see_each_other_and_their_steps(ctx: Context, karim: Context) -> None:
    view = drafted(ctx)
    assert not has_ended(ctx, view.id)
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


def test_a_desk_that_died_is_forgotten_and_two_lost_signs_are_forgiven(ctx: Context, karim: Context) -> None:
    view = drafted(ctx)
    attend_session(karim, view.id, Step.REQUEST)
    clock(ctx).time += 2 * SIGN
    assert len(look_at_colleagues(ctx, view.id)) == 1
    clock(ctx).time += LIFE - 2 * SIGN + timedelta(seconds=1)
    assert look_at_colleagues(ctx, view.id) == ()
    attend_session(ctx, view.id, Step.CUSTOMER)
    with ctx.database.read() as tx:
        assert tx.execute(select(func.count()).select_from(presence)).scalar_one() == 1


def test_being_there_leaves_nothing_in_the_log_nor_in_the_session(ctx: Context, karim: Context) -> None:
    view = drafted(ctx)
    before = read_timeline(ctx, view.id)
    attend_session(karim, view.id, Step.REQUEST)
    leave_session(karim, view.id)
    assert read_timeline(ctx, view.id) == before


def test_that_a_session_has_ended_is_known_to_whoever_has_it_on_the_screen_and_may_see_it(staffed: CallCentre) -> None:
    nadia = staffed.ctx(NADIA)
    view = drafted(nadia)
    cancel_session(nadia, view.id, view.version, "parti")
    assert has_ended(nadia, view.id)
    assert not has_ended(staffed.ctx("karim"), view.id), "another team's"
