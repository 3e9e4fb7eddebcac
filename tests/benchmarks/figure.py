"""One measured figure: what, how much, against which limit of the same run, and the aim."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Figure:
    """`ours` and `limit` in `unit`; the aim is on their ratio, or on `ours` itself when there is no limit."""

    what: str
    ours: float
    unit: str
    aim: float
    limit: float | None = None
    limit_name: str = ""
    at_least: bool = False

    @property
    def compared(self) -> float:
        """Return the number the aim is about."""
        return self.ours if self.limit is None else self.ours / self.limit

    @property
    def met(self) -> bool:
        """Tell whether the aim is reached."""
        return self.compared >= self.aim if self.at_least else self.compared <= self.aim


def seconds(job: Callable[[], object]) -> float:
    """Return how long one call takes."""
    began = perf_counter()
    job()
    return perf_counter() - began


def median_seconds(job: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median of `rounds` calls, after one that does not count."""
    job()
    return median(seconds(job) for _ in range(rounds))


def in_turn(ours: Callable[[], float], limit: Callable[[], float], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return both medians, measured in turn so that a drift of the machine touches both alike."""
    ours(), limit()
    pairs = [(ours(), limit()) for _ in range(rounds)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def table(figures: list[Figure]) -> str:
    """Return the figures as a table for a terminal."""
    head = ("what", "ours", "limit", "figure", "aim", "")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _row(figure: Figure) -> tuple[str, str, str, str, str, str]:
    bare = figure.limit is None
    limit = "" if figure.limit is None else f"{figure.limit:.4g} {figure.unit}  {figure.limit_name}"
    sign = "≥" if figure.at_least else "≤"
    times = f" {figure.unit}" if bare else " ×"
    return (
        figure.what,
        f"{figure.ours:.4g} {figure.unit}",
        limit,
        f"{figure.compared:.3g}{times}",
        f"{sign} {figure.aim:g}{times}",
        "ok" if figure.met else "MISSED",
    )
