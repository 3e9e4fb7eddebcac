"""Whether a customer has withdrawn through a link and something is left to do; asked often, so it loads nothing else."""

from agent_desk.actions.context import Context
from agent_desk.rules.people import Role
from agent_desk.storage.acting import signed_in
from agent_desk.storage.withdrawals import unsettled, without_receipt


def withdrawals_waiting(ctx: Context, *, receipts: bool) -> bool:
    """Tell whether a session within sight is to be settled, or a receipt is to be written where those are ours to write."""
    if not may_settle(ctx):
        return False
    with ctx.database.read() as tx:
        return bool(unsettled(tx)) or (receipts and bool(without_receipt(tx)))


def may_settle(ctx: Context) -> bool:
    """Tell whether whoever sits here may settle withdrawals: agents, and on a single desk whoever works there."""
    who = signed_in(ctx.database)
    if who is None or who.role is Role.AGENT:
        return True
    return ctx.database.dialect == "sqlite" and who.role is not Role.AUDITOR
