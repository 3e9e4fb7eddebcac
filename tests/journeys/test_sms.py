"""A text message through everything real: a desk queues it, a worker hands it to Kannel, and its arrival comes back."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from agent_desk.actions.act_on_mail import act_on_mail
from agent_desk.actions.context import Context
from agent_desk.actions.open_session import open_session
from agent_desk.actions.queue_sms import queue_sms
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.record import take
from agent_desk.actions.verify_log import verify_log
from agent_desk.adapters.kannel import PASSWORD_NAME
from agent_desk.desktop.journal import JournalScreen
from agent_desk.desktop.mail_row import MailRow
from agent_desk.gateway.facts import facts_of
from agent_desk.mailer.lanes import Lanes
from agent_desk.ports import DataBegins, Delivery, Letter
from agent_desk.rules.mail import MailAction, MailChannel
from agent_desk.rules.session import Call
from agent_desk.storage.database import Database
from agent_desk.wiring.console_mailer import KEPT, MOST
from agent_desk.wiring.context import sms_gateway_of
from agent_desk.wiring.gateway import serve
from agent_desk.wiring.mailer import start_mailer
from tests.support.callcentre import NADIA, POST, CallCentre
from tests.support.desks import SetClock
from tests.support.gateways import served
from tests.support.kannel import PASSWORD, USER, Kannel, kannel, keyring
from tests.support.mailers import eventually
from tests.support.mails import ScriptedRelay, mail, queued
from tests.support.smtp import free_port
from tests.support.workstation import wait_until, workstation

pytest_plugins = ["tests.support.desks", "tests.support.callcentre"]


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Kannel]:
    """Give Kannel and its message centre."""
    with kannel(tmp_path / "kannel") as made:
        yield made


@pytest.fixture
def worker(staffed: CallCentre) -> Iterator[Context]:
    """Give the context of a mail worker, signed in as one, with as many connections as `deskctl mailer` has."""
    database = Database.open(staffed.url(POST), connections=MOST, kept=KEPT)
    with closing(database):
        yield replace(staffed.ctx(POST), database=database, secrets=keyring())


def text_of(ctx: Context, total: str) -> int:
    session_id = open_session(ctx, Call(started_at=ctx.clock.now())).id
    with ctx.database.write() as tx:
        return queue_sms(take(ctx, tx, session_id), "confirmation", "06 12 34 56 78", {"total": total})


def becomes(ctx: Context, mail_id: int, state: str) -> None:
    eventually(lambda: mail(ctx, mail_id).state == state, f"{state}, not {mail(ctx, mail_id)}")


def test_an_sms_of_an_agent_arrives_and_the_session_tells_so(
    staffed: CallCentre, worker: Context, gateway: Kannel
) -> None:
    nadia, door = staffed.ctx(NADIA), staffed.gateway()
    page = served(staffed.own).settings
    with closing(serve(door, page, facts_of(page))) as ours:
        settings = replace(
            worker.settings, sms_gateway_url=gateway.url, sms_user=USER, public_url=f"http://127.0.0.1:{ours.port}"
        )
        worker = replace(worker, settings=settings)
        with closing(start_mailer(worker, None, sms_gateway_of(worker))) as running:
            arrives = text_of(nadia, "79,00 €")
            becomes(nadia, arrives, "delivered")
            assert "79,00 €" in gateway.await_text("79,00 €")[2]
            # Whoever carries SMS stops: nothing is lost, a person may decide, and it goes on by itself.
            gateway.kill("smsbox")
            waits = text_of(nadia, "0,00 €")
            becomes(nadia, waits, "retry")
            gateway.start_smsbox()
            act_on_mail(nadia, waits, MailAction.RESEND)
            eventually(lambda: _looked(running.lanes) and mail(nadia, waits).state == "delivered", "the other one")
    assert len([text for _, _, text in gateway.arrived() if "0,00 €" in text]) == 1
    story = [event.kind for event in read_timeline(nadia, mail(nadia, arrives).session_id).events]
    assert story == ["session_opened", "mail_queued", "mail_sending", "mail_accepted", "mail_delivered"]
    assert verify_log(staffed.own).fault is None


def _looked(lanes: tuple[Lanes, ...]) -> bool:
    for one in lanes:
        one._rest_until = 0.0  # as if the half minute were over
        one.look()
    return True


def test_a_slow_sms_gateway_holds_up_no_mail(staffed: CallCentre, worker: Context) -> None:
    released, taken = Event(), Event()

    class Slow(ScriptedRelay):
        channel = MailChannel.SMS

        def send(self, letter: Letter, data_begins: DataBegins) -> Delivery:
            taken.set()
            released.wait(20)
            return ScriptedRelay.send(self, letter, data_begins)

    own = staffed.own
    texts = [text_of(own, f"{number},00 €") for number in range(3)]
    with closing(start_mailer(worker, ScriptedRelay(), Slow())):
        assert taken.wait(20)
        becomes(own, queued(own).id, "accepted")
        assert {mail(own, one).state for one in texts} <= {"sending", "queued"}
        released.set()
        for one in texts:
            becomes(own, one, "accepted")


def test_a_desk_alone_sends_sms_as_it_sends_mails_and_its_journal_tells_that_one_arrived(
    qapp: QApplication, tmp_path: Path, gateway: Kannel
) -> None:
    here = f"127.0.0.1:{free_port()}"
    with workstation(
        qapp,
        tmp_path / "desk",
        SetClock(),
        sms_gateway_url=gateway.url,
        sms_user=USER,
        gateway_listen=here,
        public_url=f"http://{here}",
    ) as desk:
        program = desk.program
        desk.work(lambda ctx: ctx.secrets.set(PASSWORD_NAME, PASSWORD))
        sms_id = desk.work(lambda ctx: text_of(ctx, "79,00 €"))

        def sends_until(state: str) -> None:
            def reached() -> bool:
                program.sending.wake()
                return desk.work(lambda ctx: mail(ctx, sms_id)).state == state

            wait_until(reached, state)

        sends_until("delivered")
        assert "79,00 €" in gateway.await_text("79,00 €")[2]
        program.window.go("journal")
        journal = program.window.current
        assert isinstance(journal, JournalScreen)
        rows = journal.story.findChildren
        wait_until(lambda: [row.mail.state for row in rows(MailRow)] == ["delivered"], "the SMS in the journal")
        told = [one.text() for one in rows(QLabel)]
        assert "SMS arrivé sur le téléphone du client" in told
        assert "Le SMS est arrivé sur le téléphone du client." in told
