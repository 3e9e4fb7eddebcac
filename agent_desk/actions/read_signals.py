"""The messages left for one side of a share."""

from agent_desk.actions.door import Door
from agent_desk.actions.share_views import Signal
from agent_desk.storage.guest import ask


def read_signals(door: Door, share_id: int, to_side: str, after: int = 0) -> tuple[Signal, ...]:
    """Return the messages for that side with a number above `after`, in their order; none once the share has ended."""
    with door.database.read() as tx:
        rows = ask(tx, "signals", share=share_id, side=to_side, after=after)
    return tuple(Signal(row.id, share_id, to_side, row.body) for row in rows)
