"""Whether Today is still right about what colleagues have handed over; asked often, so it looks at nothing else."""

from agent_desk.actions.context import Context
from agent_desk.rules.handover import Handover
from agent_desk.storage.acting import signed_in
from agent_desk.storage.handovers import waiting_for


def look_at_handed(ctx: Context) -> tuple[Handover, ...]:
    """Return what waits for whoever signed in, newest first."""
    who = signed_in(ctx.database)
    if who is None:
        return ()
    with ctx.database.read() as tx:
        return waiting_for(tx, who.mark)
