"""What was promised and not kept in time becomes visible: once, whoever sleeps."""

from agent_desk.actions.context import Context
from agent_desk.storage.presence import shared_now
from agent_desk.storage.promises import lately_missed, note_missed
from agent_desk.storage.turns import Job, turn


def raise_promises(ctx: Context) -> int:
    """Note each promise whose time is over as missed, with an event, and return how many; they stay open.

    To be called every few seconds by the mail worker, or by a single desk; by the database's clock, one program at a time.
    """
    with turn(ctx.database, Job.PROMISES) as ours:
        if not ours:
            return 0
        raised = 0
        while found := _raise_some(ctx):
            raised += found
        return raised


def _raise_some(ctx: Context) -> int:
    with ctx.database.write() as tx:
        at = shared_now(tx, ctx.clock.now())
        missed = lately_missed(tx, at)
        for one in missed:
            note_missed(tx, one, at)
        return len(missed)
