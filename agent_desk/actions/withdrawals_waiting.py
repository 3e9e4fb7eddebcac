"""Whether a customer has withdrawn through a link and something is left to do; asked often, so it loads nothing else."""

from agent_desk.actions.context import Context
from agent_desk.storage.withdrawals import unsettled, without_receipt


def withdrawals_waiting(ctx: Context, *, receipts: bool) -> bool:
    """Tell whether a session within sight is to be settled, or a receipt is to be written where those are ours to write."""
    with ctx.database.read() as tx:
        return bool(unsettled(tx)) or (receipts and bool(without_receipt(tx)))
