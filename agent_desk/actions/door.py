"""What the customer's side of the screen share receives instead of a context: the database behind a narrow door."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent_desk.ports import Clock

if TYPE_CHECKING:  # whoever names a door needs no database for it
    from agent_desk.actions.context import Context
    from agent_desk.storage.database import Database


@dataclass(frozen=True, slots=True)
class Door:
    """Built once by wiring; `key` is the private door key, which opens what codes are sealed to."""

    database: "Database"
    clock: Clock
    key: bytes = field(repr=False)


def door_of(ctx: "Context") -> Door:
    """Return the door of a desk that is its own gateway."""
    return Door(ctx.database, ctx.clock, ctx.code_key)
