"""News promised for one day are promised for another one, with the reason; the customer reads both."""

from datetime import datetime

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.promises import end_promise, make_promise
from agent_desk.actions.record import EVERY_STATE, take
from agent_desk.actions.tell_case import News, tell_case
from agent_desk.rules.escalation import promise_refusal
from agent_desk.rules.promise import PromiseKind, short_reason
from agent_desk.storage.promises import read_promise


def put_off_promise(ctx: Context, promise_id: int, version: int, due_at: datetime, reason: str) -> int:
    """End a promise as moved, make the one that stands in its place, and return that one's id.

    Refusal `promise_gone`, `promise_over`, `promise_changed`, `reason_missing`, those of `rules.escalation.promise_refusal`.
    """
    if not short_reason(reason):
        raise Refusal("reason_missing")
    with ctx.database.write() as tx:
        before = read_promise(tx, promise_id)
        if before is None:
            raise Refusal("promise_gone")
        held = take(ctx, tx, before.session_id, states=EVERY_STATE, lock=False)
        if before.version != version and before.ended_at is None:
            raise Refusal("promise_changed")
        territory = held.record.content.customer.territory
        why = promise_refusal(due_at, held.now, territory, ctx.settings.extra_holidays)
        if why:
            raise Refusal(why)
        end_promise(held, before, "promise_moved", reason)
        if before.kind is PromiseKind.ANSWER:
            tell_case(
                held,
                News.MOVED,
                "",
                before.person or ctx.settings.agent_name,
                due_at,
                before=before.due_at,
                reason=short_reason(reason),
            )
        return make_promise(
            *(held, before.kind, due_at),
            subject=before.subject,
            team_id=before.team_id,
            person=(before.person_mark, before.person),
        )
