"""Who asks for help now."""

from agent_desk.actions.context import Context
from agent_desk.rules.help_call import HelpCall
from agent_desk.storage.help_calls import help_of, open_help


def look_at_help(ctx: Context, session_id: int | None = None) -> tuple[HelpCall, ...]:
    """Return what is asked in this session, or in all that whoever signed in may see."""
    with ctx.database.read() as tx:
        if session_id is None:
            return open_help(tx)
        found = help_of(tx, session_id)
        return () if found is None else (found,)
