"""Once a night everything is decided again, by one worker, and a mismatch is an alarm."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from agent_desk.actions import check_decisions as checking
from agent_desk.actions.check_decisions import check_decisions
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.list_today import list_today
from agent_desk.actions.verify_decisions import DecisionReport
from agent_desk.actions.verify_log import verify_log
from agent_desk.rules.night import night_check_is_due
from agent_desk.storage.events import SITE_CHAIN, Recorded, history
from tests.support.desks import clock, finished

pytest_plugins = ["tests.support.desks"]


def _alarms(ctx: Context) -> list[Recorded]:
    with ctx.database.read() as tx:
        return [event for event in history(tx, SITE_CHAIN) if event.kind == "decisions_differ"]


def _closed(ctx: Context) -> str:
    done = finished(ctx)
    return close_session(ctx, done.id, done.version).number


def _forge(ctx: Context) -> None:
    with ctx.database.write() as tx:
        tx.execute(text("UPDATE decision SET total_cents = total_cents + 1"))


def test_what_comes_out_the_same_is_no_alarm(ctx: Context) -> None:
    _closed(ctx)
    assert check_decisions(ctx) == DecisionReport(1, ())
    assert (_alarms(ctx), list_today(ctx).decisions_wrong) == ([], 0)


def test_a_mismatch_is_an_event_of_the_site_and_a_line_in_today_until_it_is_settled(ctx: Context) -> None:
    number = _closed(ctx)
    _forge(ctx)
    assert check_decisions(ctx) is not None
    (alarm,) = _alarms(ctx)
    assert alarm.payload == {"decisions": 1, "wrong": 1, "sessions": [number]}
    assert list_today(ctx).decisions_wrong == 1
    assert verify_log(ctx).fault is None
    with ctx.database.write() as tx:
        tx.execute(text("UPDATE decision SET total_cents = total_cents - 1"))
    clock(ctx).move(days=1)
    assert check_decisions(ctx) == DecisionReport(1, ())
    assert (len(_alarms(ctx)), list_today(ctx).decisions_wrong) == (1, 0)


def test_a_night_is_checked_once(ctx: Context) -> None:
    _closed(ctx)
    assert check_decisions(ctx) is not None
    assert check_decisions(ctx) is None
    clock(ctx).move(hours=13)  # to one in the morning, and then past two
    assert check_decisions(ctx) is None
    clock(ctx).move(hours=1, minutes=1)
    assert check_decisions(ctx) is not None


def test_of_two_workers_one_checks(postgresql_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    others: list[DecisionReport | None] = []

    def meanwhile(one: Context) -> DecisionReport:
        with ThreadPoolExecutor(1) as second:
            others.append(second.submit(check_decisions, one).result())
        return DecisionReport(0, ())

    monkeypatch.setattr(checking, "verify_decisions", meanwhile)
    assert check_decisions(postgresql_ctx) == DecisionReport(0, ())
    assert others == [None]


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, "2026-11-24T12:00", True),
        ("2026-11-24T00:59", "2026-11-24T01:00", True),  # two o'clock in Paris, in winter
        ("2026-11-24T01:00", "2026-11-24T23:00", False),
        ("2026-11-24T01:00", "2026-11-25T00:59", False),
        ("2026-11-24T01:00", "2026-11-25T01:00", True),
        ("2026-11-20T01:05", "2026-11-24T12:00", True),  # nobody was there for some nights
        ("2026-07-01T00:00", "2026-07-01T23:59", False),  # in summer it is two already
        ("2026-06-30T23:59", "2026-07-01T00:00", True),
    ],
)
def test_the_check_is_due_once_two_o_clock_has_come(last: str | None, now: str, due: bool) -> None:
    def at(text_: str) -> datetime:
        return datetime.fromisoformat(text_).replace(tzinfo=UTC)

    assert night_check_is_due(at(last) if last else None, at(now)) is due
