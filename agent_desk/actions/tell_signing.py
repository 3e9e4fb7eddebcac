"""Somebody signs in at a desk, locks it, or leaves it: an event of the site, where the database knows people."""

from agent_desk.actions.context import Context
from agent_desk.storage.acting import signed_in
from agent_desk.storage.people import tell


def tell_signing(ctx: Context, kind: str) -> None:
    """Write `signed_in`, `signed_out`, `locked` or `unlocked` under the name of who signed in; nothing where nobody did."""
    if signed_in(ctx.database) is not None:
        with ctx.database.write() as tx:
            tell(tx, kind)
