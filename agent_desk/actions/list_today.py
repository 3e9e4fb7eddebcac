"""The first screen: what is under way, put aside, due, and stuck."""

from datetime import datetime

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.doubtful import doubtful
from agent_desk.actions.due import due_items
from agent_desk.actions.guessing import guessing_since
from agent_desk.actions.look_at_next import promised
from agent_desk.actions.review_views import returned_reviews
from agent_desk.actions.rows import session_row
from agent_desk.actions.views import TodayView
from agent_desk.rules.mail import WORKER_SILENT, MailChannel
from agent_desk.storage.acting import signed_in
from agent_desk.storage.checks import last_check
from agent_desk.storage.handovers import on_their_way, waiting_for
from agent_desk.storage.journal import closed_since, live_rows
from agent_desk.storage.mails import overdue_since, stuck_mails


def list_today(ctx: Context) -> TodayView:
    """Return today's work, newest first, what is due in the order of its time; the day is this workstation's."""
    now = ctx.clock.now()
    with ctx.database.read() as tx:
        live = live_rows(tx)
        who = signed_in(ctx.database)
        away = on_their_way(tx, [row.id for row in live if row.parked_at]) if who is not None else frozenset()
        rows = [session_row(row) for row in live]
        closed, billed = closed_since(tx, _midnight(now))
        return TodayView(
            open=tuple(row for row in rows if row.parked_at is None),
            parked=tuple(row for row in rows if row.parked_at is not None and row.id not in away),
            due=due_items(ctx, tx, live, now),
            stuck=stuck_mails(tx),
            closed_today=closed,
            billed_today_cents=billed,
            guessing_since=guessing_since(tx, now),
            handed=waiting_for(tx, who.mark) if who is not None else (),
            mails_wait_since=_wait_since(tx, now, MailChannel.MAIL) if ctx.leaves_sending else None,
            sms_wait_since=_wait_since(tx, now, MailChannel.SMS),
            decisions_wrong=_decisions_wrong(tx),
            returned=returned_reviews(ctx, tx),
            promised=promised(ctx, tx),
            doubtful=doubtful(ctx, tx, now),
        )


def _wait_since(tx: Connection, now: datetime, channel: MailChannel) -> datetime | None:
    """Return since when messages wait for somebody to take them, if that is longer than it should be."""
    since = overdue_since(tx, now, channel)
    return since if since is not None and now - since >= WORKER_SILENT else None


def _decisions_wrong(tx: Connection) -> int:
    last = last_check(tx)
    return last.wrong if last else 0


def _midnight(now: datetime) -> datetime:
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
