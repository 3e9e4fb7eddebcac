"""An agent asks for help, a supervisor comes: one row while it lasts, and events that stay; on a server by right."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from agent_desk.actions.add_people import NewPerson, add_people
from agent_desk.actions.answer_help import answer_help
from agent_desk.actions.ask_help import ask_help
from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.hand_over_session import hand_over_session
from agent_desk.actions.list_receivers import list_receivers
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_help import look_at_help
from agent_desk.actions.look_at_waiting import look_at_waiting
from agent_desk.actions.park_session import park_session
from agent_desk.actions.report import report
from agent_desk.actions.report_access import report_access
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import SessionView, Waiting
from agent_desk.rules.handover import Words
from agent_desk.rules.people import Role
from agent_desk.rules.report import day_of
from agent_desk.storage.accounts import find_account
from agent_desk.storage.acting import act_as
from agent_desk.storage.events import history
from agent_desk.wiring.context import in_the_name_of
from tests.support.callcentre import ADA, KARIM, NADIA, OLGA, SAM, YVES, CallCentre
from tests.support.desks import NOON, agreed, clock, content, drafted, finished

End = Callable[[Context, SessionView], object]


def told(ctx: Context, session_id: int) -> list[tuple[str, str]]:
    """Return the events about help, each with what it says."""
    with ctx.database.read() as tx:
        events = [event for event in history(tx, session_id) if event.kind.startswith("help_")]
    return [(event.kind, next(iter((event.payload or {}).values()), "")) for event in events]


@pytest.fixture
def desk(sqlite_ctx: Context) -> Context:
    """A desk at which an agent signed in."""
    add_people(sqlite_ctx, [NewPerson("nadia", "Nadia Leroy", "agent", "Nord"), NewPerson("sam", "Sam", "supervisor")])
    with sqlite_ctx.database.read() as tx:
        found = find_account(tx, "nadia")
    assert found is not None
    return in_the_name_of(sqlite_ctx, found.who)


def test_who_asks_is_seen_with_since_when_and_for_what(desk: Context) -> None:
    mine, other = drafted(desk), drafted(desk, content(customer=YVES))
    ask_help(desk, mine.id)
    clock(desk).move(minutes=2)
    ask_help(desk, other.id, "  la box\n ne répond plus " + "x" * 100)
    ask_help(desk, mine.id, "refuse le prix")
    found = look_at_help(desk)
    assert [(one.session_id, one.name, one.asked_at) for one in found] == [
        (mine.id, "Nadia Leroy", NOON),
        (other.id, "Nadia Leroy", NOON + timedelta(minutes=2)),
    ]
    assert found[0].reason == "refuse le prix"
    assert found[1].reason.startswith("la box ne répond plus xx")
    assert len(found[1].reason) == 80
    assert told(desk, mine.id) == [("help_asked", ""), ("help_asked", "refuse le prix")]
    assert look_at_help(desk, other.id) == found[1:]


def test_what_is_asked_twice_or_taken_back_twice_is_told_once(desk: Context) -> None:
    mine = drafted(desk)
    for _ in range(2):
        ask_help(desk, mine.id)
    for _ in range(2):
        assert ask_help(desk, mine.id, None) is None
    assert [kind for kind, _ in told(desk, mine.id)] == ["help_asked", "help_withdrawn"]
    assert look_at_help(desk) == ()


def test_where_nobody_signed_in_there_is_nobody_to_ask(sqlite_ctx: Context) -> None:
    with pytest.raises(Refusal, match="help_nobody"):
        ask_help(sqlite_ctx, drafted(sqlite_ctx).id)


def _close(ctx: Context, view: SessionView) -> object:
    return close_session(ctx, view.id, view.version, view.revision)


def _cancel(ctx: Context, view: SessionView) -> object:
    return cancel_session(ctx, view.id, view.version, "non")


def _park(ctx: Context, view: SessionView) -> object:
    return park_session(ctx, view.id)


def _hand_over(ctx: Context, view: SessionView) -> object:
    return hand_over_session(ctx, view.id, view.version, list_receivers(ctx)[0], Words("a", "b", "c"))


@pytest.mark.parametrize("end", [_close, _cancel, _park, _hand_over])
def test_a_session_that_rests_or_ends_asks_for_no_help(desk: Context, end: End) -> None:
    view = finished(desk) if end is _close else agreed(desk)
    ask_help(desk, view.id)
    end(desk, load_session(desk, view.id))
    assert look_at_help(desk) == ()


def test_who_asks_stands_first_in_pilotage_until_somebody_is_coming(desk: Context) -> None:
    views = [drafted(desk) for _ in range(3)]
    clock(desk).move(minutes=1)
    ask_help(desk, views[2].id)
    clock(desk).move(minutes=1)
    ask_help(desk, views[1].id)
    boss = replace(desk, settings=replace(desk.settings, agent_name="Sam"))
    act_as(desk.database, None)

    def order() -> list[int]:
        today = day_of(clock(desk).now())
        return [one.session_id for one in report(boss, today, today).now]

    assert order() == [views[2].id, views[1].id, views[0].id]
    assert answer_help(boss, views[2].id)
    assert order() == [views[1].id, views[2].id, views[0].id]


def test_of_two_supervisors_one_goes(staffed: CallCentre) -> None:
    nadia, sam = staffed.ctx(NADIA), staffed.ctx(SAM)
    staffed.add("ines", "Inès Roy", Role.SUPERVISOR)
    mine = drafted(nadia)
    ask_help(nadia, mine.id, "le client crie")
    assert [(one.name, one.reason) for one in look_at_help(sam)] == [("Nadia Leroy", "le client crie")]
    assert answer_help(sam, mine.id)
    assert not answer_help(staffed.ctx("ines"), mine.id)
    assert look_at_help(nadia, mine.id)[0].coming == "Sam Petit"
    assert told(nadia, mine.id)[-1] == ("help_answered", "Sam Petit")
    ask_help(nadia, mine.id, None)
    assert not answer_help(sam, mine.id)
    assert verify_log(staffed.own).fault is None


def test_agents_see_whom_their_own_team_asks_and_answer_nobody(staffed: CallCentre) -> None:
    nadia, karim = staffed.ctx(NADIA), staffed.ctx(KARIM)
    mine = drafted(nadia)
    ask_help(nadia, mine.id)
    assert look_at_help(karim) == ()
    with pytest.raises(Refusal, match="no_rights"):
        answer_help(nadia, mine.id)


def test_on_a_server_administrators_see_no_figures(staffed: CallCentre) -> None:
    assert [report_access(staffed.ctx(login)) for login in (NADIA, SAM, ADA, OLGA)] == [False, True, False, True]


@pytest.mark.parametrize(
    ("login", "statement"),
    [
        (
            KARIM,
            "INSERT INTO help_call (session_id, asked_at, mark, name, reason) VALUES ({id}, 1, '00000001', 'Karim', '')",
        ),
        (NADIA, "UPDATE help_call SET coming = 'Sam Petit'"),
        (NADIA, "UPDATE help_call SET name = 'Karim Benali'"),
        (NADIA, "SELECT desk_answer_help({id})"),
        (KARIM, "SELECT desk_answer_help({id})"),
        (OLGA, "SELECT desk_answer_help({id})"),
        (OLGA, "DELETE FROM help_call"),
        (SAM, "DELETE FROM help_call"),
        (SAM, "UPDATE help_call SET reason = ''"),
        (ADA, "SELECT * FROM help_call"),
        (NADIA, "SELECT desk_tell_refused('1000000', now()::text)"),
    ],
)
def test_with_sql_alone_nobody_asks_or_answers_for_somebody_else(
    staffed: CallCentre, login: str, statement: str
) -> None:
    nadia = staffed.ctx(NADIA)
    mine = drafted(nadia)
    ask_help(nadia, mine.id)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        staffed.connect(login).execute(statement.format(id=mine.id).encode())
    assert look_at_help(nadia)[0].coming == ""


def test_another_teams_call_for_help_cannot_be_taken_back(staffed: CallCentre) -> None:
    nadia = staffed.ctx(NADIA)
    ask_help(nadia, drafted(nadia).id)
    assert staffed.connect(KARIM).execute("DELETE FROM help_call").rowcount == 0
    assert len(look_at_help(nadia)) == 1


def test_what_was_handed_over_is_found_by_a_look_of_its_own(staffed: CallCentre) -> None:
    nadia, karim = staffed.ctx(NADIA), staffed.ctx(KARIM)
    mine = agreed(nadia)
    to = next(one for one in list_receivers(nadia) if one.name == "Karim Benali")
    assert look_at_waiting(karim).handed == ()
    hand_over_session(nadia, mine.id, mine.version, to, Words("a", "b", "c"))
    assert [one.session_id for one in look_at_waiting(karim).handed] == [mine.id]
    assert look_at_waiting(staffed.own) == Waiting()
