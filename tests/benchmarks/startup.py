"""Starting: first paint, Today filled, memory; each against an empty window on the same X server; and idling."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

from agent_desk.settings import Settings, save_settings
from tests.benchmarks.figure import ROUNDS, Figure
from tests.benchmarks.samples import sample_file
from tests.benchmarks.screen import answer, start, x_server

SESSIONS = 100_000


def measure() -> list[Figure]:
    """Return the figures of the start and of a minute's idling."""
    with x_server() as display, home_with(SESSIONS) as home:
        runs = [(_desk(display, home), _empty(display)) for _ in range(ROUNDS + 1)][1:]
        idle = answer(start(display, "tests.benchmarks.idle_desk", home=home))
    painted = median(desk["painted"] for desk, _ in runs)
    today = median(desk["today"] for desk, _ in runs)
    memory = median(desk["memory"] for desk, _ in runs) / 1024
    empty, empty_memory = median(one["painted"] for _, one in runs), median(one["memory"] for _, one in runs) / 1024
    limit = "empty QMainWindow"
    return [
        Figure("start to window painted, palette answering", painted, "s", 2.0, empty, limit),
        Figure("start to Today filled", today, "s", 5.0, empty, limit),
        Figure("memory then (PSS)", memory, "MiB", 2.6, empty_memory, limit),
        Figure("idle for a minute with a session open", idle["cpu_percent"], "% of a core", 0.3),
    ]


@contextmanager
def home_with(sessions: int) -> Iterator[Path]:
    """Give a data folder of a desk in use, with that many sessions."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copyfile(sample_file(sessions), home / "desk.sqlite3")
        address = f"sqlite:///{home / 'desk.sqlite3'}"
        save_settings(home, replace(Settings(), agent_name="Nadia", database_url=address, first_start_done=True))
        yield home


def _desk(display: str, home: Path) -> dict[str, float]:
    return answer(start(display, "tests.benchmarks.start_desk", home=home))


def _empty(display: str) -> dict[str, float]:
    return answer(start(display, "tests.benchmarks.start_empty"))
