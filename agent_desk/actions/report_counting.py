"""Past days are counted once, each in a transaction of its own; what nobody has counted yet is counted as it is read."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.report_access import report_access
from agent_desk.rules.people import Role
from agent_desk.rules.report import Total, day_of, days_between, last_over
from agent_desk.storage.acting import has_role
from agent_desk.storage.report import counted_days, first_to_count, keep_totals
from agent_desk.storage.report_counting import count_day
from agent_desk.storage.turns import Job, turn

CountDay = Callable[[Connection, date, datetime], Iterable[Total]]  # of a day, until a moment


def check_may_report(ctx: Context) -> None:
    """Refuse those who may not see the report: Refusal `no_rights`."""
    if not report_access(ctx):
        raise Refusal("no_rights")


def count_missing(ctx: Context, first: date, last: date) -> int:
    """Count the past days among these that nobody has counted, and return how many; none where this account only reads.

    Where another program is counting, its days are read as they are there.
    """
    if not has_role(ctx.database, Role.SUPERVISOR):
        return 0
    if not _missing(ctx, first, last):
        return 0
    with turn(ctx.database, Job.REPORT) as ours:
        missing = _missing(ctx, first, last) if ours else []
        for day in missing:
            now = ctx.clock.now()  # before it is counted: a correction that comes meanwhile makes the day count again
            with ctx.database.write() as tx:
                keep_totals(tx, day, count_day(tx, day, now), now)
    return len(missing)


def count_uncounted(
    tx: Connection, first: date, last: date, counted: Collection[date], now: datetime, count: CountDay
) -> tuple[Total, ...]:
    """Return what `count` counts of the days that are not kept, today's among them."""
    begun = first_to_count(tx)
    if begun is None:
        return ()
    missing = [day for day in days_between(max(first, day_of(begun)), last) if day not in counted]
    return tuple(one for day in missing for one in count(tx, day, now))


def _missing(ctx: Context, first: date, last: date) -> list[date]:
    """Return which days are over and not counted, from the first on which a session ended."""
    with ctx.database.read() as tx:
        begun = first_to_count(tx)
        if begun is None:
            return []
        wanted = max(first, day_of(begun)), min(last, last_over(ctx.clock.now()))
        counted = counted_days(tx, *wanted)
    return [day for day in days_between(*wanted) if day not in counted]
