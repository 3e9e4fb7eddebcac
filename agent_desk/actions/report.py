"""The report: what happened on some days, and who is at work now."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from time import perf_counter
from typing import Any

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.report_counting import check_may_report, count_missing, count_uncounted
from agent_desk.actions.report_views import AtWork, Group, Report
from agent_desk.rules.help_call import HelpCall
from agent_desk.rules.report import (
    WHOLE,
    By,
    Figures,
    Stretch,
    Total,
    day_of,
    days_between,
    figures,
    will_pass_limit,
)
from agent_desk.rules.session import State, Step
from agent_desk.storage.content import from_json
from agent_desk.storage.help_calls import open_help
from agent_desk.storage.journal import live_rows
from agent_desk.storage.report import counted_days, mails_by_state, read_totals, team_names
from agent_desk.storage.report_counting import count_figures

USUAL_WORK = timedelta(minutes=30)  # as long as no session of these days tells better


def report(ctx: Context, first: date, last: date) -> Report:
    """Return the figures of these days of metropolitan France, both included; Refusal `no_rights`.

    Past days that nobody has counted yet are counted first, once for all.
    """
    check_may_report(ctx)
    count_missing(ctx, first, last)
    begun, now = perf_counter(), ctx.clock.now()
    with ctx.database.reports() as tx:
        counted = counted_days(tx, first, last) - {day_of(now)}
        live = count_uncounted(tx, first, min(last, day_of(now)), counted, now, count_figures)
        days, teams, services = (_totals(tx, by, first, last, counted, live) for by in By)
        names, mails = team_names(tx), mails_by_state(tx, first, last)
    whole = figures(days)
    with ctx.database.read() as tx:
        asked = {one.session_id: one for one in open_help(tx)}
        at_work = _at_work(live_rows(tx), asked, whole, now)
    return Report(
        first=first,
        last=last,
        at=now,
        figures=whole,
        mails=mails,
        days=_groups(days, lambda one: one.day.isoformat()),
        teams=_groups(teams, lambda one: names.get(one.team_id, "")),
        services=_groups(services, lambda one: one.service),
        now=at_work,
        milliseconds=(perf_counter() - begun) * 1000,
    )


def _totals(
    tx: Connection, by: By, first: date, last: date, counted: Collection[date], live: Sequence[Total]
) -> list[Total]:
    """Return what is kept and what was counted just now."""
    stale = [day for day in days_between(first, last) if day not in counted]
    kept = read_totals(tx, by, first, last, stale) if counted else ()
    return [*kept, *(one for one in live if (bool(one.service) if by is By.SERVICE else one.service in WHOLE))]


def _groups(totals: Iterable[Total], key: Callable[[Total], str]) -> tuple[Group, ...]:
    """Return the figures by `key`, in its order."""
    found: dict[str, list[Total]] = {}
    for one in totals:
        found.setdefault(key(one), []).append(one)
    return tuple(Group(name, figures(found[name])) for name in sorted(found))


def _at_work(rows: Sequence[Any], asked: Mapping[int, HelpCall], whole: Figures, now: datetime) -> tuple[AtWork, ...]:
    """Return who is in a session that was not put aside: who asks for help first, then the longest at it."""
    seconds = whole.times.get(Stretch.WORK)
    usual = USUAL_WORK if seconds is None else timedelta(seconds=seconds)
    found = [
        AtWork(
            session_id=row.id,
            number=row.number,
            agent=row.agent,
            since=row.started_at or row.opened_at,
            state=State(row.state),
            step=Step(row.step),
            help=asked.get(row.id),
            late=row.started_at is not None
            and will_pass_limit(row.started_at, usual, now, from_json(row.content).customer.territory),
        )
        for row in rows
        if row.parked_at is None
    ]
    return tuple(sorted(found, key=_urgency))


def _urgency(one: AtWork) -> tuple[int, datetime, int]:
    """Order by who waits for help, the longest first, then whom somebody goes to, then all others."""
    if one.help is None:
        return 2, one.since, one.session_id
    return (1 if one.help.coming else 0), one.help.asked_at, one.session_id
