"""Values of a session's content as one line a person can compare with another."""

from datetime import datetime
from enum import Enum
from typing import Any

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.service_names import service_in_short
from agent_desk.desktop.session.texts import short_time
from agent_desk.rules.session import Call, Line
from agent_desk.wording import Wording

NOTHING = "—"
LONGEST = 240
BEFORE = 30  # how much of what is the same stands before what differs
# Where the words of a code are, by the last part of its place.
_WORDS = {
    "title": "titles",
    "no_email_reason": "no_email_reasons",
    "segment": "segments",
    "territory": "territories",
    "channel": "channels",
    "virus_tool": "virus_tools",
    "home_visit": "home_visits",
    "confirmation": "confirmations",
    "outcome": "outcomes",
    "feasibility": "feasibilities",
    "operations": "operations",
}


def place_name(wording: Wording, path: str) -> str:
    """Return what an agent calls the field at `path`."""
    if path.startswith("lines["):
        last = path.rpartition(".")[2]
        return f"{wording.text('fields.lines')} · {wording.text(f'line_fields.{last}')}"
    key = f"fields.{path}"
    return wording.text(key) if wording.has(key) else wording.text("fields.call.started_at")


def both_values(desk: Desk, path: str, mine: Any, theirs: Any) -> tuple[str, str]:
    """Return both as they are shown: long texts from shortly before the place where they part."""
    one, other = value_text(desk, path, mine), value_text(desk, path, theirs)
    if max(len(one), len(other)) <= LONGEST:
        return one, other
    start = max(_parting(one, other) - BEFORE, 0)
    return _from(one, start), _from(other, start)


def value_text(desk: Desk, path: str, value: Any) -> str:
    """Return a value in the agent's words."""
    last = path.rpartition(".")[2]
    if value is None or value in ("", ()):
        return NOTHING
    if isinstance(value, bool):
        return desk.wording.text("answers.yes" if value else "answers.no")
    if isinstance(value, datetime):
        return short_time(value)
    if isinstance(value, Call):
        times = " – ".join(short_time(moment) for moment in (value.started_at, value.ended_at) if moment)
        return f"{desk.wording.text(f'channels.{value.channel}')} {times}".strip()
    if isinstance(value, tuple):
        return ", ".join(_item(desk, last, one) for one in value)
    if last == "platform":
        known = desk.reference.platforms.get(value)
        return value if known is None else known.label(desk.language)
    return _word(desk, last, value) if last in _WORDS or isinstance(value, Enum) else " ".join(str(value).split())


def _item(desk: Desk, last: str, value: Any) -> str:
    if not isinstance(value, Line):
        return _word(desk, last, value)
    said = [service_in_short(desk, value.service)]
    said += [f"×\u202f{value.quantity}"] if value.quantity != 1 else []
    said += [" ".join(value.equipment.split())] if value.equipment.strip() else []
    said += [desk.wording.text(f"outcomes.{value.outcome}")] if value.outcome else []
    return " ".join(said)


def _word(desk: Desk, last: str, value: Any) -> str:
    key = f"{_WORDS.get(last, last)}.{value}"
    return desk.wording.text(key) if desk.wording.has(key) else str(value)


def _parting(one: str, other: str) -> int:
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _from(text: str, start: int) -> str:
    shown = text[start : start + LONGEST]
    return f"{'…' if start else ''}{shown}{'…' if start + LONGEST < len(text) else ''}"
