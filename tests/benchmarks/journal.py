"""The Journal's first page of a text search in a million sessions, against 50 rows looked up by primary key."""

from functools import partial
from statistics import median

from sqlalchemy import select

from agent_desk.actions.context import Context
from agent_desk.actions.search_journal import search_journal
from agent_desk.actions.views import JournalFilter
from agent_desk.storage.database import Database
from agent_desk.storage.tables import session
from tests.benchmarks.figure import Figure, in_turn, seconds
from tests.benchmarks.samples import sample_file
from tests.support.desks import context

SESSIONS = 1_000_000
PAGE = 50
# A frequent name, the beginning of a word, a service, two words, a case number, nothing at all.
SEARCHES = ("morvan", "mor", "imprimante", "claire quimper", "S-2026-004127", "zzyzx")


def measure() -> list[Figure]:
    """Return the figure of the search that fares worst."""
    database = Database.open(f"sqlite:///{sample_file(SESSIONS)}")
    ctx = context(database)
    pairs = [in_turn(partial(_timed, ctx, words), partial(_look_up, ctx)) for words in SEARCHES]
    database.close()
    ours, limit = max(ours for ours, _ in pairs), median(limit for _, limit in pairs)
    return [Figure("first page of a search, 1,000,000 sessions", ours * 1000, "ms", 20, limit * 1000, "50 rows by key")]


def _timed(ctx: Context, words: str) -> float:
    return seconds(lambda: search_journal(ctx, JournalFilter(text=words)))


def _look_up(ctx: Context) -> float:
    ids = range(SESSIONS // 2, SESSIONS // 2 + 50 * 97, 97)

    def job() -> None:
        with ctx.database.read() as tx:
            assert len(tx.execute(select(session).where(session.c.id.in_(ids))).all()) == PAGE

    return seconds(job)
