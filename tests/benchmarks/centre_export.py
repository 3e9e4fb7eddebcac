"""A supervisor's export of a hundred thousand sessions: how long it takes, and that its memory does not grow with them."""

import resource
import subprocess
import sys
import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path

from agent_desk.actions.export_journal import export_journal
from agent_desk.actions.views import JournalFilter
from agent_desk.adapters.sheets import open_sheet
from tests.benchmarks.centre import centre, desk_at, desk_url
from tests.benchmarks.figure import Figure, seconds
from tests.benchmarks.screen import ROOT
from tests.support.desks import NOON

MANY, FEW = 100_000, 10_000  # one was opened each minute


def measure() -> list[Figure]:
    """Return the figures of both forms, and what a tenfold export adds to the memory."""
    with centre() as server:
        few = _exported(desk_url(server), FEW, ".csv")[1]
        csv, many = _exported(desk_url(server), MANY, ".csv")
        xlsx, _ = _exported(desk_url(server), MANY, ".xlsx")
    return [
        Figure(f"export of {MANY:,} sessions to CSV", csv, "s", 10),
        Figure("its memory", many, "MiB", 1.1, few, f"of {FEW:,} sessions"),
        Figure(f"export of {MANY:,} sessions to XLSX", xlsx, "s", 30),
    ]


def _exported(url: str, sessions: int, suffix: str) -> tuple[float, float]:
    """Return how long an export takes in a process of its own, and the most memory it had, in MiB."""
    command = [sys.executable, "-m", "tests.benchmarks.centre_export", url, str(sessions), suffix]
    said = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    taken, memory = map(float, said.split())
    return taken, memory


def main(url: str, sessions: int, suffix: str) -> None:
    """Export, and say how it was."""
    with tempfile.TemporaryDirectory() as folder, desk_at(url) as ctx:
        wanted = JournalFilter(since=NOON - timedelta(minutes=sessions))
        sheet = partial(open_sheet, Path(folder) / f"export{suffix}")
        taken = seconds(partial(export_journal, ctx, wanted, sheet, suffix[1:]))
    print(taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
