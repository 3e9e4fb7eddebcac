"""A session goes to somebody else with all it holds: three fields, events, no share, no code; and nobody else takes it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import insert, select

from agent_desk.actions.attend_session import attend_session
from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.hand_over_session import hand_over_session
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.list_receivers import list_receivers
from agent_desk.actions.list_today import list_today
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_colleagues import look_at_colleagues
from agent_desk.actions.look_at_handover import look_at_handover
from agent_desk.actions.look_at_share import look_at_share
from agent_desk.actions.park_session import park_session
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.resume_session import resume_session
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import SessionView
from agent_desk.rules.handover import FIELD_MAX, Receiver, Words
from agent_desk.rules.people import Role
from agent_desk.rules.share import ShareEnd, ShareState
from agent_desk.storage.acting import Acting, act_as
from agent_desk.storage.database import Database
from agent_desk.storage.tables import person, session, team
from tests.support.callcentre import KARIM, NADIA, CallCentre
from tests.support.desks import NOON, agreed, context, drafted
from tests.support.shares import live

WORDS = Words("Redémarrage, nouveau câble", "Le voyant reste rouge", "Rappel avant 18 h")
TEAMS = {"Nord": ("nadia", "lea"), "Sud": ("karim",)}


@dataclass(frozen=True, slots=True)
class Office:
    """Nadia and Léa of the north, Karim of the south, each at a desk of their own."""

    nadia: Context
    lea: Context
    karim: Context
    own: Context  # sees everything


@pytest.fixture
def sqlite_office(sqlite_url: str) -> Iterator[Office]:
    """Give an office on SQLite, where the program's own checks are all there is."""
    with closing(Database.open(sqlite_url)) as owner:
        with owner.write() as tx:
            for number, (name, logins) in enumerate(TEAMS.items(), 1):
                tx.execute(insert(team).values(id=number, name=name))
                for login in logins:
                    tx.execute(insert(person).values(_person(login, number)))
        desks = {login: Database.open(sqlite_url) for logins in TEAMS.values() for login in logins}
        for login, database in desks.items():
            act_as(database, Acting(login, f"{login:0<8}", login.title(), Role.AGENT, ""))
        contexts = {login: _desk(database, login.title()) for login, database in desks.items()}
        yield Office(**contexts, own=context(owner))
        for database in desks.values():
            database.close()


def _person(login: str, team_id: int) -> dict[str, object]:
    return {
        "login": login,
        "name": login.title(),
        "email": "",
        "role": Role.AGENT,
        "team_id": team_id,
        "mark": f"{login:0<8}",
        "active": True,
        "joined_at": NOON,
    }


def _desk(database: Database, name: str) -> Context:
    made = context(database)
    return replace(made, settings=replace(made.settings, agent_name=name))


@pytest.fixture
def postgresql_office(staffed: CallCentre) -> Office:
    """Give an office on PostgreSQL, where the database itself sees to rights."""
    staffed.add("lea", "Lea", Role.AGENT, "Nord")
    return Office(staffed.ctx(NADIA), staffed.ctx("lea"), staffed.ctx(KARIM), staffed.own)


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest) -> Office:
    """Give an office, once on each engine."""
    made: Office = request.getfixturevalue(f"{request.param}_office")
    return made


def receiver(ctx: Context, name: str) -> Receiver:
    return next(one for one in list_receivers(ctx) if one.name.lower().startswith(name.lower()))


def handed(giver: Context, to: str, view: SessionView | None = None) -> SessionView:
    view = view or drafted(giver)
    return hand_over_session(giver, view.id, view.version, receiver(giver, to), WORDS)


def refused(act: object, *arguments: object) -> str:
    assert callable(act)
    with pytest.raises(Refusal) as refusal:
        act(*arguments)
    return refusal.value.code


def kinds(ctx: Context, view: SessionView) -> list[str]:
    return [event.kind for event in read_timeline(ctx, view.id).events]


def test_one_may_hand_over_to_teams_and_to_agents_but_not_to_oneself(office: Office) -> None:
    found = list_receivers(office.nadia)
    assert [(one.name.split()[0], one.is_team) for one in found] == [
        ("Nord", True),
        ("Sud", True),
        ("Karim", False),
        ("Lea", False),
    ]


def test_on_a_desk_without_accounts_there_is_nobody_and_nothing_to_see(ctx: Context) -> None:
    view = drafted(ctx)
    assert (list_receivers(ctx), look_at_handover(ctx, view.id), list_today(ctx).handed) == ((), None, ())
    gone = Receiver(1, "Nord", 1, is_team=True)
    assert refused(hand_over_session, ctx, view.id, view.version, gone, WORDS) == "handover_nobody"


@pytest.mark.parametrize("to", ["Lea", "Karim"])
def test_whoever_gave_it_away_is_in_it_no_more(office: Office, to: str) -> None:
    view = drafted(office.nadia)
    attend_session(office.nadia, view.id, view.step)
    handed(office.nadia, to, view)
    taker = office.lea if to == "Lea" else office.karim
    taker = replace(taker, settings=replace(taker.settings, agent_id="taker001"))
    resume_session(taker, view.id)
    assert look_at_colleagues(taker, view.id) == ()


@pytest.mark.parametrize("to", ["Lea", "Nord"])
def test_a_colleague_of_the_team_finds_it_at_the_top_of_today_and_takes_it_with_its_three_fields(
    office: Office, to: str
) -> None:
    view = handed(office.nadia, to)
    assert view.parked_at == NOON
    (waiting,) = list_today(office.lea).handed
    assert (waiting.session_id, waiting.customer, waiting.words) == (view.id, "Claire Morvan", WORDS)
    assert waiting.from_name.startswith("Nadia")
    assert list_today(office.lea).parked == ()
    taken = resume_session(office.lea, view.id)
    assert (taken.parked_at, taken.content) == (None, view.content)
    found = look_at_handover(office.lea, view.id)
    assert found is not None
    assert (found.words, found.taken_at) == (WORDS, NOON)
    assert list_today(office.lea).handed == ()
    assert kinds(office.lea, view)[-2:] == ["session_handed_over", "session_taken_over"]


@pytest.mark.parametrize("to", ["Karim", "Sud"])
def test_another_team_gets_the_session_whole_and_it_is_theirs(office: Office, to: str) -> None:
    view = handed(office.nadia, to)
    assert [one.session_id for one in list_today(office.karim).handed] == [view.id]
    assert list_today(office.lea).handed == ()
    taken = resume_session(office.karim, view.id)
    assert (taken.content, taken.parked_at) == (view.content, None)
    with office.own.database.read() as tx:
        of = tx.execute(select(team.c.name).join(session, session.c.team_id == team.c.id)).scalar_one()
    assert of == "Sud"
    told = {event.kind: event.payload for event in read_timeline(office.karim, view.id).events}
    given = told["session_handed_over"]
    assert given is not None
    assert {name: given[name] for name in ("tried", "seen", "promised")} == {
        "tried": WORDS.tried,
        "seen": WORDS.seen,
        "promised": WORDS.promised,
    }
    assert verify_log(office.own).fault is None


def test_it_is_taken_by_nobody_else_and_may_be_taken_back(office: Office) -> None:
    view = handed(office.nadia, "Lea")
    assert refused(resume_session, office.karim, view.id) in {"handed_to_other", "not_found"}
    assert look_at_handover(office.nadia, view.id) is not None
    assert resume_session(office.nadia, view.id).parked_at is None
    assert list_today(office.lea).handed == ()
    assert resume_session(office.lea, view.id).parked_at is None


def test_a_handed_over_session_waits_for_one_only(office: Office) -> None:
    view = handed(office.nadia, "Lea")
    lea, nord = receiver(office.nadia, "Lea"), receiver(office.nadia, "Nord")
    assert refused(hand_over_session, office.nadia, view.id, view.version, nord, WORDS) == "handed_over"
    assert refused(hand_over_session, office.nadia, view.id, view.version - 1, lea, WORDS) == "changed_elsewhere"
    again = resume_session(office.lea, view.id)
    back = hand_over_session(office.lea, again.id, again.version, receiver(office.lea, "Nadia"), Words(seen="À toi"))
    assert [one.words.seen for one in list_today(office.nadia).handed] == ["À toi"]
    assert back.parked_at is not None


def test_the_customers_screen_and_the_code_end_with_it(office: Office) -> None:
    view = agreed(office.nadia)
    visitor = live(replace(office.own, settings=office.nadia.settings), view)
    handed(office.nadia, "Lea", load_session(office.nadia, view.id))
    share = look_at_share(office.lea, view.id)
    assert share is not None
    assert (share.state, share.end_reason) == (ShareState.ENDED, ShareEnd.BY_AGENT)
    assert visitor.view.id == view.id
    resume_session(office.lea, view.id)
    issue_code(office.lea, view.id)
    handed(office.lea, "Nadia", load_session(office.lea, view.id))
    code = load_session(office.nadia, view.id).code
    assert code is not None
    assert code.state == "revoked"


def test_nothing_said_is_refused_and_too_much_is_cut(office: Office) -> None:
    view = drafted(office.nadia)
    lea = receiver(office.nadia, "Lea")
    assert refused(hand_over_session, office.nadia, view.id, view.version, lea, Words(" ", "\n")) == "handover_empty"
    hand_over_session(office.nadia, view.id, view.version, lea, Words("x" * 10_000, "a\nb", "'; DROP TABLE session --"))
    (waiting,) = list_today(office.lea).handed
    assert waiting.words == Words("x" * FIELD_MAX, "a b", "'; DROP TABLE session --")


def test_who_is_not_there_any_more_gets_nothing(office: Office) -> None:
    view = drafted(office.nadia)
    lea = receiver(office.nadia, "Lea")
    with office.own.database.write() as tx:
        tx.execute(person.update().where(person.c.id == lea.id).values(active=False))
    assert refused(hand_over_session, office.nadia, view.id, view.version, lea, WORDS) == "handover_nobody"
    assert load_session(office.nadia, view.id).parked_at is None


def test_a_session_that_ended_on_its_way_is_nobodys_any_more(office: Office) -> None:
    view = handed(office.nadia, "Lea")
    cancel_session(office.nadia, view.id, view.version, "Rappellera")
    assert list_today(office.lea).handed == ()
    ended = drafted(office.nadia)
    cancel_session(office.nadia, ended.id, ended.version, "Rappellera")
    lea = receiver(office.nadia, "Lea")
    assert refused(hand_over_session, office.nadia, ended.id, ended.version, lea, WORDS) == "already_ended"


def test_parking_and_resuming_stay_as_they_were(office: Office) -> None:
    view = drafted(office.nadia)
    park_session(office.nadia, view.id)
    assert [row.id for row in list_today(office.nadia).parked] == [view.id]
    assert resume_session(office.nadia, view.id).parked_at is None
    assert kinds(office.nadia, view)[-2:] == ["session_parked", "session_resumed"]
