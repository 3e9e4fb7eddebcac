"""Personal links in a mail: what each is for, how long it holds, and the mark that stands for it until the mail leaves.

A stored mail holds the mark alone, so that nobody who reads the outbox can follow a customer's link; whoever hands the
mail to the relay puts the token in its place.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from struct import Struct, error


class Purpose(StrEnum):
    """What the customer may do with a link, once."""

    SATISFACTION = "satisfaction"
    WITHDRAWAL = "withdrawal"


# From when the mail was written. A withdrawal's own last day is looked at when it is asked for, and told with its reason.
LIFETIME: Mapping[Purpose, timedelta] = {
    Purpose.SATISFACTION: timedelta(days=30),
    Purpose.WITHDRAWAL: timedelta(days=90),
}
PATHS: Mapping[Purpose, str] = {Purpose.SATISFACTION: "/avis", Purpose.WITHDRAWAL: "/retractation"}

_NUMBERS: Mapping[Purpose, int] = {Purpose.SATISFACTION: 1, Purpose.WITHDRAWAL: 2}  # in tokens for ever
_PACKED = Struct(">BQQQ")
_MARK = re.compile(rf"@link\.({'|'.join(Purpose)})@")
_BLOCK = re.compile(r"<!--link-->.*?<!--/link-->\s*", re.DOTALL)
_FENCES = re.compile(r"<!--/?link-->\n?")


@dataclass(frozen=True, slots=True)
class Link:
    """One mail's link for one purpose; the same mail sent again has the same, and so has its duplicate."""

    purpose: Purpose
    session_id: int
    mail_id: int
    expires_at: datetime


def link_of(purpose: Purpose, session_id: int, mail_id: int, written_at: datetime) -> Link:
    """Return the link of a mail; its end is a whole second."""
    return Link(purpose, session_id, mail_id, (written_at + LIFETIME[purpose]).replace(microsecond=0))


def packed(link: Link) -> bytes:
    """Return what is signed of a link."""
    seconds = int(link.expires_at.timestamp())
    return _PACKED.pack(_NUMBERS[link.purpose], link.session_id, link.mail_id, seconds)


def unpacked(content: bytes) -> Link | None:
    """Return the link `packed` wrote, None for anything else."""
    try:
        number, session_id, mail_id, seconds = _PACKED.unpack(content)
        (purpose,) = (purpose for purpose, known in _NUMBERS.items() if known == number)
        return Link(purpose, session_id, mail_id, datetime.fromtimestamp(seconds, UTC))
    except (error, ValueError, OverflowError, OSError):
        return None


def address(base: str, purpose: Purpose, language: str) -> str:
    """Return what a template prints: the page's address with a mark for the token; "" where customers reach no page."""
    return f"{base.rstrip('/')}{PATHS[purpose]}?lang={language}&t=@link.{purpose}@" if base else ""


def marks(text: str) -> frozenset[Purpose]:
    """Return the links a stored mail has places for."""
    return frozenset(Purpose(name) for name in _MARK.findall(text))


def filled(text: str, token: Callable[[Purpose], str]) -> str:
    """Return a mail's text or HTML with the tokens in their places."""
    return _MARK.sub(lambda found: token(Purpose(found[1])), _FENCES.sub("", text))


def without_links(text: str) -> str:
    """Return a mail's text or HTML without what speaks of its links: for paper, and where nobody can sign."""
    if "<!--link-->" in text:
        return _BLOCK.sub("", text)
    return "\n\n".join(part for part in text.split("\n\n") if not marks(part))
