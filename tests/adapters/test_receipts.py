"""Reports that came back: what they say, whatever they look like."""

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.adapters.receipts import MESSAGE_BYTES, mailbox_messages, read_report, stream_messages
from agent_desk.rules.mail import ReportKind
from tests.support.letters import letter
from tests.support.reports import ENVID, MESSAGE_ID, delivery_report, read_receipt


def kind_of(raw: bytes) -> ReportKind | None:
    report = read_report(raw)
    return report.kind if report else None


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("delivered", ReportKind.DELIVERED),
        ("relayed", ReportKind.RELAYED),
        ("expanded", ReportKind.RELAYED),
        ("delayed", ReportKind.DELAYED),
        ("Failed", ReportKind.FAILED),
        ("forgotten", None),
    ],
)
def test_a_delivery_report_says_what_became_of_the_mail(action: str, kind: ReportKind | None) -> None:
    assert kind_of(delivery_report(action)) is kind


@pytest.mark.parametrize(
    ("disposition", "kind"),
    [
        ("displayed", ReportKind.READ),
        ("Displayed/error", ReportKind.READ),
        ("deleted", ReportKind.DELIVERED),
        ("processed", ReportKind.DELIVERED),
        ("denied", None),
        ("", None),
    ],
)
def test_a_read_receipt_says_whether_the_mail_was_seen(disposition: str, kind: ReportKind | None) -> None:
    assert kind_of(read_receipt(disposition)) is kind


def test_a_report_names_its_mail_and_keeps_no_address() -> None:
    report = read_report(delivery_report("failed", status="5.1.1 (claire.morvan@example.org)"))
    assert report is not None
    assert (report.envid, report.message_id, report.status) == (ENVID, MESSAGE_ID, "5.1.1")
    assert "claire" not in repr(report)
    receipt = read_report(read_receipt())
    assert receipt is not None
    assert (receipt.envid, receipt.message_id) == ("", MESSAGE_ID)


def test_an_envelope_id_is_decoded() -> None:
    report = read_report(delivery_report(envid="a+2Bb+3Dc"))
    assert report is not None
    assert report.envid == "a+b=c"


def test_a_relay_that_repeats_no_envelope_id_still_returns_the_mails_own_id() -> None:
    report = read_report(delivery_report("failed", envid=""))
    assert report is not None
    assert (report.envid, report.message_id) == ("", MESSAGE_ID)
    assert read_report(delivery_report("failed", envid="", returned="")) is None


def test_of_several_recipients_the_worst_counts() -> None:
    both = delivery_report().replace(
        b"Action: delivered", b"Action: delivered\r\n\r\nFinal-Recipient: rfc822; b@example.org\r\nAction: failed"
    )
    assert kind_of(both) is ReportKind.FAILED


def test_a_copy_of_a_report_is_known_as_one_and_another_report_is_not() -> None:
    first, copy, other = (read_report(delivery_report("failed", mark=mark)) for mark in ("1", "1", "2"))
    assert first == copy != other


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"From: a@example.org\r\nSubject: Re: delivered\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n",
        delivery_report().replace(b"multipart/report", b"multipart/mixed"),
        delivery_report().replace(b"message/delivery-status", b"text/plain"),
        delivery_report().replace(b'boundary="b1"', b'boundary=""'),
        delivery_report().replace(b'boundary="b1"', b'boundary="other"'),
        delivery_report().replace(b"Action:", b"Auction:"),
        delivery_report().replace(b'boundary="b1"', b"boundary*0=b; boundary*=utf-8''b1"),
        delivery_report(envid="é" * 3, returned="<é@example.org>"),
        delivery_report(envid="a" * 300, returned=""),
        b"x" * MESSAGE_BYTES + delivery_report(),
        delivery_report().replace(b' boundary="b1"', b' a=";"' * 100_000 + b' boundary="b1"'),
    ],
)
def test_any_other_mail_and_a_broken_report_say_nothing(mail: bytes) -> None:
    assert read_report(mail) is None


def test_a_report_cut_off_after_its_status_still_counts() -> None:
    cut = delivery_report("failed").partition(b"Diagnostic-Code")[0]
    assert kind_of(cut) is ReportKind.FAILED


def test_a_report_hidden_behind_many_parts_is_not_looked_for() -> None:
    many = b"--b1\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 100_000
    assert read_report(delivery_report().replace(b"For mail programs of old.\r\n", many)) is None


@given(st.binary(max_size=300), st.integers(0, 1200), st.integers(0, 300), st.booleans())
def test_whatever_is_damaged_nothing_is_raised(garbage: bytes, place: int, gone: int, receipt: bool) -> None:
    whole = read_receipt() if receipt else delivery_report()
    read_report(whole[:place] + garbage + whole[place + gone :])
    read_report(garbage)
    assert b"".join(stream_messages(io.BytesIO(garbage))) == garbage or garbage.startswith(b"From ")


@given(st.text(st.sampled_from("*=';\"%()?0123456789abcdefutf-8 \t\r\n\\é\0"), max_size=60))
def test_whatever_stands_in_a_header_nothing_is_raised(text: str) -> None:
    raw = text.encode("utf-8", "replace")
    for name in (b'boundary="b1"', b"delivery-status;", b"message/delivery-status", b"text/rfc822-headers", b"2.0.0"):
        read_report(delivery_report().replace(name, name.partition(b"=")[0] + raw))


def test_mails_are_read_from_a_file_a_mailbox_and_a_maildir(tmp_path: Path) -> None:
    mails = [delivery_report(mark="1"), read_receipt(), b"Subject: hello\r\n\r\nFrom here on\r\n"]
    (tmp_path / "one.eml").write_bytes(mails[0])
    escaped = [mail.replace(b"\nFrom ", b"\n>From ") for mail in mails]
    start = b"From x Mon Nov 23 16:00:00 2026\r\n"
    (tmp_path / "mbox").write_bytes(b"".join(start + mail + b"\r\n" for mail in escaped))
    for folder, mail in zip(("new", "cur", "cur"), mails, strict=True):
        (tmp_path / "Maildir" / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "Maildir" / folder / f"{len(mail)}.relay:2,S").write_bytes(mail)
    (tmp_path / "Maildir" / "tmp").mkdir()
    (tmp_path / "Maildir" / "tmp" / "half").write_bytes(mails[0][:50])
    kinds = [kind_of(mail) for mail in mails]
    assert [kind_of(mail) for mail in mailbox_messages(tmp_path / "one.eml")] == kinds[:1]
    assert [kind_of(mail) for mail in mailbox_messages(tmp_path / "mbox")] == kinds
    assert sorted(map(str, map(kind_of, mailbox_messages(tmp_path / "Maildir")))) == sorted(map(str, kinds))


def test_of_a_huge_mail_only_the_beginning_is_kept(tmp_path: Path) -> None:
    huge = delivery_report() + b"x" * (2 * MESSAGE_BYTES)
    (tmp_path / "huge.eml").write_bytes(huge)
    (tmp_path / "mbox").write_bytes(b"From x\n" + huge + b"\n\nFrom y\n" + read_receipt())
    (only,) = mailbox_messages(tmp_path / "huge.eml")
    assert len(only) == MESSAGE_BYTES
    first, second = mailbox_messages(tmp_path / "mbox")
    assert len(first) < MESSAGE_BYTES * 1.1
    assert (kind_of(first), kind_of(second)) == (ReportKind.DELIVERED, ReportKind.READ)


def test_the_samples_speak_of_the_usual_letter() -> None:
    assert (letter().envid, letter().message_id) == (ENVID, MESSAGE_ID)
    assert re.fullmatch(r"[ -~]+", ENVID)
