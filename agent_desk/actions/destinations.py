"""Teams of other levels of support, to which a case can be sent."""

from dataclasses import dataclass

from sqlalchemy import Connection

from agent_desk.rules.duties import LEVELS, Duty
from agent_desk.rules.handover import Receiver
from agent_desk.storage.duties import teams_for


@dataclass(frozen=True, slots=True)
class Destination:
    """A team a case can be sent to, and what it is there for."""

    team: Receiver
    duty: Duty


def teams_to_send_to(tx: Connection, own: int) -> tuple[Destination, ...]:
    """Return them by level, the own team apart."""
    return tuple(
        Destination(Receiver(row.id, row.name, row.id, is_team=True), Duty(row.duty))
        for row in sorted(teams_for(tx, LEVELS), key=lambda row: (LEVELS[Duty(row.duty)], row.name))
        if row.id != own
    )
