"""What was promised to a customer, and by when: every clock around a session that somebody has to keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SUBJECT_MAX = 120
REASON_MAX = 200


class PromiseKind(StrEnum):
    """What was promised; also the key of its wording (`promises.<kind>`)."""

    CALL_BACK = "call_back"  # 3.2
    FEASIBILITY = "feasibility"  # 4.1, 4.4
    VISIT = "visit"  # 4.8
    ESCALATION = "escalation"  # document 004: an answer of another level or team
    COMPLAINT = "complaint"  # 8, document 000
    CREDIT = "credit"  # a supervisor's decision of a goodwill credit
    ANSWER = "answer"  # news promised by name and date (document 002)


class PromiseEnd(StrEnum):
    """How a promise ended; also the key of its wording (`promise_ends.<end>`)."""

    KEPT = "kept"
    MOVED = "moved"  # another one stands in its place
    CANCELLED = "cancelled"
    RETURNED = "returned"  # by the team that was asked: not theirs


class Urgency(StrEnum):
    """How a promise stands; also the key of its wording (`urgencies.<urgency>`)."""

    LATER = "later"
    SOON = "soon"
    DUE = "due"
    MISSED = "missed"


# How long before its moment somebody is told that it comes.
SOON: Mapping[PromiseKind, timedelta] = {
    PromiseKind.CALL_BACK: timedelta(minutes=15),
    PromiseKind.FEASIBILITY: timedelta(minutes=45),
    PromiseKind.VISIT: timedelta(days=1),
    PromiseKind.ESCALATION: timedelta(hours=4),
    PromiseKind.COMPLAINT: timedelta(hours=8),
    PromiseKind.CREDIT: timedelta(hours=23),  # at once: the customer waits to be told
    PromiseKind.ANSWER: timedelta(hours=2),
}


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise, with what its keeper needs even where the session itself is another team's.

    `due_at` is when something has to be done, `late_at` from when it was missed: the same for a mere deadline. `on_top` is
    one that was missed or went wrong (cut off): it comes before all others until it is kept, moved or cancelled by a person.
    """

    id: int
    kind: PromiseKind
    session_id: int
    number: str
    customer: str
    phone: str
    subject: str
    team_id: int  # 0 on a single desk
    person: str  # who keeps it, "" the team
    person_mark: str
    made_at: datetime
    due_at: datetime
    late_at: datetime
    version: int
    on_top: bool = False
    missed_at: datetime | None = None
    ended_at: datetime | None = None
    end: PromiseEnd | None = None


def urgency(promise: Promise, now: datetime) -> Urgency:
    """Return how the promise stands at `now`; one that went wrong counts as missed, one that ended as later."""
    if promise.ended_at is not None:
        return Urgency.LATER
    if promise.on_top or promise.missed_at is not None or now >= promise.late_at:
        return Urgency.MISSED
    if now >= promise.due_at:
        return Urgency.DUE
    return Urgency.SOON if now >= promise.due_at - SOON[promise.kind] else Urgency.LATER


def in_order(promise: Promise) -> tuple[bool, datetime, int]:
    """Return what promises are sorted by: first what went wrong, then by when each is due."""
    return (not promise.on_top, promise.due_at, promise.id)


def short_subject(text: str) -> str:
    """Return a subject as it is kept: one line, at most 120 characters."""
    return " ".join(text.split())[:SUBJECT_MAX]


def short_reason(text: str) -> str:
    """Return a reason as it is kept: one line, at most 200 characters; "" where none was given."""
    return " ".join(text.split())[:REASON_MAX]
