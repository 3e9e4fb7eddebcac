"""The site's door key is replaced: what anybody may have kept of the old one opens nothing any more."""

from dataclasses import dataclass

from agent_desk.actions.code_seal import public_key
from agent_desk.actions.context import Context
from agent_desk.actions.people import managing
from agent_desk.storage import people


@dataclass(frozen=True, slots=True)
class TurnedKeys:
    """The public half of the new key, and how many codes were put out because the old one sealed them."""

    door_key: str
    codes: int


def turn_keys(ctx: Context, private: bytes) -> TurnedKeys:
    """Publish the new door key and put out every live code, with an event; Refusal `not_administrator`."""
    public = public_key(private).hex()
    with managing(ctx, on_server=True) as tx:
        return TurnedKeys(public, people.turn_door_key(tx, public))
