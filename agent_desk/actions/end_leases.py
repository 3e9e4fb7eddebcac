"""What became of mails whose sender fell silent after DATA began is not known: they are uncertain."""

from agent_desk.actions.context import Context
from agent_desk.storage.outbox import expire_leases


def end_leases(ctx: Context) -> int:
    """Make every mail uncertain whose lease ended after DATA began; return how many."""
    with ctx.database.write() as tx:
        return expire_leases(tx, ctx.clock.now())
