"""A letter as an Internet message."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.adapters.eml import envelope_address, to_bytes
from agent_desk.ports import Letter
from tests.support.letters import attachment, letter

HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Disposition-Notification-To",
    "MIME-Version",
    "Content-Type",
}


def _parsed(one: Letter) -> EmailMessage:
    message = message_from_bytes(to_bytes(one), policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not any(part.defects for part in message.walk())
    return message


def test_a_mail_is_text_beside_html_with_the_pdf_attached() -> None:
    message = _parsed(letter())
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    text, html, pdf = (part for part in message.walk() if not part.is_multipart())
    assert {part.get_content_charset() for part in (text, html)} == {"utf-8"}
    assert text.get_content() == letter().text.replace("\n", "\r\n")
    assert html.get_content() == letter().html.replace("\n", "\r\n")
    assert (pdf.get_filename(), pdf.get_content()) == (letter().attachments[0].name, letter().attachments[0].content)


def test_the_headers_say_who_when_and_where_receipts_go() -> None:
    message = _parsed(letter())
    assert set(message.keys()) == HEADERS
    assert message["From"] == "Assistance Sosh <assistance@assistance.example>"
    assert message["To"] == "claire.morvan@example.org"
    assert message["Subject"] == letter().subject
    assert parsedate_to_datetime(message["Date"]) == letter().date.replace(microsecond=0)
    assert message["Message-ID"] == letter().message_id
    assert message["Disposition-Notification-To"] == "<assistance@assistance.example>"


def test_no_receipt_is_asked_for_where_none_is_wanted() -> None:
    assert "Disposition-Notification-To" not in _parsed(letter(receipt_requested=False))


def test_each_attempt_sends_the_same_bytes_and_each_mail_its_own() -> None:
    assert to_bytes(letter()) == to_bytes(letter())
    assert to_bytes(letter()) != to_bytes(letter(message_id="<other@assistance.example>"))


def test_every_relay_can_carry_the_bytes() -> None:
    content = to_bytes(letter(text="é" * 5000, attachments=(attachment(bytes(range(256)) * 200),)))
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


@given(st.text(max_size=300), st.text(max_size=100), st.text(max_size=100))
def test_no_text_adds_a_header_or_breaks_the_message(subject: str, company: str, name: str) -> None:
    one = letter(
        subject=f"S{subject}",
        sender=f"{company} <assistance@assistance.example>",
        attachments=(attachment(name=f"n{name}"),),
    )
    message = message_from_bytes(to_bytes(one), policy=policy.default)
    assert set(message.keys()) == HEADERS
    assert [part.get_content_type() for part in message.walk()][-1] == "application/pdf"


def test_a_line_break_in_a_subject_becomes_a_space() -> None:
    assert _parsed(letter(subject="a\r\nBcc: x@example.org"))["Subject"] == "a  Bcc: x@example.org"


def test_a_mail_without_a_usable_address_can_still_be_saved() -> None:
    assert _parsed(letter(recipient="pas une adresse"))["To"] == "undisclosed-recipients:;"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("claire.morvan@example.org", "claire.morvan@example.org"),
        ("Claire <claire@example.org>", "claire@example.org"),
        ("claire@été.example", "claire@xn--t-9fab.example"),
        ("hélène@example.org", "hélène@example.org"),
        ("", None),
        ("claire", None),
        ("@example.org", None),
        ("claire@", None),
        ("claire@-example.org", None),
        ("claire@example..org", None),
        ("claire@" + "é" * 64 + ".example", None),
        ("claire@example.org\r\nX: y", None),
        ("x" * 250 + "@example.org", None),
        ('"a b"@example.org', None),
    ],
)
def test_only_what_smtp_can_carry_is_an_address(typed: str, address: str | None) -> None:
    assert envelope_address(typed) == address
