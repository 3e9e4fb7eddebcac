"""Complaints and contested bills (8): by when each is answered, what may follow an answer, and until when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from agent_desk.rules.clocks import RequestChannel, add_working_days, complaint_due, request_due
from agent_desk.rules.session import Segment, Territory
from agent_desk.rules.territories import local, midnight

TEXT_MAX = 2000
ANSWER_MAX = 4000
OLDEST = timedelta(days=730)  # of a receipt noted today
LONGEST = timedelta(days=60)  # of more time, counted from now
REASON_MAX = 200


class ComplaintChannel(StrEnum):
    """How a complaint came in; also the key of its wording (`complaint_channels.<channel>`)."""

    TELEPHONE = "telephone"
    CHAT = "chat"
    INTERNET = "internet"
    LETTER = "letter"


# Document 000: whoever speaks with us knows that we have heard.
ACKNOWLEDGED = frozenset({ComplaintChannel.INTERNET, ComplaintChannel.LETTER})


class Level(StrEnum):
    """Who answers (document 004); also the key of its wording (`complaint_levels.<level>`)."""

    SERVICE = "service"
    APPEAL = "appeal"
    MEDIATOR = "mediator"


NEXT: Mapping[Level, Level] = {Level.SERVICE: Level.APPEAL, Level.APPEAL: Level.MEDIATOR}


class ComplaintState(StrEnum):
    """How it stands at its level; also the key of its wording (`complaint_states.<state>`)."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class AppealRules:
    """Data of db/seed/appeals.toml: how long each level has, and until when the mediator may be turned to."""

    appeal_working_days: int
    mediator_days: int
    mediator_within_years: int


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint. `contested` are positions of the decision's lines, from 1; `level_at` is when this level was reached."""

    id: int
    session_id: int
    channel: ComplaintChannel
    received_at: datetime
    text: str
    contested: tuple[int, ...]
    by: str
    recorded_at: datetime
    level: Level
    level_at: datetime
    state: ComplaintState
    due_at: datetime
    promise_id: int
    version: int
    answer: str = ""
    reason: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""
    credit_id: int | None = None
    correction: int | None = None  # ordinal of the decision that put it right


def answer_due(
    channel: ComplaintChannel, received: datetime, territory: Territory, extra_days: Collection[date] = ()
) -> datetime:
    """Return by when a complaint is answered, in UTC: 48 hours; of a letter, the end of the fifth working day."""
    if channel is ComplaintChannel.LETTER:
        last = request_due(RequestChannel.LETTER, received, territory, extra_days)
        return midnight(last + timedelta(days=1), territory)
    return complaint_due(received)


def level_due(
    level: Level,
    channel: ComplaintChannel,
    reached: datetime,
    territory: Territory,
    rules: AppealRules,
    extra_days: Collection[date] = (),
) -> datetime:
    """Return by when a level answers what reached it at that moment, in UTC; whole days end at the customer's midnight."""
    day = local(reached, territory).date()
    if level is Level.APPEAL:
        last = add_working_days(day, rules.appeal_working_days, territory, extra_days)
        return midnight(last + timedelta(days=1), territory)
    if level is Level.MEDIATOR:
        return midnight(day + timedelta(days=rules.mediator_days + 1), territory)
    return answer_due(channel, reached, territory, extra_days)


def mediator_until(received: datetime, territory: Territory, rules: AppealRules) -> date:
    """Return the last day on which the mediator may be turned to: a year after the written complaint (L612-2)."""
    day = local(received, territory).date()
    year = day.year + rules.mediator_within_years
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)


def is_receivable(received: datetime, now: datetime) -> bool:
    """Tell whether a complaint can have been received then: not after now, and not long ago."""
    return now - OLDEST <= received <= now


def may_promise(due: datetime, now: datetime) -> bool:
    """Tell whether more time may be promised until then: still to come, and no more than sixty days."""
    return now < due <= now + LONGEST


def may_follow(
    complaint: Complaint, segment: Segment, now: datetime, territory: Territory, rules: AppealRules
) -> Level | None:
    """Return whom the customer may turn to now, None while an answer is owed, and where nobody is left.

    The mediator is for consumers, and for a year.
    """
    following = NEXT.get(complaint.level)
    if complaint.state is ComplaintState.OPEN or following is None:
        return None
    if following is Level.MEDIATOR and (
        segment is not Segment.RESIDENTIAL
        or local(now, territory).date() > mediator_until(complaint.received_at, territory, rules)
    ):
        return None
    return following
