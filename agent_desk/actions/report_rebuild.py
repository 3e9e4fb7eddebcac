"""The totals of past days are thrown away and counted again from everything else."""

from datetime import date

from agent_desk.actions.context import Context
from agent_desk.actions.report_counting import check_may_report, count_missing
from agent_desk.rules.report import last_over
from agent_desk.storage.report import forget_days


def report_rebuild(ctx: Context) -> int:
    """Count every past day again and return how many there are; Refusal or DatabaseFault `no_rights`.

    A report asked for meanwhile counts what it misses as it reads, and says the same.
    """
    check_may_report(ctx)
    with ctx.database.write() as tx:
        forget_days(tx)
    return count_missing(ctx, date.min, last_over(ctx.clock.now()))
