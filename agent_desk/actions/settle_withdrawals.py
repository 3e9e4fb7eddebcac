"""What customers declared through a link takes effect, whoever is there: what was not performed stops, with its decision and mail."""

from dataclasses import replace

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.gate import standing
from agent_desk.actions.record import AGREED, take
from agent_desk.actions.withdraw_session import answer_withdrawal, withdraw
from agent_desk.actions.withdrawals_waiting import may_settle
from agent_desk.rules.session import State
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.turns import Job, turn
from agent_desk.storage.withdrawals import hold_withdrawal, note_settled, unsettled

STATES = AGREED | {State.CLOSED}


def settle_withdrawals(ctx: Context) -> int:
    """Stop what was not performed of each withdrawn session, decide, and write to the customer; once each.

    The mail worker does it, or a desk that sends mails itself; one program at a time, a transaction each. One that cannot
    be settled holds up no other, and is told after them.
    """
    if not may_settle(ctx):
        return 0
    with turn(ctx.database, Job.WITHDRAWALS) as ours:
        return _settle_all(ctx) if ours else 0


def _settle_all(ctx: Context) -> int:
    with ctx.database.read() as tx:
        waiting = unsettled(tx)
    settled, failed = 0, None
    for session_id in waiting:
        try:
            settled += _settle(ctx, session_id)
        except DatabaseFault:  # it is away, and would be for the next one
            raise
        except Exception as error:  # noqa: BLE001 (told below, once the others are settled)
            failed = error
    if failed is not None:
        raise failed
    return settled


def _settle(ctx: Context, session_id: int) -> bool:
    """Settle one, noted last: until then the database lets a mail worker change this session, and no longer."""
    with ctx.database.write() as tx:
        if not hold_withdrawal(tx, session_id):
            return False
        try:
            held = replace(take(ctx, tx, session_id, states=STATES), actor="system")
        except Refusal as refused:
            if refused.code != "already_ended":
                raise
        else:
            end = answer_withdrawal if held.record.state is State.CLOSED else withdraw
            end(held, standing(held))
        note_settled(tx, session_id, ctx.clock.now())
        return True
