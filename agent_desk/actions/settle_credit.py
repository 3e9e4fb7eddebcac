"""A second person grants or refuses a credit that was proposed above its limit."""

from agent_desk.actions.context import Context
from agent_desk.actions.credits import by, role_of, tell_customer
from agent_desk.actions.errors import Refusal
from agent_desk.actions.promises import end_promise
from agent_desk.actions.record import EVERY_STATE, check_works, take
from agent_desk.rules.credit import Credit, CreditState, may_settle
from agent_desk.rules.promise import short_reason
from agent_desk.storage.acting import acting
from agent_desk.storage.credits import read_credit, write_settlement
from agent_desk.storage.promises import read_promise
from agent_desk.storage.refused import RefusedByRights


def settle_credit(ctx: Context, credit_id: int, version: int, *, granted: bool, reason: str = "") -> Credit:
    """Decide about a proposed credit and return it; what is granted is told to the customer, what is refused has a reason.

    Refusal `credit_gone`, `credit_settled`, `credit_own` for who proposed it, `credit_not_yours` for who is no supervisor,
    `credit_reason`.
    """
    why = short_reason(reason)
    if not granted and not why:
        raise Refusal("credit_reason")
    try:
        with ctx.database.write() as tx:
            check_works(tx)
            who, before = acting(tx), read_credit(tx, credit_id)
            if before is None:
                raise Refusal("credit_gone")
            if before.state is not CreditState.PROPOSED or before.version != version:
                raise Refusal("credit_settled")
            me = by(ctx, who)
            if not may_settle(before, role_of(ctx, who), me[0]):
                raise Refusal("credit_own" if me[0] == before.by_mark else "credit_not_yours")
            held = take(ctx, tx, before.session_id, states=EVERY_STATE, lock=False)
            write_settlement(tx, before, granted=granted, reason=why, by=me, at=held.now)
            promised = None if before.promise_id is None else read_promise(tx, before.promise_id)
            if promised is not None and promised.ended_at is None:
                end_promise(held, promised, "promise_kept")
            if granted:
                tell_customer(held, before.amount_cents, before.reason)
            after = read_credit(tx, credit_id)
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused
    assert after is not None  # noqa: S101 - settled above
    return after
