"""`python -m tests.benchmarks [name …]`: measure and print; exit status 1 when an aim is missed."""

import sys
from collections.abc import Callable

from tests.benchmarks import (
    centre_closings,
    centre_cockpit,
    centre_export,
    centre_idle,
    centre_journal,
    centre_pilotage,
    centre_slots,
    closing,
    gateway,
    journal,
    mailing,
    pdf,
    report,
    screens,
    share,
    startup,
)
from tests.benchmarks.figure import Figure, table

BENCHMARKS: dict[str, Callable[[], list[Figure]]] = {
    "startup": startup.measure,
    "screens": screens.measure,
    "closing": closing.measure,
    "pdf": pdf.measure,
    "journal": journal.measure,
    "report": report.measure,
    "filters": centre_journal.measure,
    "pilotage": centre_pilotage.measure,
    "cockpit": centre_cockpit.measure,
    "slots": centre_slots.measure,
    "export": centre_export.measure,
    "closings": centre_closings.measure,
    "idle": centre_idle.measure,
    "mailing": mailing.measure,
    "gateway": gateway.measure,
    "share": share.measure,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, all of them by default, and print one table."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    try:
        for name in names or BENCHMARKS:
            print(f"{name} …", file=sys.stderr, flush=True)
            figures += BENCHMARKS[name]()
    finally:  # minutes of measuring are not lost with one that fails
        print(table(figures))
    return 0 if all(figure.met for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
