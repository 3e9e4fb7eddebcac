"""This machine's clock tells aware UTC; a server's is known without asking, whatever becomes of this machine's."""

from datetime import UTC, datetime, timedelta

import pytest

from agent_desk import clock as clocks
from agent_desk.clock import SharedClock, SystemClock

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
SECOND = 1_000_000


class Machine:
    """A machine's two clocks: what it shows, which may be wrong, and how long it has been running."""

    def __init__(self, shows: datetime) -> None:
        self.shows, self.ran = shows, 5 * SECOND

    def wait(self, seconds: float) -> None:
        self.shows += timedelta(seconds=seconds)
        self.ran += round(seconds * SECOND)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Give a machine whose clock is right until it is set."""
    made = Machine(NOON)
    monkeypatch.setattr(SystemClock, "now", lambda _self: made.shows)
    monkeypatch.setattr(clocks, "running", lambda: made.ran)
    return made


def hear(clock: SharedClock, machine: Machine, there: datetime, took: float = 0.0) -> None:
    """Let the clock hear what a server showed in the middle of a round trip that took so many seconds."""
    asked = machine.ran
    machine.wait(took)
    clock.hear(round((there + timedelta(seconds=took / 2)).timestamp() * SECOND), asked, machine.ran)


def test_the_present_moment_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(0)
    assert before <= now <= datetime.now(UTC)


def test_time_goes_on_from_the_servers_moment_whatever_this_machine_shows(machine: Machine) -> None:
    machine.shows = NOON - timedelta(hours=7)
    clock = SharedClock()
    hear(clock, machine, NOON)
    machine.wait(90)
    machine.shows += timedelta(days=400)  # somebody sets it
    assert clock.now() == NOON + timedelta(seconds=90)


def test_a_server_not_yet_heard_is_taken_to_show_what_this_machine_does(machine: Machine) -> None:
    clock = SharedClock()
    machine.wait(3)
    assert clock.now() == NOON + timedelta(seconds=3)


@pytest.mark.parametrize("took", [0.0, 0.001, 0.05, 2.0])
def test_a_round_trip_costs_half_its_time_in_accuracy_at_most(machine: Machine, took: float) -> None:
    machine.shows = NOON + timedelta(hours=5)
    clock = SharedClock()
    hear(clock, machine, NOON, took)
    assert abs(clock.now() - (NOON + timedelta(seconds=took))) <= timedelta(seconds=took / 2)


def test_a_slow_answer_does_not_spoil_what_a_fast_one_told(machine: Machine) -> None:
    clock = SharedClock()
    hear(clock, machine, NOON + timedelta(hours=1), 0.002)
    before = clock.now()
    asked = machine.ran
    machine.wait(4)  # the server looked at its clock at once, and the answer hung
    clock.hear(round((before + timedelta(seconds=0.001)).timestamp() * SECOND), asked, machine.ran)
    assert clock.now() == before + timedelta(seconds=4)


def test_it_stands_still_rather_than_go_back_a_little_and_then_goes_on(machine: Machine) -> None:
    clock = SharedClock()
    hear(clock, machine, NOON)
    assert clock.now() == NOON
    hear(clock, machine, NOON - timedelta(seconds=0.4))
    assert clock.now() == NOON
    machine.wait(1)
    assert clock.now() == NOON + timedelta(seconds=0.6)


def test_a_server_whose_clock_was_set_is_followed_at_once_both_ways(machine: Machine) -> None:
    clock = SharedClock()
    for there in (NOON, NOON - timedelta(hours=3), NOON + timedelta(hours=9)):
        hear(clock, machine, there)
        assert clock.now() == there


@pytest.mark.parametrize(("system", "counter"), [("linux", "CLOCK_BOOTTIME"), ("darwin", "CLOCK_MONOTONIC")])
def test_time_asleep_is_counted(monkeypatch: pytest.MonkeyPatch, system: str, counter: str) -> None:
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr(f"time.{counter}", counter, raising=False)
    monkeypatch.setattr("time.clock_gettime_ns", {counter: 7_000}.__getitem__, raising=False)
    assert clocks.running() == 7


def test_windows_counts_it_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("time.monotonic_ns", lambda: 9_000)
    assert clocks.running() == 9
