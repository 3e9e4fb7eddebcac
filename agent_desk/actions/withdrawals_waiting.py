"""Whether a customer has withdrawn through a link and something is left to do; asked often, so it loads nothing else."""

from agent_desk.actions.context import Context
from agent_desk.rules.people import Role
from agent_desk.storage.acting import signed_in
from agent_desk.storage.withdrawals import unsettled, without_receipt


def withdrawals_waiting(ctx: Context) -> bool:
    """Tell whether a session is to be settled or a receipt to be written, where that is for whoever asks to do."""
    if not may_settle(ctx):
        return False
    with ctx.database.read() as tx:
        return bool(unsettled(tx)) or bool(without_receipt(tx))


def may_settle(ctx: Context) -> bool:
    """Tell whether whoever asks settles withdrawals: a mail worker, and on a single desk whoever works there."""
    who = signed_in(ctx.database)
    if who is None or who.role is Role.MAILER:
        return True
    return ctx.database.dialect == "sqlite" and who.role is not Role.AUDITOR
