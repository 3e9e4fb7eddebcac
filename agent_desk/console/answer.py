"""What a command answers, for machines and for people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """The value `--json` prints, the lines printed without it, and the exit status."""

    value: object
    lines: tuple[str, ...]
    status: int = 0


def columns(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> tuple[str, ...]:
    """Return rows as aligned lines, the columns numbered in `right` set flush right; every row has equal length."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return tuple(
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
