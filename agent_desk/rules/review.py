"""Supervisors review closed sessions: which ones are drawn, and what becomes of a review step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from hmac import digest

TEXT_MAX = 1000  # characters of a comment or an answer
WHOLE = 1000  # per mille
ANSWER_DAYS = 7  # after these a review returned is settled without an answer
ANSWER_TIME = timedelta(days=ANSWER_DAYS)
_DOMAIN = b"agent-desk/review/v1\n"
_SPACE = 1 << 64


class ReviewState(StrEnum):
    """Where the review of a session stands."""

    DUE = "due"
    RETURNED = "returned"
    ANSWERED = "answered"
    SETTLED = "settled"


# What waits for a supervisor, as the Journal is asked for it beside the states.
WAITING = "waiting"
FOR_SUPERVISORS = (ReviewState.DUE, ReviewState.ANSWERED)


class Mark(StrEnum):
    """What a supervisor thinks of the work."""

    GOOD = "good"
    TO_IMPROVE = "to_improve"
    FAULT = "fault"


class ReviewStep(StrEnum):
    """What is done with a review; each is an event of its session."""

    MARK = "mark"
    RETURN = "return"
    ANSWER = "answer"
    SETTLE = "settle"


@dataclass(frozen=True, slots=True)
class SampleRule:
    """Which closed sessions are reviewed: all that answer to each condition set, or the share of them that is drawn."""

    share_permille: int = WHOLE
    waived_from: int | None = None  # cents
    uncertain: bool = False  # one of its mails was uncertain once
    team: str = ""
    service: str = ""
    outcome: str = ""
    name: str = ""
    id: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True)
class Review:
    """One session's review: `reviewer` marked it first, `agent` closed it; `version` grows with each step."""

    session_id: int
    state: ReviewState
    version: int
    agent: str
    mark: Mark | None = None
    reviewer: str = ""
    returned_at: datetime | None = None
    rule_id: int | None = None  # None: chosen by hand

    @property
    def answer_until(self) -> datetime | None:
        """Return by when the agent is to answer, while it is returned."""
        returned = self.returned_at if self.state is ReviewState.RETURNED else None
        return None if returned is None else returned + ANSWER_TIME


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """What somebody said in one step of a review."""

    step: ReviewStep
    at: datetime
    author: str
    mark: Mark | None
    body: str


# For each step: the state it begins in, the marks it may give, and the state after.
MOVES: Mapping[ReviewStep, tuple[ReviewState, frozenset[Mark], ReviewState]] = {
    ReviewStep.MARK: (ReviewState.DUE, frozenset({Mark.GOOD, Mark.TO_IMPROVE}), ReviewState.SETTLED),
    ReviewStep.RETURN: (ReviewState.DUE, frozenset({Mark.TO_IMPROVE, Mark.FAULT}), ReviewState.RETURNED),
    ReviewStep.ANSWER: (ReviewState.RETURNED, frozenset(), ReviewState.ANSWERED),
    ReviewStep.SETTLE: (ReviewState.ANSWERED, frozenset(Mark), ReviewState.SETTLED),
}


def is_drawn(key: bytes, session_id: int, permille: int) -> bool:
    """Tell whether a session is in the share: the same for ever, known to nobody without the key.

    Who is in a share is in every larger one.
    """
    drawn = int.from_bytes(digest(key, _DOMAIN + str(session_id).encode(), sha256)[:8])
    return drawn * WHOLE < permille * _SPACE


def refusal(review: Review, step: ReviewStep, who: str, mark: Mark | None, text: str, at: datetime) -> str:
    """Return why `who` may not do this step now, a key of the wording table `errors`; "" where they may.

    The agent answers, and nobody else; no agent reviews their own work; and what is called a fault needs a second person.
    """
    before, marks, _after = MOVES[step]
    late = step is ReviewStep.SETTLE and review.answer_until is not None and at >= review.answer_until
    if review.state is not before and not late:
        return "review_waits" if review.state is ReviewState.RETURNED else "review_done"
    if (who == review.agent) is not (step is ReviewStep.ANSWER):
        return "review_own" if who == review.agent else "review_not_yours"
    if mark not in (marks or {None}):
        return "review_fault_returns"
    if step is ReviewStep.SETTLE and who == review.reviewer and Mark.FAULT in (mark, review.mark):
        return "review_second_person"
    if len(text) > TEXT_MAX:
        return "review_long"
    needs_words = step is ReviewStep.ANSWER or mark is not Mark.GOOD
    return "review_words" if needs_words and not text else ""


def marks_open(review: Review, step: ReviewStep, who: str, at: datetime) -> tuple[Mark | None, ...]:
    """Return the marks `who` may give with this step now, (None,) where it gives none, () where it may not be taken."""
    marks: tuple[Mark | None, ...] = tuple(mark for mark in Mark if mark in MOVES[step][1]) or (None,)
    return tuple(mark for mark in marks if not refusal(review, step, who, mark, "said", at))


def moved(review: Review, step: ReviewStep, who: str, mark: Mark | None, at: datetime) -> Review:
    """Return the review after a step that is not refused."""
    after = replace(review, state=MOVES[step][2], version=review.version + 1, mark=mark or review.mark)
    if step in (ReviewStep.MARK, ReviewStep.RETURN):
        after = replace(after, reviewer=who)
    return replace(after, returned_at=at) if step is ReviewStep.RETURN else after


def tidy(text: str) -> str:
    """Return a comment or an answer as it is kept: one paragraph."""
    return " ".join(text.split())
