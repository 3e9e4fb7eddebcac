"""Somebody signs in at a desk, or leaves it: an event of the site, where the database knows people."""

from agent_desk.actions.context import Context
from agent_desk.storage.acting import under_rights
from agent_desk.storage.people import tell


def tell_signing(ctx: Context, kind: str) -> None:
    """Write `signed_in` or `signed_out` under the name of who signed in; nothing on a desk without accounts."""
    if ctx.database.dialect == "sqlite":
        return
    with ctx.database.write() as tx:
        if under_rights(tx) is not None:
            tell(tx, kind)
