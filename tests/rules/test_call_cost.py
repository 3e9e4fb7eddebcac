"""3.2: what the call costs, told while it lasts."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.paths import data_path
from agent_desk.reference import load_reference
from agent_desk.rules.call_cost import cost_cents, must_announce, opening
from agent_desk.rules.session import Call, CallChannel

CHANNELS = load_reference(data_path("db", "seed")).channels
PHONE = CHANNELS[CallChannel.SHORT_776]


@pytest.mark.parametrize(("seconds", "cents"), [(372, 236), (0, 0), (1, 1), (60, 38), (3600, 2280), (-5, 0)])
def test_776_is_counted_by_the_second(seconds: int, cents: int) -> None:
    assert cost_cents(PHONE, seconds) == cents


@pytest.mark.parametrize("channel", [CallChannel.LONG_3976_SOSH_MOBILE, CallChannel.CHAT, CallChannel.CLICK_TO_CALL])
def test_plan_chat_and_call_back_cost_nothing_more(channel: CallChannel) -> None:
    assert cost_cents(CHANNELS[channel], 3600) == 0


@pytest.mark.parametrize("channel", [CallChannel.LONG_3976_OWN_LANDLINE, CallChannel.LONG_3976_OTHER])
def test_a_price_that_others_set_is_not_known(channel: CallChannel) -> None:
    assert cost_cents(CHANNELS[channel], 3600) is None


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_a_longer_call_never_costs_less(seconds: int, more: int) -> None:
    shorter, longer = cost_cents(PHONE, seconds), cost_cents(PHONE, seconds + more)
    assert shorter is not None
    assert longer is not None
    assert shorter <= longer


def test_every_channel_has_its_facts() -> None:
    assert set(CHANNELS) == set(CallChannel)


@pytest.mark.parametrize(
    ("channel", "clock", "is_open", "until"),
    [
        ("776", "2026-11-22T07:59:59", False, "2026-11-22T08:00"),
        ("776", "2026-11-22T08:00", True, "2026-11-22T22:00"),
        ("776", "2026-11-22T21:59:59", True, "2026-11-22T22:00"),
        ("776", "2026-11-22T22:00", False, "2026-11-23T08:00"),
        ("776", "2026-12-25T12:00", True, "2026-12-25T22:00"),  # 7 days a week, whatever day it is
        ("brand_chat", "2026-11-21T20:00", False, "2026-11-23T08:00"),  # Saturday evening: Monday
        ("brand_chat", "2026-11-22T12:00", False, "2026-11-23T08:00"),
        ("brand_chat", "2026-11-23T19:59", True, "2026-11-23T20:00"),
    ],
)
def test_somebody_answers_in_the_channels_hours(channel: str, clock: str, is_open: bool, until: str) -> None:
    found = opening(CHANNELS[CallChannel(channel)], datetime.fromisoformat(f"{clock}+01:00"))
    assert found.until is not None
    assert (found.is_open, found.until.isoformat(timespec="minutes")) == (is_open, f"{until}+01:00")


def test_a_channel_opens_again_by_the_clock_of_its_day_when_clocks_change() -> None:
    found = opening(PHONE, datetime.fromisoformat("2026-03-28T23:00+01:00"))
    assert found.until == datetime.fromisoformat("2026-03-29T08:00+02:00")


def test_letters_are_never_answered_at_once() -> None:
    found = opening(CHANNELS[CallChannel.LETTER], datetime.fromisoformat("2026-11-23T12:00+01:00"))
    assert (found.is_open, found.until) == (False, None)


def test_a_tariff_is_told_once_for_each_call_and_channel() -> None:
    call = Call(CallChannel.SHORT_776, datetime.fromisoformat("2026-11-23T12:00+01:00"))
    assert must_announce(PHONE, call)
    assert not must_announce(PHONE, Call(call.channel, call.started_at, tariff_told="776"))
    assert must_announce(PHONE, Call(call.channel, call.started_at, tariff_told="3976_other"))
    assert not must_announce(PHONE, Call(call.channel))
    assert not must_announce(CHANNELS[CallChannel.CHAT], Call(CallChannel.CHAT, call.started_at))


def test_a_channel_that_answers_on_no_day_of_a_week_is_an_error_in_its_data() -> None:
    with pytest.raises(ValueError, match="8"):
        opening(replace(PHONE, days=frozenset({8})), datetime.fromisoformat("2026-11-23T12:00+01:00"))
