"""Who reviews closed sessions, and what they are called there."""

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.rules.people import Role
from agent_desk.storage.acting import signed_in
from agent_desk.storage.sessions import is_one_persons


def may_review(ctx: Context) -> bool:
    """Tell whether whoever sits there reviews: a supervisor, or anybody on a desk without accounts."""
    who = signed_in(ctx.database)
    return who is None or who.role is Role.SUPERVISOR


def reviews_here(ctx: Context, tx: Connection) -> bool:
    """Tell whether reviews are for whoever sits there: not where one person alone has worked, for nobody reviews themselves."""
    return may_review(ctx) and (signed_in(ctx.database) is not None or not is_one_persons(tx, here(ctx)[0]))


def check_may_review(ctx: Context) -> None:
    """Refuse `review_not_allowed` to everybody else."""
    if not may_review(ctx):
        raise Refusal("review_not_allowed")


def here(ctx: Context) -> tuple[str, str]:
    """Return name and mark of whoever sits there; no mark where nobody signed in."""
    who = signed_in(ctx.database)
    return (ctx.settings.agent_name, "") if who is None else (who.name, who.mark)
