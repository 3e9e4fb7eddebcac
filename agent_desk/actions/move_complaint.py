"""More time is needed for an answer: another date is promised, and the customer is told (document 004)."""

from datetime import datetime

from agent_desk.actions.complaints import (
    by_when,
    end_answer,
    facts_of,
    promise_answer,
    received_on,
    take_complaint,
    write,
)
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.outgoing import queue_matter
from agent_desk.actions.render_mail import render_matter
from agent_desk.rules.complaint import Complaint, may_promise
from agent_desk.rules.promise import short_reason
from agent_desk.storage.refused import RefusedByRights


def move_complaint(ctx: Context, complaint_id: int, version: int, due_at: datetime, reason: str) -> Complaint:
    """Promise the answer for another moment, with a reason the customer reads, and return the complaint.

    Refusal `complaint_gone`, `complaint_changed`, `complaint_due` for a moment that is over or more than 60 days away,
    `complaint_reason`.
    """
    why = short_reason(reason)
    if not why:
        raise Refusal("complaint_reason")
    try:
        with ctx.database.write() as tx:
            held, before = take_complaint(ctx, tx, complaint_id, version, is_open=True)
            if not may_promise(due_at, held.now):
                raise Refusal("complaint_due")
            end_answer(held, before, "promise_moved", why)
            promised = promise_answer(held, due_at, before.text)
            after = write(held, before, due_at=due_at, promise_id=promised)
            facts = facts_of(held)
            values = {"received_on": received_on(facts, before.level_at), "due": by_when(facts, due_at), "reason": why}
            queue_matter(held, facts, render_matter(facts, "complaint_moved", **values))
            return after
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused
