"""What a desk sells and reads aloud, asked for now and then, so that a change reaches it without a new start."""

from agent_desk.actions.context import Context
from agent_desk.actions.site_catalogue import reference_of
from agent_desk.reference import Reference


def look_at_catalogue(ctx: Context) -> Reference:
    """Return the site's catalogue and texts; the very same object as long as nothing was approved."""
    with ctx.database.read() as tx:
        return reference_of(ctx, tx)
