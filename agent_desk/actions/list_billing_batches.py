"""All batches that went to the bill."""

from agent_desk.actions.context import Context
from agent_desk.storage.bill import Batch, list_batches


def list_billing_batches(ctx: Context) -> tuple[Batch, ...]:
    """Return the batches, the latest first."""
    with ctx.database.read() as tx:
        return list_batches(tx)
