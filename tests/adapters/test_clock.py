"""The system clock tells aware UTC."""

from datetime import UTC, datetime, timedelta

from agent_desk.adapters.clock import SystemClock


def test_the_present_moment_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(0)
    assert before <= now <= datetime.now(UTC)
