"""Whatever the machines of a call centre show, everything around a session happens in its server's time."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from agent_desk.actions.attend_session import attend_session
from agent_desk.actions.book_appointment import book_appointment
from agent_desk.actions.book_visit import book_visit
from agent_desk.actions.context import Context
from agent_desk.actions.door import door_of
from agent_desk.actions.escalate_session import Told, escalate_session
from agent_desk.actions.list_destinations import list_destinations
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_colleagues import look_at_colleagues
from agent_desk.actions.look_at_health import look_at_health
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.look_at_slots import look_at_slots
from agent_desk.actions.note_running import note_running
from agent_desk.actions.raise_promises import raise_promises
from agent_desk.actions.set_duties import set_duties
from agent_desk.clock import SystemClock
from agent_desk.rules.appointment import Wish
from agent_desk.rules.duties import Duty
from agent_desk.rules.escalation import default_promise
from agent_desk.rules.handover import Words
from agent_desk.rules.promise import Promise, Urgency, urgency
from agent_desk.rules.session import Step, Territory
from agent_desk.settings import Settings
from agent_desk.storage.events import history
from agent_desk.storage.programs import Running
from agent_desk.wiring.context import open_context
from agent_desk.wiring.health import look
from tests.support.callcentre import ADA, KARIM, NADIA, POST, SAM, CallCentre
from tests.support.desks import DEVICE, NOON, agreed, content, drafted
from tests.support.visits import booked, plan, visited

# What PostgreSQL's own function gives, moved; found before it, as the database's search path says.
SERVER_CLOCK = f"""
    CREATE SCHEMA moved;
    CREATE TABLE moved.by AS SELECT '{NOON.isoformat()}'::timestamptz - clock_timestamp() AS ahead;
    CREATE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER
        AS 'SELECT pg_catalog.clock_timestamp() + ahead FROM moved.by';
    GRANT USAGE ON SCHEMA moved TO PUBLIC
"""
SLOW, FAST = timedelta(hours=-9), timedelta(hours=7)
WITHIN_SERVER = {"promise_kept"}  # by its functions, which look only where they are told: it is real time there
MINUTE = timedelta(minutes=1)
ROUND_TRIP = timedelta(seconds=1)  # a busy machine is slow, not wrong
WORDS = Words("Redémarrage, nouveau câble", "Le voyant reste rouge", "Rappel mercredi")


@dataclass(frozen=True, slots=True)
class Site:
    """A server on which it was noon when the test began, and desks whose machines show something else."""

    centre: CallCentre
    open: Callable[[str, timedelta], Context]

    def now(self) -> datetime:
        """Return what the server's clock shows."""
        with self.centre.owner.read() as tx:
            found: datetime = tx.exec_driver_sql("SELECT moved.clock_timestamp()").scalar_one()
        return found

    def move(self, delta: timedelta) -> None:
        """Let time pass on the server."""
        with self.centre.owner.write() as tx:
            tx.exec_driver_sql(f"UPDATE moved.by SET ahead = ahead + interval '{delta.total_seconds()} seconds'")

    def stamps(self, ctx: Context, session_id: int) -> list[datetime]:
        """Return the moments this program gave the session's events and promises."""
        with ctx.database.read() as tx:
            events = [one.at for one in history(tx, session_id) if one.kind not in WITHIN_SERVER]
        return events + [one.made_at for one in look_at_next(ctx).promises]


@pytest.fixture
def site(staffed: CallCentre, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Give the call centre with a server of its own time."""
    name, owner = staffed.name, staffed.server.connect(staffed.name)

    def open_(login: str, wrong: timedelta) -> Context:
        monkeypatch.setattr(SystemClock, "__init__", lambda self: setattr(self, "wrong", wrong))
        ctx = open_context(Settings(database_url=staffed.url(login), agent_id=login.ljust(8, "0")))
        staffed.opened.enter_context(closing(ctx.database))
        return ctx

    monkeypatch.setattr(SystemClock, "wrong", timedelta(), raising=False)
    monkeypatch.setattr(SystemClock, "now", lambda self: NOON + self.wrong)
    with owner:
        owner.execute(SERVER_CLOCK)
        owner.execute(f"ALTER DATABASE {name} SET search_path = moved, pg_catalog, public".encode())
        yield Site(staffed, open_)
        staffed.opened.close()
        owner.execute(f"ALTER DATABASE {name} RESET search_path".encode())
        owner.execute("DROP SCHEMA moved CASCADE")


def only(ctx: Context) -> Promise:
    (one,) = look_at_next(ctx).promises
    return one


@pytest.mark.parametrize("wrong", [SLOW, FAST])
def test_a_call_back_is_agreed_in_the_servers_time(site: Site, wrong: timedelta) -> None:
    nadia = site.open(NADIA, wrong)
    view = agreed(nadia, content(DEVICE))
    slots = look_at_slots(nadia, view.id)
    assert slots.search.now <= site.now() < slots.search.now + ROUND_TRIP
    assert slots.slots_of()[0].starts_at - NOON < timedelta(hours=1)
    one = book_appointment(nadia, view.id, Wish(NOON + timedelta(hours=2)))
    assert all(NOON - ROUND_TRIP < at <= site.now() + ROUND_TRIP for at in site.stamps(nadia, view.id))
    assert abs(one.accepted_at - site.now()) < ROUND_TRIP
    assert load_session(nadia, view.id).clock_back_minutes == 0


@pytest.mark.parametrize("wrong", [SLOW, FAST])
def test_a_visit_is_booked_in_the_servers_time(site: Site, wrong: timedelta) -> None:
    nadia = site.open(NADIA, wrong)
    view = visited(nadia)
    book_visit(nadia, view.id, plan())
    assert abs(booked(nadia, view.id).booked_at - site.now()) < ROUND_TRIP
    assert all(NOON - ROUND_TRIP < at <= site.now() + ROUND_TRIP for at in site.stamps(nadia, view.id))


@pytest.mark.parametrize("wrong", [SLOW, FAST])
def test_a_case_goes_to_another_level_in_the_servers_time(site: Site, wrong: timedelta) -> None:
    set_duties(site.centre.ctx(ADA), "Sud", [Duty.TERMINALS])
    nadia, karim = site.open(NADIA, wrong), site.open(KARIM, -wrong)
    view = drafted(nadia)
    (level,) = list_destinations(nadia)
    due = default_promise(site.now(), Territory.METROPOLE)
    escalate_session(nadia, view.id, view.version, level, WORDS, Told("Karim Benali", due))
    assert only(karim).due_at == due
    assert all(NOON - ROUND_TRIP < at <= site.now() + ROUND_TRIP for at in site.stamps(karim, view.id))
    assert urgency(only(karim), karim.clock.now()) is Urgency.LATER


def test_a_promise_is_missed_when_the_server_says_so_for_every_desk_and_for_the_mail_worker(site: Site) -> None:
    slow, fast, post = site.open(NADIA, SLOW), site.open(NADIA, FAST), site.open(POST, FAST)
    view = agreed(slow, content(DEVICE))
    book_appointment(slow, view.id, Wish(NOON + timedelta(hours=2)))
    assert raise_promises(post) == 0  # by its own machine it would be long over
    site.move(timedelta(hours=3))
    assert [urgency(only(ctx), look_at_next(ctx).now) for ctx in (slow, fast)] == [Urgency.MISSED, Urgency.MISSED]
    assert (raise_promises(post), raise_promises(post)) == (1, 0)
    missed = only(fast).missed_at
    assert missed is not None
    assert abs(missed - site.now()) < ROUND_TRIP


def test_desks_whose_clocks_differ_see_each_other(site: Site) -> None:
    nadia, sam = site.open(NADIA, SLOW), site.open(SAM, FAST)
    view = drafted(nadia)
    attend_session(nadia, view.id, Step.REQUEST)
    assert [one.name for one in look_at_colleagues(sam, view.id)] == ["Nadia Leroy"]


def test_a_program_that_was_seen_just_now_is_not_taken_for_a_silent_one(site: Site) -> None:
    slow, fast = site.open(POST, SLOW), site.open(POST, FAST)
    note_running(door_of(slow), Running("abcd1234", "mailer", "0"))
    seen = look_at_health(fast).mailer_seen
    assert seen is not None
    assert seen < ROUND_TRIP


def test_a_machine_whose_clock_is_wrong_is_still_told(site: Site) -> None:
    post = site.open(POST, FAST)
    told = look(post)
    assert "clock_wrong" in told.signs
    assert told.vitals.clock_apart is not None
    assert abs(told.vitals.clock_apart - FAST) < MINUTE
    assert "clock_wrong" not in look(site.open(POST, timedelta())).signs


def test_a_server_whose_clock_was_set_is_followed_with_the_next_look(site: Site) -> None:
    nadia = site.open(NADIA, FAST)
    site.move(timedelta(days=2))
    look_at_next(nadia)
    assert abs(nadia.clock.now() - site.now()) < ROUND_TRIP
