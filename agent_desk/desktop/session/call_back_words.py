"""A call-back in words, on the customer's clock: when and who, what makes it doubtful, and what was tried."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from agent_desk.desktop.screen import Chip
from agent_desk.formats import format_hour, format_short_moment
from agent_desk.rules.appointment import Appointment
from agent_desk.rules.territories import local
from agent_desk.rules.written import Way
from agent_desk.wording import Wording

if TYPE_CHECKING:
    from agent_desk.actions.look_at_slots import Slots

translate = QCoreApplication.translate


def said_when(words: Wording, found: "Slots", moment: datetime) -> str:
    """Return day and hour."""
    return format_short_moment(local(moment, found.territory), words.language)


def call_title(words: Wording, found: "Slots", booked: Appointment) -> str:
    """Return when somebody calls, and who."""
    return f"{said_when(words, found, booked.starts_at)} – {_hour(words, found, booked.ends_at)} · {booked.person}"


def call_chips(words: Wording, found: "Slots") -> list[Chip]:
    """Return what should be looked at again, how a customer without an address hears of it, and the last attempt."""
    return list(_chips(words, found))


def _chips(words: Wording, found: "Slots") -> Iterator[Chip]:
    for one in found.doubts:
        yield Chip(words.text(f"doubts.{one}"), "warn")
    if found.told is not Way.EMAIL:
        yield Chip(words.text(f"call_backs.{found.told}"), "" if found.told is Way.SMS else "warn")
    booked = found.booked
    if booked is not None and booked.attempts:
        last = booked.attempts[-1]
        said = translate("SessionCallBack", "Attempts: %1; the last at %2, %3")
        said = said.replace("%1", str(len(booked.attempts))).replace("%2", _hour(words, found, last.at))
        yield Chip(said.replace("%3", words.text(f"call_ends.{last.end}")), "acc")
        again = translate("SessionCallBack", "again at %1")
        yield Chip(again.replace("%1", _hour(words, found, booked.next_at)))


def _hour(words: Wording, found: "Slots", moment: datetime) -> str:
    return format_hour(local(moment, found.territory), words.language)
