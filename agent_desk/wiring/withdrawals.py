"""What customers declared through a link becomes a receipt, an end and a mail, by whoever sends the site's mails."""

from typing import TYPE_CHECKING

from agent_desk import late

if TYPE_CHECKING:
    from agent_desk.actions.context import Context


def see_to_withdrawals(ctx: "Context") -> int:
    """Write the receipts that are due, then settle, and return how many sessions were; what that takes is loaded for one only."""
    if not late.withdrawals_waiting(ctx):
        return 0
    try:
        late.acknowledge_withdrawals(ctx)
    finally:  # a receipt that cannot be written holds up no decision
        settled: int = late.settle_withdrawals(ctx)
    return settled
