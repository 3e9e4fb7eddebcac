"""A mail worker signs in as itself: it can do all of its work, and is refused whatever else it tries."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from agent_desk.actions.book_appointment import book_appointment
from agent_desk.actions.book_visit import book_visit
from agent_desk.actions.check_decisions import check_decisions
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.door import door_of
from agent_desk.actions.end_leases import end_leases
from agent_desk.actions.end_what_is_due import end_what_is_due
from agent_desk.actions.in_hand import InHand
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.look_at_health import look_at_health
from agent_desk.actions.make_checkpoint import make_checkpoint
from agent_desk.actions.note_running import note_running
from agent_desk.actions.renew_leases import renew_leases
from agent_desk.actions.send_next import send_next
from agent_desk.actions.send_outbox import send_outbox
from agent_desk.actions.verify_log import verify_log
from agent_desk.ports import DataBegins, Delivery, Letter
from agent_desk.rules.appointment import Wish
from agent_desk.storage.programs import Running
from agent_desk.storage.schema import needs_upgrade
from tests.support import shares
from tests.support.callcentre import NADIA, POST, CallCentre
from tests.support.desks import DEVICE, NOON, agreed, clock, content, finished
from tests.support.mails import ScriptedRelay
from tests.support.visits import plan, visited

pytest_plugins = ["tests.support.desks", "tests.support.callcentre"]


@pytest.fixture
def worker(staffed: CallCentre) -> Context:
    """Give the context of a mail worker, signed in as one, and by the clock of the agent's desk."""
    return staffed.ctx(POST)


@pytest.fixture
def agent(staffed: CallCentre, worker: Context) -> Context:
    """Give the context of an agent who has closed a session."""
    made = replace(staffed.ctx(NADIA), clock=worker.clock)
    done = finished(made)
    close_session(made, done.id, done.version)
    return made


def test_it_sends_and_keeps_its_mails_while_the_relay_takes_its_time(agent: Context, worker: Context) -> None:
    in_hand, lost = InHand(), []

    class Slow(ScriptedRelay):
        def send(self, letter: Letter, data_begins: DataBegins) -> Delivery:
            delivery = ScriptedRelay.send(self, letter, data_begins)
            lost.append(renew_leases(worker, in_hand))
            return delivery

    assert send_next(worker, Slow(), in_hand) is not None
    assert (lost, send_outbox(worker, ScriptedRelay())) == ([0], 1)
    assert end_leases(worker) == 0


def test_it_sees_to_codes_checkpoints_checks_and_signs_of_life(agent: Context, worker: Context) -> None:
    assert not needs_upgrade(worker.database, "99.0.0")
    issue_code(agent, agreed(agent).id)
    clock(worker).move(minutes=11)
    assert end_what_is_due(worker) == 1
    found = check_decisions(worker)
    assert found is not None
    assert (found.decisions, found.mismatches) == (1, ())
    note_running(door_of(worker), Running("00aa11bb", "mailer", "0.2.0"))
    assert make_checkpoint(worker)


def test_it_raises_the_alarm_of_a_decision_that_differs(staffed: CallCentre, agent: Context, worker: Context) -> None:
    with staffed.owner.write() as tx:
        tx.exec_driver_sql("UPDATE decision SET total_cents = total_cents + 1")
    found = check_decisions(worker)
    assert found is not None
    assert len(found.mismatches) == 1
    assert verify_log(staffed.own).fault is None


def test_it_knows_how_its_site_is(agent: Context, worker: Context) -> None:
    note_running(door_of(worker), Running("00aa11bb", "mailer", "0.2.0"))
    found = look_at_health(worker)
    assert found.mails == {"queued": 2}
    assert found.mailer_seen is not None
    assert found.uncovered > 0


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT customer FROM session",
        "UPDATE decision SET total_cents = 0",
        "UPDATE mail SET recipient = 'me@example.org'",
        "DELETE FROM mail",
        "INSERT INTO billing_batch DEFAULT VALUES",
        "UPDATE decision_check SET wrong = 0",
    ],
)
def test_it_may_do_nothing_else(staffed: CallCentre, agent: Context, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        staffed.connect(POST).execute(statement.encode())


def test_it_sees_nothing_of_a_session_nobody_withdrew_from(
    staffed: CallCentre, agent: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = replace(staffed.gateway(), clock=agent.clock)
    monkeypatch.setattr(shares, "door_of", lambda _ctx: door)
    book_visit(agent, visited(agent).id, plan())
    book_appointment(agent, agreed(agent, content(DEVICE)).id, Wish(NOON + timedelta(hours=22)))
    shares.live(agent)
    for table in ("draft", "session_line", "consent", "code", "share", "appointment", "visit"):
        with staffed.owner.read() as tx:
            there = tx.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
        seen = staffed.connect(POST).execute(f"SELECT * FROM {table}".encode()).fetchall()
        assert (there > 0, seen) == (True, []), table
