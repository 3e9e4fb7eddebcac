"""What a transaction wrote that no other can have written: by it a COMMIT whose answer was lost is told from none."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

_NAME = "fact"


@dataclass(frozen=True, slots=True)
class Fact:
    """One such row; `stands(tx)` waits for whoever is still writing there, then tells whether the row is there."""

    stands: Callable[[Connection], bool]


def note(tx: Connection, fact: Fact) -> None:
    """Let this transaction be known by `fact`; of several the last one counts, for all are committed or none."""
    tx.info[_NAME] = fact


def forget(tx: Connection) -> None:
    """Begin a transaction that is known by nothing yet: a connection serves many, one after the other."""
    tx.info.pop(_NAME, None)


def noted(tx: Connection) -> Fact | None:
    """Return by what this transaction is known; None where doing it a second time changes nothing."""
    fact: Fact | None = tx.info.get(_NAME)
    return fact
