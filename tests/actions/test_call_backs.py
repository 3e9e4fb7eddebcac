"""A customer put aside is to be called back within 72 hours (3.2): due in Today, counted once it is done."""

from datetime import date, timedelta

import psycopg
import pytest

from agent_desk.actions.context import Context
from agent_desk.actions.hand_over_session import hand_over_session
from agent_desk.actions.list_receivers import list_receivers
from agent_desk.actions.list_today import list_today
from agent_desk.actions.load_session import load_session
from agent_desk.actions.park_session import park_session
from agent_desk.actions.report import report
from agent_desk.actions.resume_session import resume_session
from agent_desk.rules.handover import Words
from tests.support.callcentre import KARIM, NADIA, SAM, YVES, CallCentre
from tests.support.desks import NOON, agreed, clock, content, drafted

MONDAY = date(2026, 11, 23)


def called_back(ctx: Context, session_id: int, **after: float) -> None:
    park_session(ctx, session_id)
    clock(ctx).move(**after)
    resume_session(ctx, session_id)


def test_a_session_put_aside_is_due_within_72_hours_and_no_more_once_it_is_taken_up(ctx: Context) -> None:
    view = drafted(ctx)
    assert [item for item in list_today(ctx).due if item.kind == "callback"] == []
    park_session(ctx, view.id)
    (due,) = [item for item in list_today(ctx).due if item.kind == "callback"]
    assert (due.session_id, due.at) == (view.id, NOON + timedelta(hours=72))
    resume_session(ctx, view.id)
    assert [item for item in list_today(ctx).due if item.kind == "callback"] == []


def test_the_report_tells_the_median_and_how_many_were_in_time(ctx: Context) -> None:
    first, second = drafted(ctx), agreed(ctx, content(customer=YVES))
    called_back(ctx, first.id, minutes=10)
    called_back(ctx, second.id, minutes=30)
    called_back(ctx, first.id, hours=80)  # until Thursday evening
    last = MONDAY + timedelta(days=3)
    found = report(ctx, MONDAY, last)
    assert sum(found.figures.call_backs.values()) == 3
    assert (found.figures.call_backs_kept, found.figures.call_back_permille) == (2, 667)
    assert found.figures.call_back_seconds == pytest.approx(1800, rel=0.03)
    days = {one.key: sum(one.figures.call_backs.values()) for one in found.days}
    assert days == {MONDAY.isoformat(): 2, last.isoformat(): 1}
    services = {one.key: sum(one.figures.call_backs.values()) for one in found.services}
    assert services == {"livebox.connect-device": 1, "security.virus-removal": 1}  # what was agreed
    assert report(ctx, MONDAY, MONDAY).figures.call_backs_kept == 2


def test_sundays_and_holidays_do_not_count_against_the_promise(ctx: Context) -> None:
    view = drafted(ctx)
    clock(ctx).move(days=4)  # Friday noon
    called_back(ctx, view.id, hours=90)
    assert report(ctx, MONDAY, MONDAY + timedelta(days=9)).figures.call_back_permille == 1000


def test_opening_what_was_not_put_aside_is_no_call_back(ctx: Context) -> None:
    view = drafted(ctx)
    resume_session(ctx, view.id)
    assert report(ctx, MONDAY, MONDAY).figures.call_backs == {}


def test_it_counts_for_the_team_that_called_back(staffed: CallCentre) -> None:
    nadia, karim = staffed.ctx(NADIA), staffed.ctx(KARIM)
    view = drafted(nadia)
    to = next(one for one in list_receivers(nadia) if one.name == "Karim Benali")
    hand_over_session(nadia, view.id, load_session(nadia, view.id).version, to, Words("a", "b", "c"))
    clock(karim).move(minutes=20)
    resume_session(karim, view.id)
    teams = {one.key: sum(one.figures.call_backs.values()) for one in report(staffed.ctx(SAM), MONDAY, MONDAY).teams}
    assert teams["Sud"] == 1


def test_with_sql_alone_nobody_tells_of_another_teams_call_backs(staffed: CallCentre) -> None:
    view = drafted(staffed.ctx(NADIA))
    for login in (KARIM, SAM):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            staffed.connect(login).execute(
                b"INSERT INTO call_back (session_id, promised_at, limit_at, called_at) VALUES (%d, 1, 1, 1)" % view.id
            )
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        staffed.connect(NADIA).execute(b"DELETE FROM call_back")
