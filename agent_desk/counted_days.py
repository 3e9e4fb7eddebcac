"""The days of a limit in words: what the screen shows is what `deskctl` prints."""

from collections.abc import Iterable
from datetime import date, timedelta

from agent_desk.formats import NBSP, format_day
from agent_desk.rules.clocks import CountedDay, WithdrawalStep, WorkingDay
from agent_desk.wording import Wording

HOUR = timedelta(hours=1)


def counted_days(days: Iterable[CountedDay], wording: Wording) -> tuple[str, ...]:
    """Return one line for each day: how many of its hours count, or why none does."""
    return tuple(_line(one, wording) for one in days)


def working_days(days: Iterable[WorkingDay], wording: Wording) -> tuple[str, ...]:
    """Return one line for each day: the how many-th working day it is, or why it is none."""
    return tuple(
        wording.text("counted_days.working", day=format_day(one.day, wording.language), number=one.number)
        if one.number
        else wording.text(
            "counted_days.off",
            day=format_day(one.day, wording.language),
            off=wording.text("counted_days.saturday" if one.off == "saturday" else f"holidays.{one.off}"),
        )
        for one in days
    )


def withdrawal_told(agreed: date, steps: Iterable[WithdrawalStep], honoured: date, wording: Wording) -> tuple[str, ...]:
    """Return how each last day of the right to withdraw is found, and which one is honoured (10, L221-18)."""
    language = wording.language
    lines = [wording.text("counted_days.agreed", day=format_day(agreed, language))]
    for one in steps:
        wanted = format_day(agreed + timedelta(days=one.count), language)
        lines.append(wording.text(f"counted_days.{one.period}", count=one.count, day=wanted))
        lines += working_days(one.moved_past, wording)
        if one.moved_past:
            lines.append(wording.text("counted_days.moved", day=format_day(one.last, language)))
    return (*lines, wording.text("counted_days.honoured", day=format_day(honoured, language)))


def _line(one: CountedDay, wording: Wording) -> str:
    day = format_day(one.day, wording.language)
    if one.off:
        return wording.text("counted_days.off", day=day, off=wording.text(f"holidays.{one.off}"))
    return wording.text("counted_days.counted", day=day, hours=_hours(one.counted))


def _hours(counted: timedelta) -> str:
    """Return a length as both languages write it: "13 h 30", "24 h"."""
    hours, rest = divmod(counted, HOUR)
    minutes = rest // timedelta(minutes=1)
    return f"{hours}{NBSP}h" + (f"{NBSP}{minutes:02d}" if minutes else "")
