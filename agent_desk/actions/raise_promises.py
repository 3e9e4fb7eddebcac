"""What was promised and not kept in time becomes visible: once, whoever sleeps."""

from agent_desk.actions.context import Context
from agent_desk.rules.promise import Promise
from agent_desk.storage.promises import lately_missed, note_missed
from agent_desk.storage.turns import Job, turn


def raise_promises(ctx: Context) -> int:
    """Note each promise whose time is over as missed, with an event, and return how many; they stay open.

    To be called every few seconds by the mail worker, or by a single desk, one program at a time. Each promise is met once
    at a call, whatever becomes of it: one that cannot be marked keeps nobody from those behind it.
    """
    with turn(ctx.database, Job.PROMISES) as ours:
        if not ours:
            return 0
        raised, after = 0, None
        while True:
            marked, after = _raise_some(ctx, after)
            raised += marked
            if after is None:
                return raised


def _raise_some(ctx: Context, after: Promise | None) -> tuple[int, Promise | None]:
    """Return how many of the next ones were marked, and the last that was met, None where there was none."""
    with ctx.database.write() as tx:
        at = ctx.clock.now()
        missed = lately_missed(tx, at, after)
        return sum(note_missed(tx, one, at) for one in missed), missed[-1] if missed else None
