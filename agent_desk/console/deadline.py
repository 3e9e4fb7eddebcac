"""`deskctl deadline`: by when a customer is called back or answered, until when they may withdraw."""

from collections.abc import Collection
from datetime import date, datetime

from agent_desk.console.answer import Answer, columns
from agent_desk.console.values import read_moment, read_territory
from agent_desk.counted_days import counted_days, withdrawal_told, working_days
from agent_desk.formats import NBSP, format_day, format_hour
from agent_desk.rules.clocks import (
    callback_day,
    callback_limit,
    explain_callback,
    withdrawal,
    withdrawal_steps,
    working_days_until,
)
from agent_desk.rules.escalation import default_promise
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local
from agent_desk.rules.visit import book_by
from agent_desk.wording import Wording

# On the evening of a working day: a customer hears of a case at another level, a visit that was accepted has its day.
WORKING = {"escalation": default_promise, "visit": book_by}


def show_callback(
    accepted: str, territory: str, days_off: Collection[date], wording: Wording, *, explain: bool = False
) -> Answer:
    """Return the end of the 72 hours (3.2), in the customer's time; with `explain` each day that leads to it."""
    where, begun = read_territory(territory, "territory"), read_moment(accepted, "accepted")
    limit = callback_limit(begun, where, days_off)
    deadline = local(limit, where)
    value: dict[str, object] = {"accepted": accepted, "territory": territory, "deadline": deadline.isoformat()}
    said = spoken(deadline, callback_day(limit, where), wording.language)
    if not explain:
        return Answer(value, (said,))
    counted = explain_callback(begun, where, days_off)
    value["days"] = [
        {"day": one.day.isoformat(), "seconds": int(one.counted.total_seconds()), "off": one.off} for one in counted
    ]
    return Answer(value, (*counted_days(counted, wording), wording.text("counted_days.until", limit=said)))


def show_withdrawal(
    accepted: str,
    territory: str,
    days_off: Collection[date],
    published_days: int,
    wording: Wording,
    *,
    explain: bool = False,
) -> Answer:
    """Return the last days of the right to withdraw (article 10), each counting in full; with `explain` how each is found."""
    where, agreed = read_territory(territory, "territory"), read_moment(accepted, "accepted")
    terms = withdrawal(agreed, where, days_off, published_days)
    days = {"published": terms.published, "statutory": terms.statutory, "honoured": terms.honoured}
    value: dict[str, object] = {"accepted": accepted, "territory": territory}
    value |= {name: day.isoformat() for name, day in days.items()}
    if explain:
        steps = withdrawal_steps(agreed, where, days_off, published_days)
        value["steps"] = [
            {"period": one.period, "days": one.count, "moved_past": [day.day.isoformat() for day in one.moved_past]}
            for one in steps
        ]
        return Answer(value, withdrawal_told(local(agreed, where).date(), steps, terms.honoured, wording))
    rows = [(wording.text(f"deskctl.{name}"), format_day(day, wording.language)) for name, day in days.items()]
    return Answer(value, columns(rows))


def show_working_days(
    limit: str, accepted: str, territory: str, days_off: Collection[date], wording: Wording, *, explain: bool = False
) -> Answer:
    """Return a limit of `WORKING` in the customer's time; with `explain` each day up to it."""
    where, begun = read_territory(territory, "territory"), read_moment(accepted, "accepted")
    due = WORKING[limit](begun, where, days_off)
    deadline, last = local(due, where), callback_day(due, where)
    value: dict[str, object] = {"accepted": accepted, "territory": territory, "deadline": deadline.isoformat()}
    said = spoken(deadline, last, wording.language)
    if not explain:
        return Answer(value, (said,))
    days = working_days_until(local(begun, where).date(), last, where, days_off)
    value["days"] = [{"day": one.day.isoformat(), "working": one.number, "off": one.off} for one in days]
    return Answer(value, (*working_days(days, wording), wording.text("counted_days.until", limit=said)))


def spoken(deadline: datetime, day: date, language: str) -> str:
    """Midnight is said as the end of the day it belongs to."""
    if day == deadline.date():
        return f"{format_day(day, language)}, {format_hour(deadline, language)}"
    return f"{format_day(day, language)}, {'24:00' if language == 'en' else f'24{NBSP}h'}"


def said_at(at: datetime, where: Territory, wording: Wording) -> str:
    """Return a moment on the customer's clock in words."""
    there = local(at, where)
    return f"{format_day(there.date(), wording.language)}, {format_hour(there, wording.language)}"
