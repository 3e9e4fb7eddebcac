"""One mail through Postfix itself: taken over, handed on, and its delivery status reported."""

import pytest

from agent_desk.adapters.receipts import read_report
from agent_desk.adapters.smtp import RelayAddress, SmtpRelay
from agent_desk.ports import Reply
from agent_desk.rules.mail import ReportKind
from tests.support.desks import MemorySecrets
from tests.support.letters import attachment, letter
from tests.support.postfix import can_run, postfix
from tests.support.smtp import LOOPBACK, mail_server

NEEDED = pytest.mark.skipif(not can_run(), reason="Postfix is not installed, or the tests do not run as root")


@NEEDED
def test_postfix_takes_the_mail_hands_it_on_and_reports_its_fate() -> None:
    with mail_server() as behind:
        behind.extensions = ()  # so that Postfix, not the server behind it, reports
        with postfix(behind.port) as port:
            relay = SmtpRelay(RelayAddress(LOOPBACK, port, "none"), MemorySecrets())
            delivery = relay.send(letter(), lambda: True)
            assert (delivery.reply, delivery.code, delivery.dsn_requested) == (Reply.ACCEPTED, 250, True)
            came = {one.recipients: one for one in (behind.wait(), behind.wait())}
    mail = came["claire.morvan@example.org",].message
    assert mail["Message-ID"] == letter().message_id
    assert next(mail.iter_attachments()).get_content() == letter().attachments[0].content
    returned = came["assistance@assistance.example",]
    report = returned.message
    assert report.get_content_type() == "multipart/report"
    status = next(part for part in report.walk() if part.get_content_type() == "message/delivery-status")
    assert f"Original-Envelope-Id: {letter().envid}" in str(status)
    assert "Action: relayed" in str(status)
    read = read_report(returned.content)
    assert read is not None
    assert (read.kind, read.envid, read.message_id) == (ReportKind.RELAYED, letter().envid, letter().message_id)


@NEEDED
def test_a_mail_that_postfix_cannot_hand_on_comes_back_as_a_report() -> None:
    with mail_server() as behind:
        behind.extensions = ("SIZE 20000",)  # enough for the report, not for the mail
        with postfix(behind.port) as port:
            relay = SmtpRelay(RelayAddress(LOOPBACK, port, "none"), MemorySecrets())
            large = letter(attachments=(attachment(bytes(30_000)),))
            assert relay.send(large, lambda: True).reply is Reply.ACCEPTED
            report = read_report(behind.wait().content)
    assert report is not None
    assert (report.kind, report.envid, report.message_id) == (ReportKind.FAILED, large.envid, large.message_id)
    assert report.status.startswith("5.")
