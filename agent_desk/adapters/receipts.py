"""Reports that come back to the sender's mailbox: what became of a mail (RFC 3464), whether it was read (RFC 8098).

Only the outermost level is looked at, and of that only so many bytes and parts: anybody can send a mail.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from email.message import Message
from email.parser import BytesHeaderParser, HeaderParser
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from agent_desk.ports import Report
from agent_desk.rules.mail import ReportKind

MESSAGE_BYTES = 1 << 20  # what a report has to say stands at its beginning; the mail it returns comes last
PARTS = 8
GROUPS = 32
LONGEST_ID = 250
LONGEST_HEADER = 2000
_LINE_BYTES = 1 << 16

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_ENCODED = re.compile(r"\+([0-9A-F]{2})")
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
# With several recipients behind one address, the worst first.
_ACTIONS: Mapping[str, ReportKind] = {
    "failed": ReportKind.FAILED,
    "delivered": ReportKind.DELIVERED,
    "relayed": ReportKind.RELAYED,
    "expanded": ReportKind.RELAYED,
    "delayed": ReportKind.DELAYED,
}
_DISPOSITIONS: Mapping[str, ReportKind] = {
    "displayed": ReportKind.READ,
    # Thrown away or handed on unseen, it had arrived all the same.
    "deleted": ReportKind.DELIVERED,
    "dispatched": ReportKind.DELIVERED,
    "processed": ReportKind.DELIVERED,
}
_STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_DISPOSITION_TYPES = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
_RETURNED_TYPES = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}
)


def mailbox_messages(path: Path) -> Iterator[bytes]:
    """Give the beginning of each message in an .eml file, an mbox or a Maildir; OSError where it cannot be read."""
    if not path.is_dir():
        with path.open("rb") as stream:
            yield from stream_messages(stream)
        return
    for file in sorted(one for name in ("new", "cur") for one in (path / name).iterdir() if one.is_file()):
        # A mail program may be moving mails from one folder to the other.
        with suppress(FileNotFoundError), file.open("rb") as stream:
            yield from stream_messages(stream)


def stream_messages(stream: BinaryIO) -> Iterator[bytes]:
    """Give the beginning of each message of a stream: one, or many where it starts as an mbox does."""
    line = stream.readline(_LINE_BYTES)
    if not line.startswith(b"From "):
        yield line + stream.read(max(0, MESSAGE_BYTES - len(line)))
        return
    kept: list[bytes] = []
    size, after_empty = 0, False
    while line := stream.readline(_LINE_BYTES):
        if after_empty and line.startswith(b"From "):
            yield b"".join(kept)
            kept, size, after_empty = [], 0, False
            continue
        if size < MESSAGE_BYTES:
            kept.append(line)
            size += len(line)
        after_empty = not line.strip(b"\r\n")
    yield b"".join(kept)


def read_report(raw: bytes) -> Report | None:
    """Return what a message reports, None for any other mail and for one that makes no sense; never raises."""
    try:
        return _read(raw[:MESSAGE_BYTES])
    except (ValueError, LookupError, TypeError, AttributeError):
        return None  # the email package trips over headers that are broken enough


def _read(raw: bytes) -> Report | None:
    message = BytesHeaderParser().parsebytes(raw)
    # The email package takes quadratic time over the parameters of this header.
    if message.get_content_type() != "multipart/report" or len(_field(message, "Content-Type")) > LONGEST_HEADER:
        return None
    boundary = message.get_boundary()
    parts = _parts(raw, boundary) if boundary else ()
    machine, kind, status = _said(parts)
    if kind is None or machine is None:
        return None
    envid = _plain_id(_ENCODED.sub(lambda found: chr(int(found[1], 16)), _field(machine, "Original-Envelope-Id")))
    message_id = _plain_id(_field(machine, "Original-Message-ID")) or _returned_id(parts)
    if not (envid or message_id):
        return None
    told = "\n".join((_field(message, "Message-ID"), _field(message, "Date"), machine.as_string()))
    return Report(kind, envid, message_id, status, sha256(told.encode("utf-8", "replace")).hexdigest()[:32])


def _parts(raw: bytes, boundary: str) -> tuple[Message, ...]:
    line = re.compile(rb"(?m)^--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(?:--)?[ \t]*\r?$\n?")
    cuts = list(islice(line.finditer(raw), PARTS + 1))
    ends = [found.start() for found in cuts[1:]] + [len(raw)]
    return tuple(
        BytesHeaderParser().parsebytes(raw[found.end() : end]) for found, end in zip(cuts[:PARTS], ends, strict=False)
    )


def _said(parts: Sequence[Message]) -> tuple[Message | None, ReportKind | None, str]:
    """Return the fields about the mail, what they say became of it, and the status code of that."""
    for part in parts:
        if part.get_content_type() in _STATUS_TYPES:
            return _delivery(_groups(part))
        if part.get_content_type() in _DISPOSITION_TYPES:
            fields = next(iter(_groups(part)))
            disposition = _field(fields, "Disposition").rpartition(";")[2].partition("/")[0].strip().lower()
            return fields, _DISPOSITIONS.get(disposition), ""
    return None, None, ""


def _delivery(groups: Sequence[Message]) -> tuple[Message, ReportKind | None, str]:
    """Read the fields of RFC 3464: one group about the mail, then one about each recipient."""
    actions = {_field(group, "Action").lower(): _field(group, "Status") for group in reversed(groups)}
    action = next((name for name in _ACTIONS if name in actions), "")
    found = _STATUS.match(actions.get(action, ""))
    return groups[0], _ACTIONS.get(action), found[0] if found else ""


def _groups(part: Message) -> list[Message]:
    content = part.get_payload(decode=True)
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
    groups = _EMPTY_LINE.split(text.replace("\r\n", "\n").strip(), GROUPS)[:GROUPS]
    return [HeaderParser().parsestr(group) for group in groups]


def _returned_id(parts: Sequence[Message]) -> str:
    """Return the Message-ID of the mail that came back, for relays that repeat no envelope id."""
    returned = [part for part in parts if part.get_content_type() in _RETURNED_TYPES]
    return _plain_id(_field(next(iter(_groups(returned[0]))), "Message-ID")) if returned else ""


def _field(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _plain_id(text: str) -> str:
    """Return an id as we write them, "" for anything else."""
    return text if text.isascii() and text.isprintable() and len(text) <= LONGEST_ID else ""
