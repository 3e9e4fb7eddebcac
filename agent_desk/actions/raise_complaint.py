"""A customer who is not content with an answer turns to the appeal service, then to the mediator (document 004, L612-1)."""

from datetime import datetime

from agent_desk.actions.complaints import promise_answer, take_complaint, write
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.rules.complaint import Complaint, ComplaintState, is_receivable, level_due, may_follow


def raise_complaint(ctx: Context, complaint_id: int, version: int, reached_at: datetime) -> Complaint:
    """Note that the next level was reached then, promise its answer, and return the complaint, open again.

    Refusal `complaint_gone`, `complaint_changed`, `complaint_future`, `complaint_old` for a moment before the answer,
    `complaint_no_level` where nobody is left to turn to, or it is too late.
    """
    with ctx.database.write() as tx:
        held, before = take_complaint(ctx, tx, complaint_id, version, is_open=False)
        now, customer = held.now, held.record.content.customer
        if not is_receivable(reached_at, now) or (before.answered_at is not None and reached_at < before.answered_at):
            raise Refusal("complaint_future" if reached_at > now else "complaint_old")
        rules = ctx.reference.appeals
        level = may_follow(before, customer.segment, reached_at, customer.territory, rules)
        if level is None:
            raise Refusal("complaint_no_level")
        days_off = ctx.settings.extra_holidays
        due = level_due(level, before.channel, reached_at, customer.territory, rules, days_off)
        columns = {"state": ComplaintState.OPEN, "credit_id": None, "correction": None, "reason": ""}
        promised = promise_answer(held, due, before.text)
        after = write(held, before, level=level, level_at=reached_at, due_at=due, promise_id=promised, **columns)
        held.note("complaint_raised", complaint=before.id, level=level, due=due.isoformat(timespec="minutes"))
        return after
