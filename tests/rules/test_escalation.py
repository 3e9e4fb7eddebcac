"""Document 004: a case sent to another level has a day by which the customer hears of it."""

from datetime import UTC, datetime

from agent_desk.rules.escalation import LONGEST_WORKING_DAYS, days_to_offer, default_promise, path, promise_refusal
from agent_desk.rules.session import Territory

MONDAY = datetime(2026, 11, 23, 11, tzinfo=UTC)


def test_the_evenings_offered_are_those_that_may_be_promised_the_usual_one_among_them() -> None:
    days = days_to_offer(MONDAY, Territory.METROPOLE)
    assert len(days) == LONGEST_WORKING_DAYS
    assert days[1] == default_promise(MONDAY, Territory.METROPOLE)
    assert list(days) == sorted(days)
    assert {promise_refusal(day, MONDAY, Territory.METROPOLE) for day in days} == {""}


def test_a_case_that_went_nowhere_has_no_path() -> None:
    assert path(()) == ()
