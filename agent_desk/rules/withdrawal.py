"""What a customer who withdraws through the link in a mail is answered (10, L221-21), and what is stopped by it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from agent_desk.rules.clocks import PUBLISHED_DAYS, withdrawal, withdrawal_over
from agent_desk.rules.session import ENDED, Segment, State, Territory


class WithdrawalAnswer(StrEnum):
    """What a withdrawal is answered; also the key of its wording (`links.withdrawal_<answer>`)."""

    ACCEPTED = "accepted"
    VISIT = "visit"  # the work was done, and stays; the home visit still owed is stopped
    GIVEN_UP = "given_up"
    OVER = "over"
    PRO = "pro"
    ENDED = "ended"


STOPS = frozenset({WithdrawalAnswer.ACCEPTED, WithdrawalAnswer.VISIT})


@dataclass(frozen=True, slots=True)
class Withdrawable:
    """What the answer depends on."""

    state: State
    segment: Segment
    territory: Territory
    agreed_at: datetime | None
    visit_owed: bool = False  # booked, or accepted and without a day


def answer_to(
    found: Withdrawable, now: datetime, extra_days: Collection[date] = (), published_days: int = PUBLISHED_DAYS
) -> WithdrawalAnswer:
    """Return the answer at `now`; the honoured last day counts in full on the customer's clock.

    Work that has begun may still be withdrawn from: it is interrupted. Work that was done was begun at the customer's wish, who
    gave the right up for it (10).
    """
    if found.segment is Segment.PRO:
        return WithdrawalAnswer.PRO
    if found.agreed_at is None or (found.state in ENDED and found.state is not State.CLOSED):
        return WithdrawalAnswer.ENDED
    terms = withdrawal(found.agreed_at, found.territory, extra_days, published_days)
    if withdrawal_over(terms, now, found.territory):
        return WithdrawalAnswer.OVER
    if found.state is not State.CLOSED:
        return WithdrawalAnswer.ACCEPTED
    return WithdrawalAnswer.VISIT if found.visit_owed else WithdrawalAnswer.GIVEN_UP
