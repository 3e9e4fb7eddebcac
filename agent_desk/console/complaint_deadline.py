"""`deskctl deadline complaint|appeal|mediator`: by when each level answers, step by step where that is asked for."""

from collections.abc import Collection
from datetime import date

from agent_desk.console.answer import Answer
from agent_desk.console.deadline import said_at, spoken
from agent_desk.console.values import read_choice, read_moment, read_territory
from agent_desk.counted_days import working_days
from agent_desk.rules.clocks import callback_day, working_days_until
from agent_desk.rules.complaint import ACKNOWLEDGED, AppealRules, ComplaintChannel, Level, answer_due, level_due
from agent_desk.rules.territories import local
from agent_desk.wording import Wording

# Counted from when each was received, not accepted.
RECEIVED = frozenset({"complaint", Level.APPEAL, Level.MEDIATOR})


def show_complaint(
    received: str, channel: str, territory: str, days_off: Collection[date], wording: Wording, *, explain: bool = False
) -> Answer:
    """Return by when a complaint is answered: 48 hours, a letter by the end of the fifth working day (000, 004)."""
    where, at = read_territory(territory, "territory"), read_moment(received, "received")
    way = ComplaintChannel(read_choice(channel, "channel", tuple(ComplaintChannel)))
    due = answer_due(way, at, where, days_off)
    deadline, last = local(due, where), callback_day(due, where)
    value: dict[str, object] = {
        "received": received,
        "channel": channel,
        "territory": territory,
        "deadline": deadline.isoformat(),
        "acknowledged": way in ACKNOWLEDGED,
    }
    said = spoken(deadline, last, wording.language)
    if not explain:
        return Answer(value, (said,))
    begun, moment = local(at, where), said_at(at, where, wording)
    steps = [wording.text("complaint_steps.received", way=wording.text(f"complaint_channels.{way}"), at=moment)]
    if way is ComplaintChannel.LETTER:
        steps += [
            wording.text("complaint_steps.letter"),
            *working_days(working_days_until(begun.date(), last, where, days_off), wording),
        ]
    else:
        steps.append(wording.text("complaint_steps.hours"))
    steps += [
        wording.text("counted_days.until", limit=said),
        wording.text("complaint_steps.acknowledged" if way in ACKNOWLEDGED else "complaint_steps.at_once"),
    ]
    return Answer(value | {"steps": steps}, tuple(steps))


def show_level(
    level: Level,
    received: str,
    territory: str,
    days_off: Collection[date],
    rules: AppealRules,
    wording: Wording,
    *,
    explain: bool = False,
) -> Answer:
    """Return by when the appeal service (working days), or the mediator (days on end), answers what reached it then (004)."""
    where, at = read_territory(territory, "territory"), read_moment(received, "received")
    due = level_due(level, ComplaintChannel.LETTER, at, where, rules, days_off)
    deadline, last = local(due, where), callback_day(due, where)
    value: dict[str, object] = {"received": received, "territory": territory, "deadline": deadline.isoformat()}
    said = spoken(deadline, last, wording.language)
    if not explain:
        return Answer(value, (said,))
    begun, name = local(at, where).date(), wording.text(f"complaint_levels.{level}")
    is_appeal = level is Level.APPEAL
    steps = (
        wording.text("complaint_steps.reached", level=name, at=said_at(at, where, wording)),
        wording.text(f"complaint_steps.{level}", days=rules.appeal_working_days if is_appeal else rules.mediator_days),
        *(working_days(working_days_until(begun, last, where, days_off), wording) if is_appeal else ()),
        wording.text("counted_days.until", limit=said),
    )
    return Answer(value | {"steps": list(steps)}, steps)
