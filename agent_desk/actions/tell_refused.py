"""Sign-ins that a server refused at a desk: told by whoever it let in there afterwards, for who was refused may not write."""

from datetime import datetime

from agent_desk.actions.context import Context
from agent_desk.storage.acting import under_rights
from agent_desk.storage.people import tell_refused as tell


def tell_refused(ctx: Context, count: int, since: datetime) -> None:
    """Write that `count` sign-ins were refused here since then; on one desk each was written at once."""
    if ctx.database.dialect == "sqlite":
        return
    with ctx.database.write() as tx:
        if under_rights(tx) is not None:
            tell(tx, count, since)
