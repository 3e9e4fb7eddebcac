"""A gateway or mail worker lets its site know that it runs."""

from agent_desk.actions.door import Door
from agent_desk.storage.programs import Running, seen


def note_running(door: Door, one: Running) -> None:
    """Note that this program runs now; to be called every half minute."""
    with door.database.write() as tx:
        seen(tx, one, door.clock.now())
