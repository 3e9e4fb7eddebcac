"""The Journal of a call centre as a supervisor sees it: a million sessions on PostgreSQL under row-level security."""

import sys
from datetime import timedelta
from functools import partial
from statistics import median, quantiles

from sqlalchemy import text

from agent_desk.actions.context import Context
from agent_desk.actions.search_journal import search_journal
from agent_desk.actions.views import JournalFilter
from tests.benchmarks.centre import FREQUENT, RARE, centre, desk_at, desk_url
from tests.benchmarks.figure import Figure, in_turn, seconds
from tests.support.desks import NOON

ROUNDS = 20
DEEP = 10_000
PAGE = 50
YEAR_AGO = NOON - timedelta(days=365)
FILTERS = {
    "everything": JournalFilter(),
    "a word in half the sessions": JournalFilter(text=FREQUENT),
    "a rare word": JournalFilter(text=RARE),
    "a word nobody has": JournalFilter(text="zzyzx"),
    "beginnings of two words": JournalFilter(text="mor quim"),
    "a word, in a month a year ago": JournalFilter(
        text="imprimante", since=YEAR_AGO, until=YEAR_AGO + timedelta(days=30)
    ),
    "a word and an outcome": JournalFilter(text="livebox", outcome="not_solved"),
    "a team and a service": JournalFilter(team="Équipe 07", service="network.router"),
    "an agent and a mail state": JournalFilter(agent="Agent 077", mail="uncertain"),
    "a service nobody has": JournalFilter(service="nobody.has"),
    "a rule and an amount waived": JournalFilter(rule="failed_session_not_billed", waived_from=4900),
    "an answer on the page, an amount nobody was spared": JournalFilter(channel="page", waived_from=9_999_900),
}


def measure() -> list[Figure]:
    """Return the figures of the first pages together, and of the page that lies deepest."""
    with centre() as server, desk_at(desk_url(server)) as ctx:
        taken: list[float] = []
        for name, wanted in FILTERS.items():
            search_journal(ctx, wanted)
            times = [seconds(partial(search_journal, ctx, wanted)) for _ in range(ROUNDS)]
            print(f"  {median(times) * 1000:7.1f} ms, {max(times) * 1000:7.1f} at most: {name}", file=sys.stderr)
            taken += times
        deep, first = max((_deep_and_first(ctx, JournalFilter(outcome=one)) for one in ("", "solved")), key=_ratio)
    what = "first page of twelve filters, 1,000,000 sessions, PostgreSQL"
    return [
        Figure(f"{what}, median", median(taken) * 1000, "ms", 50),
        Figure(f"{what}, 95 of 100", quantiles(taken, n=20)[-1] * 1000, "ms", 150),
        Figure(f"page {DEEP:,} of the same", deep * 1000, "ms", 1.5, first * 1000, "first page"),
    ]


def _deep_and_first(ctx: Context, wanted: JournalFilter) -> tuple[float, float]:
    condition = "WHERE outcome = :outcome" if wanted.outcome else ""
    query = text(f"SELECT id FROM session {condition} ORDER BY id DESC OFFSET :skipped LIMIT 1")
    with ctx.database.read() as tx:
        after = tx.execute(query, {"outcome": wanted.outcome, "skipped": (DEEP - 1) * PAGE - 1}).scalar_one()
    assert len(search_journal(ctx, wanted, after).rows) == PAGE
    return in_turn(
        lambda: seconds(partial(search_journal, ctx, wanted, after)),
        lambda: seconds(partial(search_journal, ctx, wanted)),
        ROUNDS,
    )


def _ratio(pair: tuple[float, float]) -> float:
    return pair[0] / pair[1]
