"""A letter as an Internet message: the bytes a relay gets and an .eml file holds, the same at each attempt."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from agent_desk.ports import Letter

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3

# Quoted local parts are valid and nowhere in use; refusing them leaves nothing to escape.
_ADDRESS = re.compile(r"(?P<local>[^\s<>()\[\]\\,;:@\".]+(\.[^\s<>()\[\]\\,;:@\".]+)*)@(?P<domain>[^\s@]+)")
_DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")


def to_bytes(letter: Letter) -> bytes:
    """Return the message with CRLF line ends: multipart/mixed (alternative (text, HTML), attachments), 7-bit bodies."""
    plain = all((envelope_address(text) or "").isascii() for text in (letter.sender, letter.recipient))
    return _message(letter).as_bytes(policy=SMTP if plain else SMTPUTF8)


def envelope_address(text: str) -> str | None:
    """Return the bare address of `text` as SMTP commands take it (domain in its ASCII form), or None if it is none."""
    found = _ADDRESS.fullmatch(parseaddr(text)[1]) if text.isprintable() else None
    if found is None:
        return None
    try:
        domain = found["domain"].encode("idna").decode("ascii")
    except UnicodeError:
        return None
    bare = f"{found['local']}@{domain}"
    return bare if len(bare) <= LONGEST_ADDRESS and _DOMAIN.fullmatch(domain) else None


def _message(letter: Letter) -> EmailMessage:
    message = EmailMessage(policy=SMTPUTF8)
    message["From"] = _mailbox(letter.sender)
    message["To"] = _mailbox(letter.recipient)
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = format_datetime(letter.date)
    message["Message-ID"] = letter.message_id
    if letter.receipt_requested:
        message["Disposition-Notification-To"] = f"<{envelope_address(letter.sender)}>"
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    for attachment in letter.attachments:
        kind, *more = attachment.media_type.split("; ")
        main, _, sub = kind.partition("/")
        said = dict(one.split("=", 1) for one in more)
        name = _one_line(attachment.name)
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=name, params=said)
    _fix_boundaries(message, letter.message_id)
    return message


def _mailbox(text: str) -> Address | str:
    """Return a header value for one mailbox; a group without members where `text` is no address."""
    local, _, domain = (envelope_address(text) or "").rpartition("@")
    return Address(_one_line(parseaddr(text)[0]), local, domain) if local else "undisclosed-recipients:;"


def _one_line(text: str) -> str:
    """Return `text` without anything that could begin another header."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split(" "))


def _fix_boundaries(message: EmailMessage, seed: str) -> None:
    """Give each multipart a boundary drawn from `seed`: a random one would change the message between attempts."""
    for index, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{sha256(f'{seed}/{index}'.encode()).hexdigest()[:40]}")
