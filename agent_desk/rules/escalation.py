"""A case goes to another level of support, with all its context; the customer gets a name, a promise and its date."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from agent_desk.rules.clocks import add_working_days, is_working_day
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local, on_wall

WORKING_DAYS = 2  # document 004: requests within two working days; document 002 was promised five, and waited longer
LONGEST_WORKING_DAYS = 5
EVENING = time(18)
ANSWER_MAX = 300


class EscalationState(StrEnum):
    """How far a case has come at the team it was sent to; also the key of its wording (`escalation_states.<state>`)."""

    SENT = "sent"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    ANSWERED = "answered"


class ReturnReason(StrEnum):
    """Why a team sends a case back; also the key of its wording (`return_reasons.<reason>`)."""

    WRONG_TEAM = "wrong_team"  # counted: document 002's first lost week
    MISSING_CONTEXT = "missing_context"
    SOLVED_ALREADY = "solved_already"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Escalation:
    """One stretch of a case's path, from a team to a team."""

    id: int
    session_id: int
    at: datetime
    from_team: str
    to_team: str
    duty: str  # rules.duties.Duty
    by: str
    state: EscalationState
    promised_at: datetime
    contact: str  # the name the customer was given
    reason: ReturnReason | None = None
    said: str = ""  # with the reason, or the answer
    ended_at: datetime | None = None


def default_promise(now: datetime, territory: Territory, extra_days: Collection[date] = ()) -> datetime:
    """Return when the customer hears of it, unless another day is agreed: 18:00 of the second working day after."""
    return _evening(now, WORKING_DAYS, territory, extra_days)


def promise_refusal(due: datetime, now: datetime, territory: Territory, extra_days: Collection[date] = ()) -> str:
    """Return why a day cannot be promised, a key of the wording `errors`, or "": a working day, within five of them."""
    if due <= now:
        return "promise_in_the_past"
    if not is_working_day(local(due, territory).date(), territory, extra_days):
        return "promise_on_a_day_off"
    return "promise_too_far" if due > _evening(now, LONGEST_WORKING_DAYS, territory, extra_days) else ""


def days_to_offer(now: datetime, territory: Territory, extra_days: Collection[date] = ()) -> tuple[datetime, ...]:
    """Return the evenings that may be promised, the nearest first."""
    return tuple(_evening(now, days, territory, extra_days) for days in range(1, LONGEST_WORKING_DAYS + 1))


def path(steps: Sequence[Escalation]) -> tuple[str, ...]:
    """Return the teams a case went through, in order; who has returned it stands there too."""
    if not steps:
        return ()
    teams = [steps[0].from_team]
    for one in steps:
        teams.append(one.to_team)
        if one.state in (EscalationState.RETURNED, EscalationState.ANSWERED):
            teams.append(one.from_team)
    return tuple(teams)


def _evening(now: datetime, days: int, territory: Territory, extra_days: Collection[date]) -> datetime:
    day = add_working_days(local(now, territory).date(), days, territory, extra_days)
    return on_wall(day, EVENING, territory)
