"""Every way a screen share ends leaves exactly one event with its reason, also when two ways meet."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.choose_words import choose_words
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.door import door_of
from agent_desk.actions.end_due_shares import end_due_shares
from agent_desk.actions.errors import Refusal
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.leave_share import leave_share
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_share import look_at_share
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.record_consent import record_consent
from agent_desk.actions.revoke_code import revoke_code
from agent_desk.actions.share_views import Happening
from agent_desk.actions.stop_share import stop_share
from agent_desk.actions.withdraw_consent import withdraw_consent
from agent_desk.actions.withdraw_session import withdraw_session
from agent_desk.rules.session import Answer, Channel, ConsentKind
from agent_desk.rules.share import LONGEST, LOST_AFTER, UNANSWERED, ShareEnd, ShareFacts, ShareState, end_due
from agent_desk.storage import guest
from agent_desk.storage.tables import share as share_table
from tests.support.desks import NOON, begun, clock, finished
from tests.support.shares import (
    STAGES,
    Visitor,
    admitted,
    ends,
    entered,
    live,
    lost,
    place_of_words,
    seen,
    told,
    waiting,
)

SCREEN = ConsentKind.SCREEN_SHARING


def version(visitor: Visitor) -> int:
    return load_session(visitor.ctx, visitor.view.id).version


WAYS: dict[str, tuple[Callable[[Visitor], object], tuple[str, str]]] = {
    "the customer stops": (
        lambda one: leave_share(one.door, one.token, one.browser, ShareEnd.BY_CUSTOMER),
        ("by_customer", "customer"),
    ),
    "the browser is closed": (
        lambda one: leave_share(one.door, one.token, one.browser, ShareEnd.BROWSER_CLOSED),
        ("browser_closed", "customer"),
    ),
    "the agent cuts": (lambda one: stop_share(one.ctx, one.view.id), ("by_agent", "agent")),
    "a new code": (lambda one: issue_code(one.ctx, one.view.id), ("replaced", "agent")),
    "the code is put out": (lambda one: revoke_code(one.ctx, one.view.id), ("by_agent", "agent")),
    "a spoken no": (
        lambda one: record_consent(one.ctx, one.view.id, SCREEN, Answer.NO, Channel.VOICE),
        ("by_customer", "agent"),
    ),
    "withdrawing the session": (
        lambda one: withdraw_session(one.ctx, one.view.id, version(one)),
        ("session_ended", "agent"),
    ),
    "cancelling": (
        lambda one: cancel_session(one.ctx, one.view.id, version(one), "Rappellera"),
        ("session_ended", "agent"),
    ),
}


@pytest.mark.parametrize("stage", [ShareState.OPENED, ShareState.LIVE])
@pytest.mark.parametrize("way", WAYS)
def test_it_ends_once_with_its_reason_when(ctx: Context, way: str, stage: ShareState) -> None:
    visitor = STAGES[stage](ctx)
    end, said = WAYS[way]
    end(visitor)
    assert ends(ctx, visitor.view) == [said]
    assert visitor.look().state is ShareState.ENDED
    leave_share(visitor.door, visitor.token, visitor.browser, ShareEnd.BROWSER_CLOSED)
    stop_share(ctx, visitor.view.id)
    end_due_shares(visitor.door)
    assert ends(ctx, visitor.view) == [said]


@pytest.mark.parametrize("stage", list(STAGES))
def test_the_agent_can_cut_it_at_any_stage(sqlite_ctx: Context, stage: ShareState) -> None:
    visitor = STAGES[stage](sqlite_ctx)
    assert stop_share(sqlite_ctx, visitor.view.id).end_reason is ShareEnd.BY_AGENT
    assert ends(sqlite_ctx, visitor.view) == [("by_agent", "agent")]


def test_closing_the_session_ends_it_in_the_same_transaction(ctx: Context) -> None:
    visitor = live(ctx, finished(ctx))
    close_session(ctx, visitor.view.id, version(visitor))
    assert ends(ctx, visitor.view) == [("session_ended", "agent")]
    moments = {one.at for one in read_timeline(ctx, visitor.view.id).events[-4:]}
    assert len(moments) == 1


def test_closing_without_a_share_tells_of_none(ctx: Context) -> None:
    view = finished(ctx)
    close_session(ctx, view.id, view.version)
    assert told(ctx, view) == []


def test_taking_the_consent_back_ends_it(ctx: Context) -> None:
    visitor = live(ctx)
    withdraw_consent(ctx, visitor.view.id, SCREEN)
    assert ends(ctx, visitor.view) == [("by_customer", "agent")]


def test_another_consent_taken_back_leaves_it(ctx: Context) -> None:
    visitor = live(ctx, begun(ctx))
    withdraw_consent(ctx, visitor.view.id, ConsentKind.EARLY_START)
    assert seen(visitor).state is ShareState.LIVE


@pytest.mark.parametrize(
    "reason", [end for end in ShareEnd if end not in (ShareEnd.BY_CUSTOMER, ShareEnd.BROWSER_CLOSED)]
)
def test_the_page_cannot_give_a_reason_that_is_not_the_customers(sqlite_ctx: Context, reason: ShareEnd) -> None:
    visitor = live(sqlite_ctx)
    with pytest.raises(ValueError, match=reason):
        leave_share(visitor.door, visitor.token, visitor.browser, reason)
    assert seen(visitor).state is ShareState.LIVE


DUE: dict[str, tuple[Callable[[Context], Visitor], timedelta, str]] = {
    "nobody answers": (entered, UNANSWERED, "unanswered"),
    "no words are said": (waiting, UNANSWERED, "unanswered"),
    "no screen is chosen": (admitted, UNANSWERED, "unanswered"),
    "the browser is silent": (live, LOST_AFTER, "lost"),
    "what was lost stays away": (lost, LOST_AFTER, "lost"),
}


@pytest.mark.parametrize("why", DUE)
def test_the_reaper_ends_it_when(ctx: Context, why: str) -> None:
    prepare, after, reason = DUE[why]
    visitor = prepare(ctx)
    clock(ctx).move(seconds=after.total_seconds() - 1)
    assert end_due_shares(visitor.door) == 0
    clock(ctx).move(seconds=1)
    assert end_due_shares(visitor.door) == 1
    assert end_due_shares(visitor.door) == 0
    assert ends(ctx, visitor.view) == [(reason, "system")]


def test_two_hours_are_the_end_however_alive(ctx: Context) -> None:
    visitor = live(ctx)
    for _ in range(LONGEST // timedelta(seconds=50) - 1):
        clock(ctx).move(seconds=50)
        assert visitor.note(Happening.BEAT).state is ShareState.LIVE
    assert end_due_shares(visitor.door) == 0
    clock(ctx).move(seconds=50)
    assert end_due_shares(visitor.door) == 1
    assert ends(ctx, visitor.view) == [("too_long", "system")]


def test_the_reaper_ends_all_that_are_due_and_no_other(ctx: Context) -> None:
    old = [live(ctx), waiting(ctx)]
    clock(ctx).move(minutes=10)
    young = live(ctx)
    assert end_due_shares(young.door) == 2
    assert [seen(one).state for one in old] == [ShareState.ENDED] * 2
    assert seen(young).state is ShareState.LIVE


def test_where_no_gateway_runs_any_more_the_agents_look_is_the_reaper(ctx: Context) -> None:
    visitor = live(ctx)
    clock(ctx).move(minutes=2)
    shown = look_at_share(ctx, visitor.view.id)
    assert shown is not None
    assert (shown.state, shown.end_reason) == (ShareState.ENDED, ShareEnd.LOST)


@pytest.mark.parametrize("happening", list(Happening))
@pytest.mark.parametrize(("stage", "reason"), [(ShareState.OPENED, "unanswered"), (ShareState.LIVE, "too_long")])
def test_a_page_left_open_overnight_is_told_that_it_is_over(
    sqlite_ctx: Context, stage: ShareState, reason: str, happening: Happening
) -> None:
    visitor = STAGES[stage](sqlite_ctx)
    clock(sqlite_ctx).move(hours=14)
    found = visitor.note(happening)
    assert (found.state, found.end_reason) == (ShareState.ENDED, reason)
    assert visitor.accept().state is ShareState.ENDED
    assert ends(sqlite_ctx, visitor.view) == [(reason, "system")]


def test_a_sign_of_life_after_more_than_a_minute_comes_too_late(ctx: Context) -> None:
    visitor = live(ctx)
    clock(ctx).move(seconds=60)
    assert visitor.note(Happening.BEAT).end_reason is ShareEnd.LOST
    assert ends(ctx, visitor.view) == [("lost", "system")]


def test_a_clock_set_back_neither_ends_nor_lengthens_it(ctx: Context) -> None:
    visitor = live(ctx)
    clock(ctx).move(hours=-5)
    assert end_due_shares(visitor.door) == 0
    assert seen(visitor).state is ShareState.LIVE
    clock(ctx).move(seconds=59)
    visitor.note(Happening.BEAT)
    assert end_due_shares(visitor.door) == 0
    clock(ctx).move(hours=2)
    assert end_due_shares(visitor.door) == 1


def test_a_clock_set_back_does_not_keep_a_silent_browser(ctx: Context) -> None:
    visitor = live(ctx)
    clock(ctx).move(hours=-5)
    end_due_shares(visitor.door)
    clock(ctx).move(seconds=60)
    assert end_due_shares(visitor.door) == 1
    assert ends(ctx, visitor.view) == [("lost", "system")]


RACES = {
    "customer and agent": ("the customer stops", "the agent cuts"),
    "customer and closed browser": ("the customer stops", "the browser is closed"),
    "closed browser and new code": ("the browser is closed", "a new code"),
    "agent and cancelling": ("the agent cuts", "cancelling"),
}


@pytest.mark.parametrize("race", RACES)
def test_two_ends_at_once_are_one(ctx: Context, race: str) -> None:
    visitor = live(ctx)
    meet(*(lambda way=way: WAYS[way][0](visitor) for way in RACES[race] * 2))
    assert len(ends(ctx, visitor.view)) == 1
    assert ends(ctx, visitor.view)[0] in [WAYS[way][1] for way in RACES[race]]


def test_the_reaper_may_come_from_several_gateways_at_once(ctx: Context) -> None:
    visitors = [live(ctx) for _ in range(3)]
    clock(ctx).move(minutes=3)
    meet(*(lambda: end_due_shares(door_of(ctx)) for _ in range(4)))
    for visitor in visitors:
        assert ends(ctx, visitor.view) == [("lost", "system")]


def test_refusing_and_being_cut_at_once_is_one_end(ctx: Context) -> None:
    visitor = entered(ctx)
    meet(visitor.refuse, lambda: stop_share(ctx, visitor.view.id))
    assert len(ends(ctx, visitor.view)) == 1


def test_wrong_words_and_a_closed_browser_at_once_are_one_end(ctx: Context) -> None:
    visitor = waiting(ctx)
    wrong = (place_of_words(visitor) + 1) % 3

    meet(
        lambda: choose_words(ctx, visitor.view.id, wrong),
        lambda: leave_share(visitor.door, visitor.token, visitor.browser, ShareEnd.BROWSER_CLOSED),
    )
    assert len(ends(ctx, visitor.view)) == 1


def meet(*acts: Callable[[], object]) -> None:
    """Do all of it at the same moment; whoever comes too late may be refused, other errors are raised here."""
    start, errors = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            with suppress(Refusal):
                act()
        except BaseException as error:  # noqa: BLE001 - raised below, in the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.fixture
def one_share(sqlite_ctx: Context) -> Context:
    """A context whose database holds one share."""
    entered(sqlite_ctx)
    return sqlite_ctx


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([state for state in ShareState if state is not ShareState.ENDED]),
    st.none() | st.integers(0, 8_000),
    st.none() | st.integers(0, 8_000),
    st.integers(0, 8_000),
)
def test_the_database_finds_due_just_what_the_rule_calls_due(
    one_share: Context, state: ShareState, admitted: int | None, heard: int | None, after: int
) -> None:
    def at(seconds: int | None) -> datetime | None:
        return None if seconds is None else NOON + timedelta(seconds=seconds)

    now = NOON + timedelta(seconds=after)
    facts = ShareFacts(state, NOON, at(admitted), at(heard))
    with one_share.database.write() as tx:
        tx.execute(update(share_table).values(state=state, admitted_at=facts.admitted_at, seen_at=facts.seen_at))
        found = guest.find_due(tx, lost=now - LOST_AFTER, unanswered=now - UNANSWERED, longest=now - LONGEST)
    assert (found is not None) is (end_due(facts, now) is not None)
