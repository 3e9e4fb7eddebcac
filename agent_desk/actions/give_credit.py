"""A goodwill credit: granted at once within a role's limit, else proposed to a second person."""

from agent_desk.actions.context import Context
from agent_desk.actions.credits import give
from agent_desk.actions.errors import Refusal
from agent_desk.actions.record import EVERY_STATE, check_works, take
from agent_desk.rules.credit import Credit
from agent_desk.storage.acting import acting
from agent_desk.storage.refused import RefusedByRights


def give_credit(ctx: Context, session_id: int, amount_cents: int, reason: str) -> Credit:
    """Give the session's customer a credit, ended or not, and return it; what is granted is told by mail.

    Refusal `credit_amount`, `credit_reason`, `credit_no_customer`, `credit_alone` where it needs a second person and nobody
    signs in, `credit_not_yours`, `credit_changed` where another credit of the session was given meanwhile.
    """
    try:
        with ctx.database.write() as tx:
            check_works(tx)
            held = take(ctx, tx, session_id, states=EVERY_STATE, lock=False)
            return give(held, acting(tx), amount_cents, reason)
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused
