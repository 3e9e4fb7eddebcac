"""A customer withdraws while no desk is open: mail workers alone, as programs of their own, end the session and write."""

import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest

from agent_desk.actions.acknowledge_withdrawals import acknowledge_withdrawals
from agent_desk.actions.context import Context
from agent_desk.actions.declare_withdrawal import declare_withdrawal
from agent_desk.actions.door import Door
from agent_desk.actions.load_session import load_session
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import SessionView
from agent_desk.clock import SystemClock
from agent_desk.rules.session import State
from agent_desk.rules.withdrawal import WithdrawalAnswer
from tests.support.callcentre import NADIA, POST, CallCentre
from tests.support.deskctl import deskctl
from tests.support.desks import agreed, content
from tests.support.links import PAGE, reachable
from tests.support.mailers import eventually, running
from tests.support.sites import home
from tests.support.smtp import LOOPBACK, MailServer, mail_server
from tests.support.withdrawals import PATH, mails

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND wait_event_type = 'Lock'"
AT_WORK = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND state <> 'idle'"

pytest_plugins = ["tests.support.desks", "tests.support.callcentre"]


@dataclass(slots=True)
class Site:
    """A call centre whose mails leave by `deskctl mailer`, and the folder its workers share."""

    centre: CallCentre
    nadia: Context
    door: Door
    server: MailServer
    folder: Path

    @property
    def credential(self) -> str:
        return str(self.folder / "mailer.json")

    def workers(self, count: int) -> ExitStack:
        """Run that many until the block ends."""
        stack = ExitStack()
        for _ in range(count):
            stack.enter_context(running(self.folder, "--credential", self.credential))
        return stack

    def offered(self, view: SessionView) -> str:
        """Return the token of the link in the session's offer, sent by a worker that ends then."""
        with self.workers(1):
            eventually(lambda: self.letters(view), "the offer")
        (token,) = set(re.findall(PATH + r"\?lang=fr&t=([\w-]+)", body(self.letters(view)[-1])))
        return str(token)

    def letters(self, view: SessionView) -> list[EmailMessage]:
        """Return what the customer has got about this session, in order."""
        return [one.message for one in self.server.received if view.number in str(one.message["Subject"])]


def body(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def place(staffed: CallCentre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Give a call centre, by the real clock, with nobody's desk open."""
    with mail_server() as server:
        relay = {
            "relay_state": "configured",
            "relay_host": LOOPBACK,
            "relay_port": server.port,
            "relay_security": "none",
        }
        folder = home(tmp_path / "mailer", staffed.url(POST), public_url=PAGE, **relay)
        monkeypatch.setenv("AGENT_DESK_HOME", str(folder))
        nadia = reachable(replace(staffed.ctx(NADIA), clock=SystemClock()))
        made = Site(staffed, nadia, replace(staffed.gateway(), clock=SystemClock()), server, folder)
        deskctl("mailer", "--make-credential", "--credential", made.credential)
        yield made


def test_two_workers_end_the_session_decide_and_write_once(place: Site) -> None:
    view = agreed(place.nadia, content())
    token = place.offered(view)
    assert declare_withdrawal(place.door, token).answer is WithdrawalAnswer.ACCEPTED
    with place.workers(2):
        eventually(lambda: len(place.letters(view)) == 3, "the receipt and the answer")
        after = load_session(place.nadia, view.id)
    assert after.decision is not None
    assert (after.state, after.decision.total_cents) == (State.WITHDRAWN, 0)
    assert mails(place.nadia, view.id) == ["withdrawal_receipt", "withdrawal"]
    subjects = sorted(str(one["Subject"]) for one in place.letters(view)[1:])
    assert [one.split(" (")[0].split(" du ")[0] for one in subjects] == [
        "Votre rétractation",
        "Votre rétractation est bien reçue",
    ]
    told = [one.kind for one in read_timeline(place.nadia, view.id).events]
    assert [told.count(kind) for kind in ("withdrawal_declared", "decision_made", "session_withdrawn")] == [1, 1, 1]
    assert verify_log(place.centre.own).fault is None
    assert verify_decisions(place.centre.own).mismatches == ()
    log = (place.folder / "logs" / "mailer.log").read_text(encoding="utf-8")
    assert "Error" not in log


def test_a_worker_killed_in_the_middle_leaves_it_to_the_next_one(place: Site) -> None:
    view = agreed(place.nadia, content())
    declare_withdrawal(place.door, place.offered(view))
    acknowledge_withdrawals(reachable(place.centre.ctx(POST)))
    before = (load_session(place.nadia, view.id), read_timeline(place.nadia, view.id).events)
    # At the head of the session's log, where the worker arrives after it has written most of it, somebody else is.
    where = f"host={place.centre.server.folder} user={place.centre.server.user} dbname={place.centre.name}"
    with psycopg.connect(where) as holder, psycopg.connect(where, autocommit=True) as looker:
        holder.execute("SELECT 1 FROM chain WHERE chain = %s FOR UPDATE", (view.id,))
        with running(place.folder, "--credential", place.credential) as worker:
            eventually(lambda: looker.execute(WAITING, (POST,)).fetchone() != (0,), "the worker to wait")
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        holder.rollback()
        eventually(lambda: looker.execute(AT_WORK, (POST,)).fetchone() == (0,), "its transaction to end")
    assert (load_session(place.nadia, view.id), read_timeline(place.nadia, view.id).events) == before
    with place.workers(2):
        eventually(lambda: len(place.letters(view)) == 3, "the receipt and the answer")
    assert load_session(place.nadia, view.id).state is State.WITHDRAWN
    assert mails(place.nadia, view.id) == ["withdrawal_receipt", "withdrawal"]
    assert verify_log(place.centre.own).fault is None
