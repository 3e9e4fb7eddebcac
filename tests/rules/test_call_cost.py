"""3.2: what the call costs, told while it lasts."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.call_cost import cost_cents, is_open
from agent_desk.rules.session import CallChannel


@pytest.mark.parametrize(("seconds", "cents"), [(372, 236), (0, 0), (1, 1), (60, 38), (3600, 2280), (-5, 0)])
def test_776_is_counted_by_the_second(seconds: int, cents: int) -> None:
    assert cost_cents(CallChannel.SHORT_776, seconds) == cents


@pytest.mark.parametrize("channel", [CallChannel.LONG_3976_SOSH_MOBILE, CallChannel.CHAT, CallChannel.CLICK_TO_CALL])
def test_plan_chat_and_call_back_cost_nothing_more(channel: CallChannel) -> None:
    assert cost_cents(channel, 3600) == 0


@pytest.mark.parametrize("channel", [CallChannel.LONG_3976_OWN_LANDLINE, CallChannel.LONG_3976_OTHER])
def test_a_price_that_others_set_is_not_known(channel: CallChannel) -> None:
    assert cost_cents(channel, 3600) is None


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_a_longer_call_never_costs_less(seconds: int, more: int) -> None:
    shorter, longer = cost_cents(CallChannel.SHORT_776, seconds), cost_cents(CallChannel.SHORT_776, seconds + more)
    assert shorter is not None
    assert longer is not None
    assert shorter <= longer


@pytest.mark.parametrize(
    ("clock", "answered"), [("07:59:59", False), ("08:00", True), ("21:59:59", True), ("22:00", False)]
)
def test_somebody_answers_from_8_to_22(clock: str, answered: bool) -> None:
    assert is_open(datetime.fromisoformat(f"2026-11-22T{clock}+01:00")) is answered
