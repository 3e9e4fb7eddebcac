"""What each team is there for."""

from collections.abc import Mapping

from agent_desk.actions.context import Context
from agent_desk.rules.duties import Duty
from agent_desk.storage.duties import all_duties


def list_duties(ctx: Context) -> Mapping[str, tuple[Duty, ...]]:
    """Return every team by name with its duties."""
    with ctx.database.read() as tx:
        return all_duties(tx)
