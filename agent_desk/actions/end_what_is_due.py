"""What nobody ended in time is ended by the mail worker: codes, and shares where no gateway runs."""

from datetime import timedelta

from agent_desk.actions.context import Context
from agent_desk.actions.door import Door
from agent_desk.actions.end_due_shares import end_due_shares
from agent_desk.actions.expire_codes import expire_codes
from agent_desk.storage.programs import last_seen
from agent_desk.storage.turns import Job, turn

GATEWAY_SILENT = timedelta(minutes=2)


def end_what_is_due(ctx: Context) -> int:
    """End lapsed codes and, unless a gateway was seen just now, due shares; return how many. One worker at a time."""
    with turn(ctx.database, Job.ENDINGS) as ours:
        if not ours:
            return 0
        door = Door(ctx.database, ctx.clock, b"")
        ended = expire_codes(door)
        return ended if _gateway_runs(ctx) else ended + end_due_shares(door)


def _gateway_runs(ctx: Context) -> bool:
    with ctx.database.read() as tx:
        at = last_seen(tx).get("gateway")
    return at is not None and ctx.clock.now() - at < GATEWAY_SILENT
