"""An agent in a session asks for help, says for what, or takes it back."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.record import take
from agent_desk.rules.help_call import HelpCall, short_reason
from agent_desk.storage.acting import acting
from agent_desk.storage.help_calls import add_help, forget_help, help_of, set_reason


def ask_help(ctx: Context, session_id: int, reason: str | None = "") -> HelpCall | None:
    """Ask, or say for what where it is asked already; take it back with None. Return what is asked then.

    Refusal `help_nobody` on a desk where nobody signed in.
    """
    with ctx.database.write() as tx:
        held, who = take(ctx, tx, session_id), acting(tx)
        if who is None:
            raise Refusal("help_nobody")
        before = help_of(tx, session_id)
        if reason is None:
            if forget_help(tx, session_id):
                held.note("help_withdrawn")
            return None
        said = short_reason(reason)
        if before is None:
            add_help(tx, session_id, who.mark, who.name, said, held.now)
        elif before.reason != said:
            set_reason(tx, session_id, said)
        if before is None or before.reason != said:
            held.note("help_asked", reason=said)
        return help_of(tx, session_id)
