"""The desk asks whether its database is there."""

from agent_desk.actions.context import Context


def ask_database(ctx: Context) -> None:
    """Return where it answers; DatabaseFault."""
    ctx.database.ping()
