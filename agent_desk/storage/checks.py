"""What deciding everything again has found, night after night."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from agent_desk.storage.site_tables import decision_check


@dataclass(frozen=True, slots=True)
class Checked:
    """One check of all decisions: when, of how many, and how many came out different."""

    at: datetime
    decisions: int
    wrong: int


def add_check(tx: Connection, done: Checked) -> None:
    """Keep what a check has found."""
    tx.execute(insert(decision_check).values(at=done.at, decisions=done.decisions, wrong=done.wrong))


def last_check(tx: Connection) -> Checked | None:
    """Return the last check, or None before the first."""
    row = tx.execute(select(decision_check).order_by(decision_check.c.id.desc()).limit(1)).first()
    return None if row is None else Checked(row.at, row.decisions, row.wrong)
