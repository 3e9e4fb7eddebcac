"""The first screen: what is under way, put aside, due, and stuck."""

from datetime import datetime

from agent_desk.actions.context import Context
from agent_desk.actions.due import due_items
from agent_desk.actions.guessing import guessing_since
from agent_desk.actions.rows import session_row
from agent_desk.actions.views import TodayView
from agent_desk.storage.journal import closed_since, live_rows
from agent_desk.storage.mails import stuck_mails


def list_today(ctx: Context) -> TodayView:
    """Return today's work, newest first, what is due in the order of its time; the day is this workstation's."""
    now = ctx.clock.now()
    with ctx.database.read() as tx:
        live = live_rows(tx)
        rows = [session_row(row) for row in live]
        closed, billed = closed_since(tx, _midnight(now))
        return TodayView(
            open=tuple(row for row in rows if row.parked_at is None),
            parked=tuple(row for row in rows if row.parked_at is not None),
            due=due_items(ctx, tx, live, now),
            stuck=stuck_mails(tx),
            closed_today=closed,
            billed_today_cents=billed,
            guessing_since=guessing_since(tx, now),
        )


def _midnight(now: datetime) -> datetime:
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
