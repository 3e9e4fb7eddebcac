"""Somebody gets a new password, for a time or for good."""

from datetime import timedelta

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.people import managing
from agent_desk.rules.people import is_password
from agent_desk.storage import people


def set_password(ctx: Context, login: str, password: str, days: int | None = None) -> None:
    """Set a password with an event; after `days` it opens nothing any more. Refusal `password_unfit`, `person_unknown`."""
    if not is_password(password):
        raise Refusal("password_unfit")
    until = None if days is None else ctx.clock.now() + timedelta(days=days)
    with managing(ctx) as tx:
        people.set_password(tx, login, password, until)
