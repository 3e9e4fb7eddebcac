"""Somebody at a desk of their own replaces their password."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.people import managing
from agent_desk.actions.sign_in import sign_in
from agent_desk.rules.people import is_password
from agent_desk.storage import people


def change_password(ctx: Context, old: str, new: str) -> None:
    """Replace one's own password; Refusal `password_unfit`, or as for `sign_in` where the old one is not right."""
    if not is_password(new):
        raise Refusal("password_unfit")
    sign_in(ctx, ctx.person, old)
    with managing(ctx) as tx:
        people.set_password(tx, ctx.person, new, None)
