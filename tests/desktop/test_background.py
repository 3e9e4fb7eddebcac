"""Jobs run elsewhere, results come back where widgets live, and no failure gets lost."""

import threading
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from agent_desk.desktop.background import Background


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    made = Background()
    yield made
    made.close(10)


def test_a_result_comes_back_in_the_painting_thread(qtbot: QtBot, background: Background) -> None:
    threads: list[int] = []
    values: list[int] = []

    def job() -> int:
        threads.append(threading.get_ident())
        return 42

    def done(value: int) -> None:
        threads.append(threading.get_ident())
        values.append(value)

    background.run(job, done)
    qtbot.waitUntil(lambda: bool(values))
    assert values == [42]
    assert threads[0] != threading.get_ident()
    assert threads[1] == threading.get_ident()


def test_an_error_goes_to_whoever_asked(qtbot: QtBot, background: Background) -> None:
    errors: list[BaseException] = []
    background.run(lambda: 1 / 0, failed=errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], ZeroDivisionError)


def test_an_error_nobody_answers_for_is_told_to_everyone(qtbot: QtBot, background: Background) -> None:
    with qtbot.waitSignal(background.unclaimed) as told:
        background.run(lambda: 1 / 0)
    assert isinstance(told.args[0], ZeroDivisionError)


def test_when_the_owner_is_gone_the_repaint_is_dropped_but_the_failure_is_told(
    qtbot: QtBot, background: Background
) -> None:
    owner = QObject()
    gate = threading.Event()
    painted: list[object] = []
    background.run(gate.wait, painted.append, owner=owner)
    background.run(lambda: gate.wait() and 1 / 0, painted.append, painted.append, owner=owner)
    shiboken6.delete(owner)
    with qtbot.waitSignal(background.unclaimed):
        gate.set()
    qtbot.waitUntil(lambda: not background.busy)
    assert painted == []


def test_jobs_of_one_queue_run_one_after_the_other_in_order(qtbot: QtBot, background: Background) -> None:
    order: list[int] = []
    running = threading.Lock()

    def job(number: int) -> None:
        assert running.acquire(blocking=False)
        order.append(number)
        running.release()

    for number in range(60):
        background.run(lambda number=number: job(number), queue="session 1")  # type: ignore[misc]
    qtbot.waitUntil(lambda: not background.busy)
    assert order == list(range(60))


def test_another_queue_does_not_wait(qtbot: QtBot, background: Background) -> None:
    gate = threading.Event()
    done: list[str] = []
    background.run(gate.wait, lambda _value: done.append("slow"), queue=1)
    background.run(lambda: None, lambda _value: done.append("quick"), queue=2)
    qtbot.waitUntil(lambda: done == ["quick"])
    gate.set()
    qtbot.waitUntil(lambda: done == ["quick", "slow"])


def test_closing_waits_for_what_is_under_way(background: Background) -> None:
    gate, written = threading.Event(), list[str]()

    def write_late() -> None:
        gate.wait()
        written.append("typed")

    background.run(write_late, queue=1)
    background.run(lambda: written.append("more"), queue=1)
    threading.Timer(0.05, gate.set).start()
    assert background.close(10)
    assert written == ["typed", "more"]


def test_closing_does_not_wait_for_ever(background: Background) -> None:
    gate = threading.Event()
    background.run(gate.wait)
    assert not background.close(0.05)
    gate.set()
