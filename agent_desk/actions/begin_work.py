"""The work begins: every statement is there, and it is neither too early nor too late in the customer's day."""

from agent_desk.actions.agreement import settle_lines
from agent_desk.actions.appointments import settle_with_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.gate import pass_gate, standing
from agent_desk.actions.load_session import view
from agent_desk.actions.record import take
from agent_desk.actions.views import SessionView
from agent_desk.rules.session import State
from agent_desk.storage.withdrawals import is_declared


def begin_work(ctx: Context, session_id: int, version: int) -> SessionView:
    """Take the session to `in_progress`; Refusal `blocked` names what misses, `withdrawal_declared`."""
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, version=version)
        if is_declared(tx, session_id):
            raise Refusal("withdrawal_declared")
        ground = standing(held)
        pass_gate(held, State.IN_PROGRESS, ground)
        settle_lines(held, ground)
        settle_with_session(held, spoken=True)
        held.take_up()
        held.move(State.IN_PROGRESS, started_at=held.now)
        held.note("work_begun")
        return view(ctx, tx, session_id)
