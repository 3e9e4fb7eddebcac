"""Sending the outbox to real servers, with workers that race and workers that die."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.send_outbox import send_outbox
from agent_desk.adapters.smtp import RelayAddress, SmtpRelay
from agent_desk.ports import Delivery, Reply
from agent_desk.rules.mail import LEASE
from agent_desk.storage.mails import session_mails
from tests.support.desks import MemorySecrets, clock, finished
from tests.support.mails import NO, SILENCE, ScriptedRelay, mail, queued, told
from tests.support.smtp import LOOPBACK, PATIENCE, MailServer, free_port, mail_server

pytest_plugins = ["tests.support.desks"]


@pytest.fixture(name="server")
def _server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def _relay(port: int) -> SmtpRelay:
    address = RelayAddress(LOOPBACK, port, "none", connect_seconds=PATIENCE, answer_seconds=PATIENCE)
    return SmtpRelay(address, MemorySecrets())


def _killed(database_url: str, server: MailServer) -> None:
    """Run a worker in its own process and kill it once the server has fallen silent."""
    command = [sys.executable, "-m", "tests.support.sender", database_url, str(server.port)]
    with subprocess.Popen(command) as worker:
        assert server.hung.wait(PATIENCE)
        worker.send_signal(signal.SIGKILL)
        assert worker.wait(PATIENCE) == -signal.SIGKILL
    server.faults.clear()
    server.hung.clear()


def test_what_is_due_is_sent_in_its_order_and_counted(ctx: Context, server: MailServer) -> None:
    first, second = queued(ctx), queued(ctx)
    assert send_outbox(ctx, _relay(server.port)) == 2
    assert [mail(ctx, one.id).state for one in (first, second)] == ["accepted", "accepted"]
    assert [came.message["Message-ID"] for came in server.received] == [
        f"<{one.session_number}.confirmation.00112233@assistance.example>" for one in (first, second)
    ]
    assert send_outbox(ctx, _relay(server.port)) == 0


def test_without_a_relay_mails_wait(sqlite_ctx: Context) -> None:
    one = queued(sqlite_ctx)
    assert send_outbox(sqlite_ctx, None) == 0
    assert (mail(sqlite_ctx, one.id).state, told(sqlite_ctx, one.session_id)) == ("queued", ["mail_queued"])


def test_a_relay_that_is_down_is_asked_once_and_mails_keep_their_turn(sqlite_ctx: Context) -> None:
    first, second = queued(sqlite_ctx), queued(sqlite_ctx)
    assert send_outbox(sqlite_ctx, _relay(free_port())) == 0
    assert (mail(sqlite_ctx, first.id).state, mail(sqlite_ctx, first.id).last_reply) == ("retry", "relay_unreachable")
    assert mail(sqlite_ctx, second.id).state == "queued"
    with mail_server() as server:
        clock(sqlite_ctx).move(minutes=1)
        assert send_outbox(sqlite_ctx, _relay(server.port)) == 2


def test_one_refused_mail_does_not_hold_up_the_next(sqlite_ctx: Context) -> None:
    first, second = queued(sqlite_ctx), queued(sqlite_ctx)
    assert send_outbox(sqlite_ctx, ScriptedRelay([NO])) == 1
    assert [mail(sqlite_ctx, one.id).state for one in (first, second)] == ["rejected", "accepted"]


def test_an_uncertain_mail_is_never_sent_again_by_itself(sqlite_ctx: Context) -> None:
    one = queued(sqlite_ctx)
    relay = ScriptedRelay([SILENCE])
    assert send_outbox(sqlite_ctx, relay) == 0
    clock(sqlite_ctx).move(days=30)
    assert send_outbox(sqlite_ctx, relay) == 0
    assert (mail(sqlite_ctx, one.id).state, len(relay.sent)) == ("uncertain", 1)


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_a_mail_refused_for_now_arrives_later_and_once(sqlite_ctx: Context, server: MailServer, stage: str) -> None:
    one = queued(sqlite_ctx)
    server.faults[stage] = "451 4.3.0 later"
    assert send_outbox(sqlite_ctx, _relay(server.port)) == 0
    assert mail(sqlite_ctx, one.id).state == "retry"
    server.faults.clear()
    clock(sqlite_ctx).move(minutes=1)
    assert send_outbox(sqlite_ctx, _relay(server.port)) == 1
    assert len(server.received) == 1


def test_two_workers_send_each_mail_once(ctx: Context, server: MailServer) -> None:
    mails = [queued(ctx) for _ in range(12)]
    with ThreadPoolExecutor(4) as workers:
        sent = list(workers.map(lambda _: send_outbox(ctx, _relay(server.port)), range(4)))
    assert sum(sent) == len(mails)
    arrived = Counter(str(came.message["Message-ID"]) for came in server.received)
    assert set(arrived.values()) == {1}
    assert len(arrived) == len(mails)
    assert {mail(ctx, one.id).state for one in mails} == {"accepted"}


def test_a_worker_killed_after_the_final_dot_leaves_an_uncertain_mail_that_is_not_sent_twice(
    ctx: Context, database_url: str, server: MailServer
) -> None:
    one = queued(ctx)
    server.faults["end"] = "hang"
    _killed(database_url, server)
    assert mail(ctx, one.id).state == "sending"
    clock(ctx).move(seconds=LEASE.total_seconds() + 1)
    assert send_outbox(ctx, _relay(server.port)) == 0
    assert mail(ctx, one.id).state == "uncertain"
    clock(ctx).move(days=1)
    assert send_outbox(ctx, _relay(server.port)) == 0
    assert len(server.received) == 1


def test_a_worker_killed_before_data_costs_only_a_minute(ctx: Context, database_url: str, server: MailServer) -> None:
    one = queued(ctx)
    server.faults["rcpt"] = "hang"
    _killed(database_url, server)
    assert send_outbox(ctx, _relay(server.port)) == 0
    clock(ctx).move(seconds=LEASE.total_seconds() + 1)
    assert send_outbox(ctx, _relay(server.port)) == 1
    assert (mail(ctx, one.id).attempts, len(server.received)) == (2, 1)


def test_a_worker_that_wakes_up_late_can_no_longer_begin(sqlite_ctx: Context, server: MailServer) -> None:
    one = queued(sqlite_ctx)

    class Slow(ScriptedRelay):
        """Another worker takes the mail over while this one is still greeting the relay."""

        def send(self, letter, data_begins) -> Delivery:  # type: ignore[no-untyped-def]  # noqa: ANN001
            clock(sqlite_ctx).move(seconds=LEASE.total_seconds() + 1)
            assert send_outbox(sqlite_ctx, _relay(server.port)) == 1
            return ScriptedRelay.send(self, letter, data_begins)

    slow = Slow([Delivery(Reply.REJECTED, 550, "never said", "relay_refused")])
    assert send_outbox(sqlite_ctx, slow) == 0
    assert (mail(sqlite_ctx, one.id).state, len(server.received)) == ("accepted", 1)
    assert len(slow.answers) == 1


def test_a_closed_session_sends_its_offer_and_its_confirmation(sqlite_ctx: Context, server: MailServer) -> None:
    done = finished(sqlite_ctx)
    closed = close_session(sqlite_ctx, done.id, done.version)
    assert send_outbox(sqlite_ctx, _relay(server.port)) == 2
    offer, confirmation = (came.message for came in server.received)
    assert "Disposition-Notification-To" not in offer
    assert confirmation["Disposition-Notification-To"] == "<assistance@assistance.example>"
    assert [part.get_filename() for part in confirmation.iter_attachments()] == [f"Confirmation {closed.number}.pdf"]
    text = confirmation.get_body(("plain",))
    assert text is not None
    assert "108,00\u00a0€ TTC" in text.get_content()
    with sqlite_ctx.database.read() as tx:
        assert [one.state for one in session_mails(tx, done.id)] == ["accepted", "accepted"]
