"""Whether the report is for whoever signed in; asked at each start, so it loads nothing that counts."""

from agent_desk.actions.context import Context
from agent_desk.rules.people import Role
from agent_desk.storage.acting import has_role

READERS = frozenset({Role.SUPERVISOR, Role.AUDITOR})  # who reads every session, so that a figure is of all of them


def report_access(ctx: Context) -> bool:
    """Tell whether whoever signed in may see the report; on a desk without people everybody may."""
    return has_role(ctx.database, *READERS)
