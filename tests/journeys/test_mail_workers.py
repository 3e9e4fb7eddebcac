"""Mail workers on one PostgreSQL that die, freeze, lose network and database: no mail is ever taken over twice."""

import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, select

from agent_desk.actions.verify_log import verify_log
from agent_desk.rules.mail import LEASE, MailView
from agent_desk.storage.database import Database
from agent_desk.storage.tables import mail as mails
from tests.support.desks import context
from tests.support.mailers import Site, eventually, site, stopped
from tests.support.mails import mail, queued, told
from tests.support.smtp import MailServer, mail_server, smtp_sink

pytest_plugins = ["tests.support.desks"]


@pytest.fixture
def server() -> Iterator[MailServer]:
    """Give a relay."""
    with mail_server() as made:
        yield made


@pytest.fixture
def place(postgresql_url: str, server: MailServer) -> Iterator[Site]:
    """Give a site whose workers send to that relay."""
    with (
        closing(Database.open(postgresql_url)) as database,
        site(postgresql_url, context(database), server.port) as made,
    ):
        yield made


def _state(place: Site, one: MailView) -> str:
    return mail(place.ctx, one.id).state


def _becomes(place: Site, one: MailView, state: str) -> None:
    eventually(lambda: _state(place, one) == state, f"{state}, not {_state(place, one)}")


def _taken(server: MailServer) -> Counter[str]:
    return Counter(str(came.message["Message-ID"]) for came in server.received)


def _lease(place: Site, one: MailView) -> float:
    with place.ctx.database.read() as tx:
        until = tx.execute(select(mails.c.lease_until).where(mails.c.id == one.id)).scalar_one()
    return float(until.timestamp()) if until is not None else 0.0


def _is_over(place: Site, one: MailView) -> bool:
    return place.ctx.clock.now().timestamp() > _lease(place, one)


def test_two_workers_share_what_waits_and_what_comes(place: Site, server: MailServer) -> None:
    before = [queued(place.ctx) for _ in range(20)]
    workers = [place.worker(), place.worker()]
    after = [queued(place.ctx) for _ in range(10)]
    for one in before + after:
        _becomes(place, one, "accepted")
    assert len(_taken(server)) == 30
    assert set(_taken(server).values()) == {1}
    assert server.connections < 30
    assert [stopped(worker) for worker in workers] == ["stopped\n", "stopped\n"]
    report = verify_log(place.ctx)
    assert (report.fault, report.uncovered) == (None, 0)


def test_workers_hand_mails_to_smtp_sink(postgresql_url: str, tmp_path: Path) -> None:
    with (
        smtp_sink(tmp_path) as port,
        closing(Database.open(postgresql_url)) as database,
        site(postgresql_url, context(database), port) as place,
    ):
        place.worker()
        place.worker()
        sent = [queued(place.ctx) for _ in range(12)]
        for one in sent:
            _becomes(place, one, "accepted")
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("mail.*"))
    assert kept.count(b"\nMessage-ID: ") == 12


def test_a_worker_killed_before_data_is_replaced_once_its_lease_is_over(place: Site, server: MailServer) -> None:
    first, one = _waits_at(place, server, "rcpt")
    first.kill()
    place.worker()
    assert _state(place, one) == "sending"
    _becomes(place, one, "accepted")
    assert (mail(place.ctx, one.id).attempts, set(_taken(server).values())) == (2, {1})


def test_a_worker_killed_after_data_leaves_an_uncertain_mail(place: Site, server: MailServer) -> None:
    first, one = _waits_at(place, server, "end")
    first.kill()
    place.worker()
    _becomes(place, one, "uncertain")
    other = queued(place.ctx)
    _becomes(place, other, "accepted")
    assert (_state(place, one), set(_taken(server).values())) == ("uncertain", {1})


def test_a_relay_that_takes_minutes_keeps_its_lease(place: Site, server: MailServer) -> None:
    _worker, one = _waits_at(place, server, "end")
    place.worker()
    first = _lease(place, one)
    eventually(lambda: _lease(place, one) > first + 3 * LEASE.total_seconds(), "three more leases")
    assert _state(place, one) == "sending"
    other = queued(place.ctx)
    _becomes(place, other, "accepted")  # one slow answer holds up no other mail
    server.release()
    _becomes(place, one, "accepted")
    assert set(_taken(server).values()) == {1}
    assert told(place.ctx, one.session_id) == ["mail_queued", "mail_sending", "mail_accepted"]


def test_a_worker_frozen_before_data_may_not_begin_it_any_more(place: Site, server: MailServer) -> None:
    frozen, one = _waits_at(place, server, "rcpt")
    frozen.send_signal(signal.SIGSTOP)
    place.worker()
    _becomes(place, one, "accepted")
    frozen.send_signal(signal.SIGCONT)
    server.release()
    assert stopped(frozen) == "stopped\n"
    assert (_state(place, one), mail(place.ctx, one.id).attempts) == ("accepted", 2)
    assert set(_taken(server).values()) == {1}


def test_a_worker_frozen_before_data_that_nobody_replaced_does_not_begin_it_either(
    place: Site, server: MailServer
) -> None:
    frozen, one = _waits_at(place, server, "rcpt")
    frozen.send_signal(signal.SIGSTOP)
    eventually(lambda: _is_over(place, one), "the end of the lease")
    frozen.send_signal(signal.SIGCONT)
    server.release()
    _becomes(place, one, "accepted")
    assert (mail(place.ctx, one.id).attempts, set(_taken(server).values())) == (2, {1})


def test_a_worker_frozen_after_data_may_still_tell_that_the_mail_was_accepted(place: Site, server: MailServer) -> None:
    frozen, one = _waits_at(place, server, "end")
    frozen.send_signal(signal.SIGSTOP)
    place.worker()
    _becomes(place, one, "uncertain")
    frozen.send_signal(signal.SIGCONT)
    server.release()
    _becomes(place, one, "accepted")
    assert set(_taken(server).values()) == {1}
    assert told(place.ctx, one.session_id)[-2:] == ["mail_uncertain", "mail_accepted"]


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_a_network_lost_before_the_message_costs_an_attempt_only(place: Site, server: MailServer, stage: str) -> None:
    server.faults[stage] = "reset"
    server.once.add(stage)
    place.worker()
    one = queued(place.ctx)
    _becomes(place, one, "accepted")
    assert (mail(place.ctx, one.id).attempts, set(_taken(server).values())) == (2, {1})


def test_a_network_lost_after_the_message_leaves_it_uncertain(place: Site, server: MailServer) -> None:
    server.faults["end"] = "reset"
    server.once.add("end")
    place.worker()
    one = queued(place.ctx)
    _becomes(place, one, "uncertain")
    other = queued(place.ctx)
    _becomes(place, other, "accepted")
    assert (_state(place, one), set(_taken(server).values())) == ("uncertain", {1})


def test_a_database_that_goes_away_meanwhile_still_learns_what_the_relay_said(place: Site, server: MailServer) -> None:
    _worker, one = _waits_at(place, server, "end")
    _cut_everybody_off(place.url)
    server.release()
    _becomes(place, one, "accepted")
    other = queued(place.ctx)  # notices come through again, or the next look finds it
    _becomes(place, other, "accepted")


def test_a_worker_told_to_stop_finishes_the_mail_in_hand_and_begins_no_other(place: Site, server: MailServer) -> None:
    worker, one = _waits_at(place, server, "end")
    worker.send_signal(signal.SIGTERM)
    first = _lease(place, one)
    eventually(lambda: _lease(place, one) > first, "a heartbeat after the signal")
    other = queued(place.ctx)
    server.release()
    assert stopped(worker) == "stopped\n"
    assert (_state(place, one), _state(place, other)) == ("accepted", "queued")


def _waits_at(place: Site, server: MailServer, stage: str) -> tuple["subprocess.Popen[str]", MailView]:
    """Return a worker and the mail whose answer it waits for, once, at that stage."""
    server.faults[stage] = "hang"
    server.once.add(stage)
    worker = place.worker()
    one = queued(place.ctx)
    eventually(server.hung.is_set, f"the answer at {stage}")
    return worker, one


def _cut_everybody_off(url: str) -> None:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
