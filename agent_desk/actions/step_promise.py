"""Something happens to a promise: it is kept, taken by somebody, tried in vain, or ends otherwise."""

from collections.abc import Mapping

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.rules.promise import Promise, short_reason
from agent_desk.storage import promises
from agent_desk.storage.acting import acting
from agent_desk.storage.refused import RefusedByRights


def step_promise(
    ctx: Context, promise_id: int, version: int, event: str, reason: str = "", said: Mapping[str, object] | None = None
) -> Promise:
    """Let one of `storage.promises.STEPS` happen in a transaction of its own, and return what the promise is then.

    Refusal `promise_gone`, `promise_over`, `promise_changed`, `promise_not_yours`.
    """
    try:
        with ctx.database.write() as tx:
            before = promises.read_promise(tx, promise_id)
            if before is None:
                raise Refusal("promise_gone")
            if before.ended_at is not None:
                raise Refusal("promise_over")
            if before.version != version:
                raise Refusal("promise_changed")
            at, who = ctx.clock.now(), acting(tx)
            taker = (who.mark, who.name) if who is not None and event == "promise_taken" else None
            promises.step_promise(
                tx,
                before,
                event,
                at=at,
                by=ctx.settings.agent_name,
                reason=short_reason(reason),
                said=said,
                taker=taker,
            )
            after = promises.read_promise(tx, promise_id)
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused
    if after is None:
        raise Refusal("promise_gone")
    return after
