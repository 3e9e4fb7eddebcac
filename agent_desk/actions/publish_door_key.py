"""A gateway of its own makes its door known: from then on every desk seals its codes to it."""

from agent_desk.actions.code_seal import public_key
from agent_desk.storage.database import Database
from agent_desk.storage.site import write_site

DOOR_KEY = "door_key"


def publish_door_key(database: Database, private: bytes) -> str:
    """Write the public half of the gateway's key where desks find it, and return it; codes sealed before are void."""
    public = public_key(private).hex()
    with database.write() as tx:
        write_site(tx, DOOR_KEY, public)
    return public
