"""A reader of calendar files that takes nothing but what RFC 5545 allows."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_LINE = re.compile(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Calendar:
    """One file: its method, and the properties of its one event, unescaped."""

    method: str
    event: dict[str, str]

    def moment(self, name: str) -> datetime:
        return datetime.strptime(self.event[name], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def read_calendar(content: bytes) -> Calendar:
    """Return the one event of a file; AssertionError for what a calendar program might refuse."""
    raw = content.decode()
    assert raw.endswith("\r\n")
    assert "\n" not in raw.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in raw.split("\r\n"))
    lines = raw.replace("\r\n ", "").split("\r\n")[:-1]
    inside: list[str] = []
    outer: dict[str, str] = {}
    event: dict[str, str] = {}
    for line in lines:
        found = _LINE.fullmatch(line)
        assert found is not None, line
        name, _, value = found.groups()
        if name == "BEGIN":
            inside.append(value)
        elif name == "END":
            assert inside.pop() == value
        elif inside == ["VCALENDAR"]:
            outer[name] = value
        elif inside == ["VCALENDAR", "VEVENT"]:
            assert name not in event, name
            assert re.fullmatch(r"(?:[^\\;,]|\\[\\;,n])*", value) or name in ("ORGANIZER", "ATTENDEE"), value
            event[name] = _ESCAPED.sub(lambda one: "\n" if one.group(1) == "n" else one.group(1), value)
    assert inside == []
    assert outer["VERSION"] == "2.0"
    assert outer["PRODID"]
    assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "ORGANIZER", "ATTENDEE", "STATUS"} <= event.keys()
    return Calendar(outer["METHOD"], event)
