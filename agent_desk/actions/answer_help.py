"""A supervisor says that they are coming."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.report_access import report_access
from agent_desk.storage import help_calls


def answer_help(ctx: Context, session_id: int) -> bool:
    """Tell who asks that somebody is coming, with an event; False where nobody asks any more, or another one comes.

    Refusal `no_rights` for those who see no figures.
    """
    if not report_access(ctx):
        raise Refusal("no_rights")
    with ctx.database.write() as tx:
        return help_calls.answer_help(tx, session_id, ctx.settings.agent_name, ctx.clock.now())
