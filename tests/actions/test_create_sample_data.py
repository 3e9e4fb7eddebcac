"""Sample data looks like a desk at work, and is nobody."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from agent_desk.actions.context import Context
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.find_customer import find_customer
from agent_desk.actions.list_today import list_today
from agent_desk.actions.load_session import load_session
from agent_desk.actions.open_session import open_session
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.sample_mails import settle_mails
from agent_desk.actions.sample_people import FICTION
from agent_desk.actions.sample_requests import REQUESTS, request_for
from agent_desk.actions.search_journal import search_journal
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.views import JournalFilter, SessionView
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.session import Call, Segment, State
from agent_desk.rules.territories import local
from agent_desk.storage.database import Database
from agent_desk.storage.tables import mail
from agent_desk.storage.upgrade import upgrade
from tests.support.desks import clock, context

COUNT = 45


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    with closing(Database.open(f"sqlite:///{tmp_path_factory.mktemp('sample')}/desk.sqlite3")) as database:
        upgrade(database)
        ctx = context(database)
        assert create_sample_data(ctx, COUNT) == COUNT
        yield ctx


def sessions(ctx: Context) -> list[SessionView]:
    rows = search_journal(ctx, JournalFilter(), limit=500).rows
    return [load_session(ctx, row.id) for row in rows]


def test_the_last_sessions_are_under_way_each_at_another_point(sample: Context) -> None:
    today = list_today(sample)
    assert [row.state for row in today.open] == [State.IN_PROGRESS, State.AGREED, State.FEASIBILITY, State.DRAFT]
    assert [row.state for row in today.parked] == [State.QUALIFIED]
    assert {item.kind for item in today.due} == {"protection", "callback", "withdrawal"}
    assert today.promised is not None
    assert {one.kind for one in today.promised.promises} >= {PromiseKind.FEASIBILITY}
    assert {mail.state for mail in today.stuck} >= {"uncertain", "rejected"}


def test_the_others_have_ended_in_all_ways(sample: Context) -> None:
    states = Counter(view.state for view in sessions(sample))
    assert states[State.CLOSED] > COUNT / 2
    assert states[State.CANCELLED] + states[State.WITHDRAWN] > 0


def test_nobody_could_be_called_or_written_to(sample: Context) -> None:
    for view in sessions(sample):
        customer = view.content.customer
        assert customer.callback_number.startswith(FICTION)
        assert not customer.email or customer.email.endswith("@example.org")
        assert all(mail.state not in ("queued", "sending", "retry") for mail in view.mails)


def test_an_interrupted_sample_leaves_no_mail_to_send(sqlite_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("agent_desk.actions.create_sample_data.settle_mails", dies)
    with pytest.raises(KeyboardInterrupt):
        create_sample_data(sqlite_ctx, 20)
    assert sessions(sqlite_ctx) == []


def test_the_outbox_meets_no_sample_mail_while_they_are_written(
    sqlite_ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsettled = {"queued", "retry", "sending"}
    seen: set[str] = set()

    def looks(ctx: Context, view: SessionView, place: int, at: datetime) -> None:
        with sqlite_ctx.database.read() as tx:
            seen.update(tx.execute(select(mail.c.state)).scalars())
        settle_mails(ctx, view, place, at)

    monkeypatch.setattr("agent_desk.actions.create_sample_data.settle_mails", looks)
    create_sample_data(sqlite_ctx, 12)
    assert seen
    assert not seen & unsettled


def test_every_story_verifies_and_goes_forward_in_time(sample: Context) -> None:
    for view in sessions(sample):
        events = read_timeline(sample, view.id).events
        assert all(event.chain_ok for event in events)
        times = [event.at for event in events]
        assert times == sorted(times)
    assert verify_decisions(sample).mismatches == ()


def test_numbers_follow_time_and_work_keeps_to_its_hours(sample: Context) -> None:
    views = sessions(sample)
    opened = [view.opened_at for view in views]
    assert opened == sorted(opened, reverse=True)
    for view in views:
        if view.started_at:
            assert 8 <= local(view.started_at, view.content.customer.territory).hour < 21


def test_some_callers_come_again(sample: Context) -> None:
    counts = Counter(row.customer_number for row in search_journal(sample, JournalFilter(), limit=500).rows)
    number, times = counts.most_common(1)[0]
    assert times > 1
    known = find_customer(sample, customer_number=number)
    assert known is not None
    assert len(known.sessions) == min(times, 6)


def told(ctx: Context) -> list[tuple[object, ...]]:
    return [(view.number, view.state, view.content, view.opened_at) for view in sessions(ctx)]


def test_the_same_seed_tells_the_same_and_another_does_not(sqlite_ctx: Context, tmp_path: Path) -> None:
    create_sample_data(sqlite_ctx, 6)
    with closing(Database.open(f"sqlite:///{tmp_path / 'second.sqlite3'}")) as database:
        upgrade(database)
        second = context(database)
        create_sample_data(second, 6)
        assert told(second) == told(sqlite_ctx)
        create_sample_data(second, 6, seed=7)
        assert [one[2] for one in told(second)[:6]] != [one[2] for one in told(sqlite_ctx)]


def test_samples_follow_what_is_there_and_leave_it_alone(sqlite_ctx: Context) -> None:
    own = open_session(sqlite_ctx, Call())
    create_sample_data(sqlite_ctx, 2)
    assert load_session(sqlite_ctx, own.id) == own


@pytest.mark.parametrize("hour", [0, 7, 12, 23])
def test_at_any_hour_of_the_day_there_is_work_under_way(sqlite_ctx: Context, hour: int) -> None:
    clock(sqlite_ctx).time = datetime(2026, 7, 14, hour, 10, tzinfo=UTC)
    create_sample_data(sqlite_ctx, 6)
    assert list_today(sqlite_ctx).open[0].state is State.IN_PROGRESS


def test_a_nameless_desk_gets_an_agent(sqlite_ctx: Context) -> None:
    ctx = replace(sqlite_ctx, settings=replace(sqlite_ctx.settings, agent_name=""))
    create_sample_data(ctx, 3)
    assert all(row.agent for row in search_journal(ctx, JournalFilter()).rows)


def test_nothing_is_added_when_nothing_is_asked_for(sqlite_ctx: Context) -> None:
    assert create_sample_data(sqlite_ctx, 0) == 0
    assert create_sample_data(sqlite_ctx, 0, bulk=True) == 0
    assert search_journal(sqlite_ctx, JournalFilter()).rows == ()


def test_in_bulk_they_are_closed_searchable_and_followed_by_real_ones(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent_desk.actions.sample_bulk.CHUNK", 500)
    real = open_session(ctx, Call())
    assert create_sample_data(ctx, 1200, bulk=True) == 1200
    page = search_journal(ctx, JournalFilter(text="imprimante"))
    assert len(page.rows) == 50
    assert {row.state for row in page.rows} == {State.CLOSED}
    newest = search_journal(ctx, JournalFilter(), limit=1).rows[0]
    assert newest.id == real.id + 1200
    assert search_journal(ctx, JournalFilter(text=newest.number)).rows == (newest,)
    view = load_session(ctx, newest.id)
    assert [line.service for line in view.content.lines] == list(newest.services)
    assert open_session(ctx, Call()).id == newest.id + 1


def test_every_service_has_a_request(sample: Context) -> None:
    services = sample.reference.history[-1].services
    assert {one.service for one in REQUESTS} == set(services)
    assert all(one.pro == services[one.service].pro_only for one in REQUESTS)
    assert all(bool(one.equipment) == services[one.service].foreign_equipment for one in REQUESTS)
    assert request_for("help.usage").service == "help.usage"


def test_pro_services_are_asked_for_by_professionals_only(sample: Context) -> None:
    services = sample.reference.history[-1].services
    for view in sessions(sample):
        if any(services[line.service].pro_only for line in view.content.lines):
            assert view.content.customer.segment is Segment.PRO


def test_no_sample_name_carries_a_digit_or_a_sign(sample: Context) -> None:
    for view in sessions(sample):
        assert re.fullmatch(r"[\w' -]+", view.content.customer.surname)
