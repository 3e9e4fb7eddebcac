"""One side's message to the other, left where the other side's gateway finds it."""

from agent_desk.actions.door import Door
from agent_desk.storage.guest import ask
from agent_desk.storage.types import microseconds


def post_signal(door: Door, share_id: int, to_side: str, body: str) -> int | None:
    """Leave a message for "customer" or "viewer" and return its number; None once the share has ended.

    On PostgreSQL all who listen to `agent_desk_signal` are told `<share>/<side>/<number>`.
    """
    with door.database.write() as tx:
        at = microseconds(door.clock.now())
        made = ask(tx, "signal", share=share_id, side=to_side, body=body, at=at)
    return made[0].id if made else None
