"""The answer to a change was lost: it is looked up whether it was made, and never made again."""

from agent_desk.actions.context import Context
from agent_desk.actions.load_session import load_session
from agent_desk.actions.views import SessionView
from agent_desk.storage.facts import Fact


def settle_change(ctx: Context, session_id: int, fact: Fact) -> SessionView:
    """Wait until the transaction known by `fact` is over, whichever way, and return the session as it then stands.

    DatabaseFault; Refusal `not_found`.
    """
    ctx.database.stands(fact)
    return load_session(ctx, session_id)
