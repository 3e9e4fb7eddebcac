"""What an SMS gateway reports, on both engines: only genuine reports move an SMS, only forward, and each once."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from agent_desk.actions.act_on_mail import act_on_mail
from agent_desk.actions.context import Context
from agent_desk.actions.note_sms_reports import note_sms_reports
from agent_desk.actions.open_session import open_session
from agent_desk.actions.queue_sms import queue_sms
from agent_desk.actions.record import take
from agent_desk.ports import Delivery, Reply
from agent_desk.rules.mail import MailAction, MailChannel, MailView
from agent_desk.rules.session import Call
from agent_desk.rules.sms import report_mac
from agent_desk.storage.outbox import Claim, claim, settle
from agent_desk.storage.site_tables import sms_report
from agent_desk.storage.sms_reports import make_sms_key
from tests.support.gateways import Answer, Browser, gateway
from tests.support.mails import ACCEPTED, mail, told

pytest_plugins = ["tests.support.desks"]

UNCERTAIN = Delivery(Reply.UNCERTAIN, cause="sms_no_answer")
NONCE = "00112233aabbccdd"


@dataclass(slots=True)
class Sent:
    """An SMS in the gateway's hands, and the page its reports come to."""

    ctx: Context
    claim: Claim
    browser: Browser

    @property
    def now(self) -> MailView:
        return mail(self.ctx, self.claim.mail_id)

    def settle(self, delivery: Delivery) -> None:
        with self.ctx.database.write() as tx:
            assert settle(tx, self.claim, delivery, self.ctx.clock.now())

    def report(self, kind: int, nonce: str = NONCE, mac: str = "", envid: str = "") -> Answer:
        with self.ctx.database.write() as tx:
            key = make_sms_key(tx)
        envid = envid or self.claim.letter.envid
        mac = mac or report_mac(key, envid, nonce)
        return self.browser.get(f"/sms?sms={envid}&nonce={nonce}&mac={mac}&kind={kind}")

    def noted(self) -> str:
        note_sms_reports(self.ctx)
        return self.now.state

    def kept(self) -> int:
        with self.ctx.database.read() as tx:
            return int(tx.execute(select(func.count()).select_from(sms_report)).scalar_one())


@pytest.fixture
def sent(ctx: Context) -> Iterator[Sent]:
    """Give an SMS that is being sent, and a gateway of ours."""
    session_id = open_session(ctx, Call(started_at=ctx.clock.now())).id
    with ctx.database.write() as tx:
        queue_sms(take(ctx, tx, session_id), "confirmation", "06 12 34 56 78", {"total": "79,00 €"})
        claimed = claim(tx, ctx.clock.now(), MailChannel.SMS)
    assert claimed is not None
    with gateway(ctx) as running:
        yield Sent(ctx, claimed, Browser(running.port))


def test_a_report_moves_an_sms_on_once_its_gateway_has_answered(sent: Sent) -> None:
    assert (sent.report(8).status, sent.report(1).status) == (204, 204)
    assert (sent.noted(), sent.kept()) == ("sending", 2)  # a telephone may be quicker than an answer
    sent.settle(ACCEPTED)
    assert (sent.noted(), sent.kept()) == ("delivered", 0)
    sent.report(1)
    sent.report(8)
    assert (sent.noted(), sent.kept()) == ("delivered", 0)
    assert told(sent.ctx, sent.now.session_id)[-2:] == ["mail_accepted", "mail_delivered"]


def test_a_telephone_that_was_not_reached_shows_in_today_and_an_old_report_does_not_spoil_another_attempt(
    sent: Sent,
) -> None:
    sent.settle(ACCEPTED)
    sent.report(2)
    assert sent.noted() == "rejected"
    assert (sent.now.last_reply, told(sent.ctx, sent.now.session_id)[-1]) == ("sms_returned", "mail_returned")
    act_on_mail(sent.ctx, sent.now.id, MailAction.RESEND)
    with sent.ctx.database.write() as tx:
        again = claim(tx, sent.ctx.clock.now(), MailChannel.SMS)
        assert again is not None
        assert settle(tx, again, ACCEPTED, sent.ctx.clock.now())
    sent.report(2)
    assert sent.noted() == "accepted"
    sent.report(1, "ffffffffffffffff")
    assert sent.noted() == "delivered"


def test_what_was_uncertain_is_known_by_its_report(sent: Sent) -> None:
    sent.settle(UNCERTAIN)
    sent.report(8)
    assert sent.noted() == "accepted"


def test_a_forged_or_strange_report_changes_nothing_and_learns_nothing(sent: Sent) -> None:
    sent.settle(ACCEPTED)
    assert sent.report(1, mac="0" * 64).status == 204
    assert sent.report(77).status == 204
    assert (sent.noted(), sent.kept()) == ("accepted", 0)
    assert sent.report(1, envid=f"S-2026-000001.confirmation.{'f' * 32}").status == 204
    assert sent.kept() == 0
    for garbage in ("", "?sms=x", "?sms=S.a.b&nonce=1&mac=2&kind=d", f"?sms={'a' * 3000}", "?kind=%00"):
        assert sent.browser.get(f"/sms{garbage}").status == 400
    assert sent.browser.post("/sms").status == 405


def test_one_sms_cannot_fill_the_database(sent: Sent) -> None:
    for place in range(30):
        sent.report(1, f"{place:016x}", mac="0" * 64)
    assert sent.kept() == 16
