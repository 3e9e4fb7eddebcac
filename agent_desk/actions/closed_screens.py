"""Which screens are not for whoever signed in; asked in the thread that paints, so it asks nothing of the database."""

from agent_desk.actions.context import Context
from agent_desk.actions.report_access import report_access
from agent_desk.rules.people import Role
from agent_desk.storage.acting import signed_in

OF_SESSIONS = frozenset({"today", "session", "journal", "agenda"})


def closed_screens(ctx: Context) -> frozenset[str]:
    """Return their names: a server's administrators look after people, prices and texts, and see no session."""
    who = signed_in(ctx.database)
    keeps_out = who is not None and who.role is Role.ADMINISTRATOR and ctx.database.dialect != "sqlite"
    closed = OF_SESSIONS if keeps_out else frozenset[str]()
    return closed if report_access(ctx) else closed | {"pilotage", "commitments"}
