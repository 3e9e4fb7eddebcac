"""What customers declared through a link takes effect at a desk: what was not performed stops, with its decision and mail."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.gate import standing
from agent_desk.actions.record import AGREED, take
from agent_desk.actions.withdraw_session import answer_withdrawal, withdraw
from agent_desk.actions.withdrawals_waiting import may_settle
from agent_desk.rules.session import State
from agent_desk.storage.withdrawals import settle_withdrawal, unsettled


def settle_withdrawals(ctx: Context) -> int:
    """Stop what was not performed of each withdrawn session within sight, decide, and write to the customer; once each."""
    if not may_settle(ctx):
        return 0
    with ctx.database.read() as tx:
        waiting = unsettled(tx)
    return sum(_settle(ctx, session_id) for session_id in waiting)


def _settle(ctx: Context, session_id: int) -> bool:
    with ctx.database.write() as tx:
        try:
            states = AGREED | {State.CLOSED}
            held = take(ctx, tx, session_id, states=states)
        except Refusal as refused:
            if refused.code != "already_ended":
                raise
            return settle_withdrawal(tx, session_id, ctx.clock.now())
        if not settle_withdrawal(tx, session_id, held.now):
            return False
        ground = standing(held)
        if held.record.state is not State.CLOSED:
            withdraw(held, ground)
            return True
        answer_withdrawal(held, ground)
        return True
