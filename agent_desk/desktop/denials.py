"""What somebody is refused because of who they are does not stay unseen."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from agent_desk import late
from agent_desk.rules.people import DENIALS

if TYPE_CHECKING:
    from agent_desk.actions.context import Context


def done_by_right(ctx: "Context", job: "Callable[[Context], Any]") -> Any:
    """Do a job in a worker; where whoever signed in is refused it for who they are, the log of the site tells it."""
    try:
        return job(ctx)
    except Exception as error:
        code = getattr(error, "code", "")
        if ctx.person and code in DENIALS:
            with suppress(Exception):  # the agent is told all the same
                late.tell_denied(ctx, code)
        raise
