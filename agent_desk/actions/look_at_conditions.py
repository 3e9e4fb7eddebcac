"""Under which conditions equipment that was found feasible can be worked on (4.4)."""

from collections.abc import Iterable

from agent_desk.actions.context import Context
from agent_desk.storage.questions import known_answers


def look_at_conditions(ctx: Context, names: Iterable[str]) -> dict[str, str]:
    """Return the conditions by `identity.equipment_key`, of those of these names that have any."""
    with ctx.database.read() as tx:
        return {key: one.conditions for key, one in known_answers(tx, names).items() if one.conditions}
