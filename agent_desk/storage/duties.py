"""What teams are there for: read by everybody; `people.set_duties` sets them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from agent_desk.rules.duties import Duty
from agent_desk.storage.asking_tables import team_duty
from agent_desk.storage.tables import team


def teams_for(tx: Connection, duties: Collection[Duty]) -> Sequence[Any]:
    """Return id, name and duty of the teams that have one of these duties, by duty and name."""
    query = (
        select(team.c.id, team.c.name, team_duty.c.duty)
        .join(team_duty, team_duty.c.team_id == team.c.id)
        .where(team_duty.c.duty.in_(duties))
        .order_by(team_duty.c.duty, team.c.name)
    )
    return tx.execute(query).all()


def all_duties(tx: Connection) -> Mapping[str, tuple[Duty, ...]]:
    """Return every team by name with its duties, in the order of the levels."""
    query = select(team.c.name, team_duty.c.duty).outerjoin(team_duty, team_duty.c.team_id == team.c.id)
    found: dict[str, list[Duty]] = {}
    for row in tx.execute(query.order_by(team.c.name)):
        found.setdefault(row.name, []).extend([Duty(row.duty)] if row.duty else [])
    order = list(Duty)
    return {name: tuple(sorted(duties, key=order.index)) for name, duties in found.items()}
