"""Somebody was refused something because of who they are: an event of the site, where the database knows people."""

from agent_desk.actions.context import Context
from agent_desk.rules.people import DENIALS
from agent_desk.storage.acting import signed_in
from agent_desk.storage.people import tell_denied as tell


def tell_denied(ctx: Context, code: str) -> None:
    """Write it under the name of who signed in; nothing where nobody did, or for any other refusal."""
    if code in DENIALS and signed_in(ctx.database) is not None:
        with ctx.database.write() as tx:
            tell(tx, code)
