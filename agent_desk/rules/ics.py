"""An appointment as a calendar takes it (RFC 5545, RFC 5546): asked for, moved, or cancelled; times in UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime

PRODUCT = "-//Agent Desk//Call-back//FR"
LINE = 75  # octets, the line's end apart (3.1)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What a customer's calendar shows; `uid` stays and `sequence` grows when it moves."""

    uid: str
    sequence: int
    written_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    text: str
    organiser: str  # an e-mail address
    organiser_name: str
    attendee: str
    cancelled: bool = False


def calendar(entry: CalendarEntry) -> str:
    """Return the text of an .ics file, its lines folded and ended as the standard says."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method(entry)}",
        "BEGIN:VEVENT",
        f"UID:{_text(entry.uid)}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{_utc(entry.written_at)}",
        f"DTSTART:{_utc(entry.starts_at)}",
        f"DTEND:{_utc(entry.ends_at)}",
        f"SUMMARY:{_text(entry.title)}",
        f"DESCRIPTION:{_text(entry.text)}",
        f"ORGANIZER;CN={_parameter(entry.organiser_name)}:mailto:{_address(entry.organiser)}",
        f"ATTENDEE;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:{_address(entry.attendee)}",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        "TRANSP:OPAQUE",
        *(() if entry.cancelled else _alarm(entry)),
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def method(entry: CalendarEntry) -> str:
    """Return what the calendar is asked to do, which stands in the type of the attached file too."""
    return "CANCEL" if entry.cancelled else "REQUEST"


def _alarm(entry: CalendarEntry) -> tuple[str, ...]:
    text = f"DESCRIPTION:{_text(entry.title)}"
    return ("BEGIN:VALARM", "ACTION:DISPLAY", text, "TRIGGER:-PT15M", "END:VALARM")


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """Return a value of type TEXT (3.3.11); what cannot stand in one is left out."""
    kept = "".join(char for char in text.replace("\r\n", "\n") if char == "\n" or char.isprintable())
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        kept = kept.replace(plain, written)
    return kept


def _parameter(text: str) -> str:
    """Return a quoted parameter value (3.2), which can hold neither quotation marks nor ends of lines."""
    return '"' + "".join(char for char in text if char.isprintable() and char != '"') + '"'


def _address(address: str) -> str:
    return "".join(char for char in address if char.isprintable() and not char.isspace())


def _folded(line: str) -> str:
    """Return a line no part of which is longer than 75 octets, never cut inside a character."""
    parts, rest, room = [], line, LINE
    while len(rest.encode()) > room:
        cut = rest.encode()[:room].decode(errors="ignore")
        parts.append(cut)
        rest, room = rest[len(cut) :], LINE - 1
    return "\r\n ".join([*parts, rest])
