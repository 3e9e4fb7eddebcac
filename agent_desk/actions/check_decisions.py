"""Once a night every decision is made again, by whichever worker comes first; a mismatch is an alarm."""

from agent_desk.actions.context import Context
from agent_desk.actions.verify_decisions import DecisionReport, verify_decisions
from agent_desk.rules.night import night_check_is_due
from agent_desk.storage.checks import Checked, add_check, last_check
from agent_desk.storage.events import SITE_CHAIN, append
from agent_desk.storage.turns import Job, turn

MOST_NAMED = 20


def check_decisions(ctx: Context) -> DecisionReport | None:
    """Check all decisions and keep what was found; None where this night's check is done, or under way elsewhere.

    A mismatch is an event of the site with the numbers of the first sessions, and stands in Today until a check is clean.
    """
    if not _is_due(ctx):
        return None
    with turn(ctx.database, Job.DECISIONS) as ours:
        if not ours or not _is_due(ctx):
            return None
        report = verify_decisions(ctx)
        _keep(ctx, report)
        return report


def _is_due(ctx: Context) -> bool:
    with ctx.database.read() as tx:
        last = last_check(tx)
    return night_check_is_due(last.at if last else None, ctx.clock.now())


def _keep(ctx: Context, report: DecisionReport) -> None:
    now, wrong = ctx.clock.now(), len(report.mismatches)
    named = [one.session_number for one in report.mismatches[:MOST_NAMED]]
    with ctx.database.write() as tx:
        add_check(tx, Checked(now, report.decisions, wrong))
        if wrong:
            said = {"decisions": report.decisions, "wrong": wrong, "sessions": named}
            append(tx, SITE_CHAIN, "decisions_differ", said, at=now, actor="system")
