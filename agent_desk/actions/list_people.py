"""Who there is, and who has left."""

from agent_desk.actions.context import Context
from agent_desk.actions.people import managing
from agent_desk.storage.people import PersonRecord, read_people


def list_people(ctx: Context) -> tuple[PersonRecord, ...]:
    """Return everybody by their login."""
    with managing(ctx) as tx:
        return read_people(tx)
