"""The report of commitments: how often each was kept, by month and team; past days are counted once, with the other figures."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from time import perf_counter

from agent_desk.actions.commitment_views import CommitmentReport, Measured
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.report_counting import check_may_report, count_missing, count_uncounted
from agent_desk.reference import commitments
from agent_desk.rules.commitments import Count, after, first_of, month_of, months_between
from agent_desk.rules.report import Figure, Total, day_of, days_between
from agent_desk.storage.commitments import count_commitments, read_counts
from agent_desk.storage.controls import signed_sheets
from agent_desk.storage.report import counted_days, team_names

Counts = Mapping[tuple[str, int, str], Count]


def report_commitments(ctx: Context, first: str, last: str, team: str = "") -> CommitmentReport:
    """Return every commitment over these months, both included; Refusal `no_rights`, `unknown_team`."""
    check_may_report(ctx)
    begins, ends = first_of(first), last_day(last)
    count_missing(ctx, begins, ends)
    begun, now = perf_counter(), ctx.clock.now()
    with ctx.database.reports() as tx:
        names = team_names(tx)
        if team and team not in names.values():
            raise Refusal("unknown_team")
        counted = counted_days(tx, begins, ends) - {day_of(now)}
        live = count_uncounted(tx, begins, min(ends, day_of(now)), counted, now, count_commitments)
        stale = [day for day in days_between(begins, min(ends, day_of(now))) if day not in counted]
        counts = _with(read_counts(tx, begins, ends, stale), live)
        signed = signed_sheets(tx, first, last)
    cases: dict[str, list[tuple[str, str, Count]]] = {}  # month, team and count, by commitment
    for (month, team_id, of), count in counts.items():
        if not team or names.get(team_id, "") == team:
            cases.setdefault(of, []).append((month, names.get(team_id, ""), count))
    rows = tuple(
        Measured(
            one,
            sum((count for _month, _team, count in cases.get(one.id, ())), Count()),
            dict.fromkeys(months_between(first, last), Count())
            | _grouped((m, count) for m, _, count in cases.get(one.id, ())),
            _grouped((name, count) for _, name, count in cases.get(one.id, ())),
            {month: found for (of, month), found in signed.items() if of == one.id},
        )
        for one in commitments()
    )
    return CommitmentReport(first, last, team, now, rows, (perf_counter() - begun) * 1000)


def last_day(month: str) -> date:
    """Return the last day of a month."""
    return first_of(after(month)) - timedelta(days=1)


def _with(kept: Counts, live: Iterable[Total]) -> Counts:
    """Return what is kept and what was counted just now."""
    found = dict(kept)
    for one in live:
        place = month_of(one.day), one.team_id, one.key
        more = Count(total=one.number) if one.figure is Figure.COMMITMENT else Count(kept=one.number)
        found[place] = found.get(place, Count()) + more
    return found


def _grouped(counts: Iterable[tuple[str, Count]]) -> dict[str, Count]:
    """Return the counts put together by what stands before them, in its order."""
    found: dict[str, Count] = {}
    for name, count in counts:
        found[name] = found.get(name, Count()) + count
    return dict(sorted(found.items()))
