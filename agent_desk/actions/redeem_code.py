"""A code is used by hand, where no page counts tries: samples, and whoever tries the life of a code by itself (4.6)."""

from agent_desk.actions.context import Context
from agent_desk.actions.door import door_of
from agent_desk.actions.try_code import try_code


def redeem_code(ctx: Context, digits: str, source: str) -> int:
    """Return the session the code opens; Refusal `code_refused`, the same whether it is unknown, wrong, old or used.

    `source` says where the attempt came from, in the session's log.
    """
    return try_code(door_of(ctx), digits, source, browser="").session_id
