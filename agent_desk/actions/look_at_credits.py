"""What a session's customer was credited, and how much more whoever looks may grant."""

from agent_desk.actions.context import Context
from agent_desk.actions.credits import by, role_of
from agent_desk.actions.errors import Refusal
from agent_desk.actions.views import CreditsView
from agent_desk.rules.credit import counted_cents, may_settle, month_of
from agent_desk.rules.identity import normal_number
from agent_desk.storage.acting import signed_in
from agent_desk.storage.credits import month_sums, session_credits
from agent_desk.storage.sessions import read_session


def look_at_credits(ctx: Context, session_id: int) -> CreditsView:
    """Return the session's credits; Refusal `not_found`."""
    who = signed_in(ctx.database)
    with ctx.database.read() as tx:
        record = read_session(tx, session_id)
        if record is None:
            raise Refusal("not_found")
        found, now = session_credits(tx, session_id), ctx.clock.now()
        number, mark = normal_number(record.content.customer.customer_number), by(ctx, who)[0]
        of_customer, own = month_sums(tx, session_id, number, mark, month_of(now))
    role = role_of(ctx, who)
    return CreditsView(
        credits=found,
        customer_cents=of_customer,
        own_cents=own,
        in_session_cents=counted_cents(found),
        role=role,
        limits=ctx.reference.credits,
        settles=frozenset(one.id for one in found if may_settle(one, role, mark)),
        alone=who is None,
    )
