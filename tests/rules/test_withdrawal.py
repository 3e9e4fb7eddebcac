"""What a withdrawal through a link is answered (10, L221-21), to the last minute of the customer's last day."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.clocks import withdrawal
from agent_desk.rules.session import Segment, State, Territory
from agent_desk.rules.territories import on_wall
from agent_desk.rules.withdrawal import STOPS, Withdrawable, WithdrawalAnswer, answer_to

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
PRIVATE, PARIS = Segment.RESIDENTIAL, Territory.METROPOLE


@pytest.mark.parametrize(
    ("found", "answer"),
    [
        (Withdrawable(State.AGREED, PRIVATE, PARIS, NOON), "accepted"),
        (Withdrawable(State.SCHEDULED, PRIVATE, PARIS, NOON), "accepted"),
        (Withdrawable(State.IN_PROGRESS, PRIVATE, PARIS, NOON), "accepted"),
        (Withdrawable(State.CLOSED, PRIVATE, PARIS, NOON), "given_up"),
        (Withdrawable(State.CLOSED, PRIVATE, PARIS, NOON, visit_owed=True), "visit"),
        (Withdrawable(State.WITHDRAWN, PRIVATE, PARIS, NOON), "ended"),
        (Withdrawable(State.CANCELLED, PRIVATE, PARIS, NOON), "ended"),
        (Withdrawable(State.AGREED, Segment.PRO, PARIS, NOON), "pro"),
        (Withdrawable(State.QUALIFIED, PRIVATE, PARIS, None), "ended"),
    ],
)
def test_each_session_has_its_answer(found: Withdrawable, answer: str) -> None:
    assert answer_to(found, NOON + timedelta(days=1)) is WithdrawalAnswer(answer)
    assert (WithdrawalAnswer(answer) in STOPS) is (answer in ("accepted", "visit"))


@given(
    st.sampled_from(Territory),
    st.integers(0, 3 * 365 * 24 * 60).map(
        lambda minutes: datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
)
def test_the_honoured_last_day_counts_in_full_on_the_customers_wall(territory: Territory, agreed: datetime) -> None:
    found = Withdrawable(State.AGREED, PRIVATE, territory, agreed)
    last = withdrawal(agreed, territory).honoured
    until = on_wall(last + timedelta(days=1), time(), territory)
    assert answer_to(found, until - timedelta(minutes=1)) is WithdrawalAnswer.ACCEPTED
    assert answer_to(found, until) is WithdrawalAnswer.OVER
