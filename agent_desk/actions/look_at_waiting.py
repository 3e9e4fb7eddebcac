"""Whether Today is still right about what colleagues send one: looked at often, so it is nothing else."""

from agent_desk.actions.context import Context
from agent_desk.actions.review_views import returned_reviews
from agent_desk.actions.views import Waiting
from agent_desk.storage.acting import signed_in
from agent_desk.storage.handovers import waiting_for


def look_at_waiting(ctx: Context) -> Waiting:
    """Return what waits for whoever signed in: handed over, newest first; returned for an answer, oldest first."""
    who = signed_in(ctx.database)
    if who is None:
        return Waiting()
    with ctx.database.read() as tx:
        return Waiting(waiting_for(tx, who.mark), returned_reviews(ctx, tx))
