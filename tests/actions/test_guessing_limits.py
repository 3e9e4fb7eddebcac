"""Somebody guesses codes: what is counted, when it is refused, and whom it disturbs."""

import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text

from agent_desk.actions.context import Context
from agent_desk.actions.count_attempts import count_attempts
from agent_desk.actions.door import Door, door_of
from agent_desk.actions.end_due_shares import end_due_shares
from agent_desk.actions.enter_code import enter_code
from agent_desk.actions.errors import Refusal
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.list_today import list_today
from agent_desk.actions.look_at_breaker import look_at_breaker
from agent_desk.actions.share_views import Breaker, Happening
from agent_desk.rules.code import build
from agent_desk.rules.guessing import ALLOW, HOUR, MINUTE, SITE_LIMIT, SITE_WINDOW, SOURCE_LIMIT, most_tries
from agent_desk.rules.share import ShareState
from agent_desk.storage.attempts import site_failures
from agent_desk.storage.database import Database
from agent_desk.storage.events import SITE_CHAIN, history
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.tables import code_attempt
from tests.support.desks import agreed, clock
from tests.support.shares import CHROMIUM, FIREFOX, HOME, live, refusal, seen, wrong

NOBODYS = build("000", "000000")


def sources(count: int, start: int = 0) -> list[str]:
    return [f"198.51.{number // 256}.{number % 256}" for number in range(start, start + count)]


def answers(door: Door, asked: Sequence[str]) -> Counter[str]:
    return Counter(found.answer for found in count_attempts(door, asked))


def failures(ctx: Context) -> int:
    with ctx.database.read() as tx:
        counted = select(func.count()).select_from(code_attempt).where(code_attempt.c.failed == 1)
        return int(tx.execute(counted).scalar_one())


def alarms(ctx: Context) -> int:
    with ctx.database.read() as tx:
        return [event.kind for event in history(tx, SITE_CHAIN)].count("guessing_alarm")


def open_breaker(ctx: Context) -> None:
    assert answers(door_of(ctx), sources(50, start=1_000)) == {ALLOW: 50}


def test_five_wrong_codes_a_minute_and_the_source_waits(ctx: Context) -> None:
    door = door_of(ctx)
    for _ in range(5):
        assert refusal(enter_code, door, NOBODYS, HOME, FIREFOX) == "code_refused"
    clock(ctx).move(seconds=20)
    with pytest.raises(Refusal) as found:
        enter_code(door, NOBODYS, HOME, FIREFOX)
    assert (found.value.code, found.value.values) == ("source_busy", {"retry_after": 40})
    assert refusal(enter_code, door, NOBODYS, "203.0.113.5", FIREFOX) == "code_refused"
    clock(ctx).move(seconds=40)
    assert refusal(enter_code, door, NOBODYS, HOME, FIREFOX) == "code_refused"


def test_twenty_an_hour_however_slowly(ctx: Context) -> None:
    for _ in range(20):
        assert answers(door_of(ctx), [HOME]) == {ALLOW: 1}
        clock(ctx).move(minutes=2)
    assert answers(door_of(ctx), [HOME]) == {SOURCE_LIMIT: 1}
    clock(ctx).move(minutes=21)
    assert answers(door_of(ctx), [HOME]) == {ALLOW: 1}


def test_a_good_code_gives_its_try_back(ctx: Context) -> None:
    view = agreed(ctx)
    for _ in range(7):  # a carrier's shared address: many customers, all with good codes
        code = issue_code(ctx, view.id)
        assert enter_code(door_of(ctx), code.digits, HOME, FIREFOX).session_id == view.id
    assert failures(ctx) == 0
    assert answers(door_of(ctx), [HOME])[ALLOW] == 1


def test_a_good_code_gives_back_one_try_and_not_those_that_failed(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    for _ in range(2):
        refusal(enter_code, door_of(ctx), wrong(code), HOME, FIREFOX)
    enter_code(door_of(ctx), code.digits, HOME, FIREFOX)
    assert failures(ctx) == 2


def test_a_try_is_counted_before_anything_is_compared(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    monkeypatch.setattr("agent_desk.actions.try_code.opens", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        enter_code(door_of(ctx), code.digits, HOME, FIREFOX)
    assert failures(ctx) == 1


def test_within_one_batch_each_try_counts_for_the_next(ctx: Context) -> None:
    assert answers(door_of(ctx), [HOME] * 9) == {ALLOW: 5, SOURCE_LIMIT: 4}
    assert failures(ctx) == 5


def test_nothing_asked_is_nothing_counted(ctx: Context) -> None:
    assert count_attempts(door_of(ctx), []) == ()
    assert failures(ctx) == 0


def test_fifty_failures_open_the_breaker_and_raise_one_alarm(ctx: Context) -> None:
    assert look_at_breaker(door_of(ctx)) == Breaker(open=False)
    assert list_today(ctx).guessing_since is None
    began = clock(ctx).now()
    assert answers(door_of(ctx), sources(60)) == {ALLOW: 50, SITE_LIMIT: 10}
    assert alarms(ctx) == 1
    assert list_today(ctx).guessing_since == began
    for minute in range(30):
        clock(ctx).move(minutes=1)
        assert answers(door_of(ctx), sources(10, start=100 + 10 * minute))[ALLOW] == 4
    assert alarms(ctx) == 1
    assert list_today(ctx).guessing_since == began


def test_the_alarm_goes_when_the_guessing_does_and_comes_again_with_the_next(ctx: Context) -> None:
    open_breaker(ctx)
    clock(ctx).move(minutes=10)
    assert list_today(ctx).guessing_since is None
    assert look_at_breaker(door_of(ctx)) == Breaker(open=False)
    assert answers(door_of(ctx), [HOME]) == {ALLOW: 1}
    assert alarms(ctx) == 1
    assert answers(door_of(ctx), sources(49)) == {ALLOW: 49}
    assert alarms(ctx) == 2


def test_while_it_is_open_honest_customers_still_come_in_one_after_the_other(ctx: Context) -> None:
    view = agreed(ctx)
    open_breaker(ctx)
    with pytest.raises(Refusal) as found:
        enter_code(door_of(ctx), issue_code(ctx, view.id).digits, HOME, FIREFOX)
    assert (found.value.code, found.value.values) == ("site_busy", {"retry_after": 60})
    assert look_at_breaker(door_of(ctx)) == Breaker(True, 60, 60)
    clock(ctx).move(minutes=1)
    assert look_at_breaker(door_of(ctx)) == Breaker(True, 0, 0)
    for number in range(6):  # each success leaves its place to the next
        code = issue_code(ctx, view.id)
        assert enter_code(door_of(ctx), code.digits, f"203.0.113.{number}", FIREFOX).session_id == view.id


def test_sources_that_failed_before_have_one_place_a_minute(ctx: Context) -> None:
    known = sources(20)
    answers(door_of(ctx), known)
    clock(ctx).move(hours=2)
    open_breaker(ctx)
    clock(ctx).move(minutes=1)
    assert answers(door_of(ctx), known) == {ALLOW: 1, SITE_LIMIT: 19}
    assert answers(door_of(ctx), sources(9, start=500)) == {ALLOW: 4, SITE_LIMIT: 5}


def test_live_shares_go_on_untouched(ctx: Context) -> None:
    visitor = live(ctx)
    open_breaker(ctx)
    assert visitor.note(Happening.BEAT).state is ShareState.LIVE
    assert seen(visitor).alarm
    assert end_due_shares(visitor.door) == 0
    clock(ctx).move(minutes=10)
    visitor = live(ctx)
    assert not seen(visitor).alarm


def test_counters_survive_a_restart(database_url: str, ctx: Context) -> None:
    answers(door_of(ctx), [HOME] * 5)
    open_breaker_left = answers(door_of(ctx), sources(45, start=2_000))
    assert open_breaker_left == {ALLOW: 45}
    with closing(Database.open(database_url)) as restarted:
        door = replace(door_of(ctx), database=restarted)
        assert answers(door, [HOME]) == {SOURCE_LIMIT: 1}
        assert answers(door, sources(1)) == {SITE_LIMIT: 1}
        assert look_at_breaker(door).open


@pytest.mark.parametrize("broken", ["DROP TABLE code_attempt", "ALTER TABLE code_attempt RENAME COLUMN failed TO lost"])
def test_counters_that_cannot_be_read_let_nobody_in(ctx: Context, broken: str) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    with ctx.database.write() as tx:
        tx.execute(text(broken))
    with pytest.raises(Exception, match=r"code_attempt|failed"):
        enter_code(door_of(ctx), code.digits, HOME, FIREFOX)
    with ctx.database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM share")).scalar_one() == 0


def test_counters_that_somebody_holds_let_nobody_in(sqlite_url: str, sqlite_ctx: Context) -> None:
    code = issue_code(sqlite_ctx, agreed(sqlite_ctx).id)
    with closing(Database.open(sqlite_url, wait=0.05)) as database:
        door = replace(door_of(sqlite_ctx), database=database)
        with sqlite_ctx.database.write(), pytest.raises(DatabaseFault, match="locked"):
            enter_code(door, code.digits, HOME, FIREFOX)


def test_a_clock_set_back_shuts_nobody_out_for_long(ctx: Context) -> None:
    clock(ctx).move(days=400)
    open_breaker(ctx)
    answers(door_of(ctx), [HOME] * 3)
    clock(ctx).move(days=-400)
    assert answers(door_of(ctx), [HOME]) == {SITE_LIMIT: 1}
    end_due_shares(door_of(ctx))
    clock(ctx).move(minutes=10)
    assert answers(door_of(ctx), [HOME]) == {ALLOW: 1}


def test_after_a_day_tries_are_forgotten(ctx: Context) -> None:
    answers(door_of(ctx), [HOME])
    clock(ctx).move(hours=24)
    end_due_shares(door_of(ctx))
    assert failures(ctx) == 1
    clock(ctx).move(seconds=1)
    end_due_shares(door_of(ctx))
    assert failures(ctx) == 0


def test_what_was_typed_is_kept_nowhere(ctx: Context) -> None:
    refusal(enter_code, door_of(ctx), "4079152632", HOME, FIREFOX)
    with ctx.database.read() as tx:
        rows = [tuple(row) for row in tx.execute(select(code_attempt))]
    assert len(rows) == 1
    assert "915263" not in str(rows)


@pytest.mark.parametrize("attempts", [200])
def test_of_two_hundred_at_once_exactly_one_enters(ctx: Context, attempts: int) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    start = threading.Barrier(attempts)
    outcomes: Counter[object] = Counter()
    turn = threading.Lock()

    def attempt(source: str) -> None:
        start.wait()
        try:
            result: object = enter_code(door_of(ctx), code.digits, source, CHROMIUM).session_id
        except Refusal as refused:
            result = refused.code
        with turn:
            outcomes[result] += 1

    threads = [threading.Thread(target=attempt, args=(source,)) for source in sources(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes[view.id] == 1
    assert outcomes["code_refused"] + outcomes["site_busy"] == attempts - 1
    assert outcomes["site_busy"] >= attempts - 50 - 5
    assert alarms(ctx) == 1


steps = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 1, 12, 60, 300, 600]),
        st.lists(st.integers(0, 25), min_size=1, max_size=30),
        st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_however_tries_come_no_window_compares_more_than_the_limits(
    ctx: Context, steps: list[tuple[int, list[int], bool]]
) -> None:
    door = door_of(ctx)
    with ctx.database.write() as tx:
        tx.execute(delete(code_attempt))
    began = clock(ctx).now()
    for wait, numbers, reaped in steps:
        clock(ctx).move(seconds=wait)
        count_attempts(door, [f"192.0.2.{number}" for number in numbers])
        if reaped:
            end_due_shares(door)
    with ctx.database.read() as tx:
        moments = [at for at, _ in site_failures(tx, began - timedelta(seconds=1), most=10_000)]
        by_source = tx.execute(select(code_attempt.c.source, code_attempt.c.at)).all()
    for window in (MINUTE, SITE_WINDOW, HOUR):
        assert most_within(moments, window) <= most_tries(window)
    for source in {row.source for row in by_source}:
        mine = [row.at for row in by_source if row.source == source]
        assert most_within(mine, MINUTE) <= 5
        assert most_within(mine, HOUR) <= 20


def most_within(moments: Sequence[object], window: timedelta) -> int:
    return max((sum(end - window < one <= end for one in moments) for end in moments), default=0)  # type: ignore[operator]


def test_several_gateways_count_as_one(ctx: Context) -> None:
    start = threading.Barrier(6)
    allowed: list[int] = []

    def gateway(number: int) -> None:
        start.wait()
        found = answers(door_of(ctx), [HOME] * 3 + sources(12, start=100 * number))
        allowed.append(found[ALLOW])

    threads = [threading.Thread(target=gateway, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == failures(ctx) == 50
    with ctx.database.read() as tx:
        home = select(func.count()).select_from(code_attempt).where(code_attempt.c.source == HOME)
        assert tx.execute(home).scalar_one() == 5
    assert alarms(ctx) == 1
