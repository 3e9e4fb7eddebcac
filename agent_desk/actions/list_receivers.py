"""To whom a session may be handed over."""

from agent_desk.actions.context import Context
from agent_desk.rules.handover import Receiver
from agent_desk.storage.acting import signed_in
from agent_desk.storage.handovers import receivers


def list_receivers(ctx: Context) -> tuple[Receiver, ...]:
    """Return teams and agents; nobody where nobody signed in, on a single desk."""
    who = signed_in(ctx.database)
    if who is None:
        return ()
    with ctx.database.read() as tx:
        return receivers(tx, who.mark)
