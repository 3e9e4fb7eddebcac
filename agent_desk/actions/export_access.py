"""Who may take customers' data out of the database, and what the log calls them."""

from agent_desk.actions.context import Context
from agent_desk.rules.people import Role
from agent_desk.storage.acting import has_role, signed_in

MAY_EXPORT = frozenset({Role.SUPERVISOR, Role.AUDITOR})


def may_export(ctx: Context) -> bool:
    """Tell whether whoever sits there may: a supervisor, an auditor, or anybody on a desk without accounts."""
    return has_role(ctx.database, *MAY_EXPORT)


def exporter(ctx: Context) -> str:
    """Return the name of whoever sits there."""
    who = signed_in(ctx.database)
    return who.name if who is not None else ctx.settings.agent_name
