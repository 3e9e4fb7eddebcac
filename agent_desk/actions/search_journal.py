"""The Journal: sessions newest first, by words and filters, page by page."""

from time import perf_counter

from agent_desk.actions.context import Context
from agent_desk.actions.rows import session_row
from agent_desk.actions.views import JournalFilter, JournalPage
from agent_desk.storage.journal import Wanted, count_rows, page_rows
from agent_desk.storage.sessions import count_sessions

LONGEST_TEXT = 200
LARGEST_PAGE = 500
CAP = 50


def search_journal(ctx: Context, wanted: JournalFilter, after: int | None = None, limit: int = 50) -> JournalPage:
    """Return one page; `after` is the `next_key` of the page before. More than 50 matches are not counted further."""
    begun = perf_counter()
    limit = max(1, min(limit, LARGEST_PAGE))
    asked = Wanted(wanted.text[:LONGEST_TEXT], wanted.since, wanted.until, wanted.outcome, wanted.agent)
    with ctx.database.read() as tx:
        rows = page_rows(tx, asked, after, limit + 1)
        sessions = count_sessions(tx)
        if asked == Wanted():
            total, capped = sessions, False
        elif after is None and (len(rows) <= limit or limit >= CAP):  # the page has counted already
            total, capped = min(len(rows), CAP), len(rows) > CAP
        else:
            total, capped = count_rows(tx, asked, CAP)
    shown = rows[:limit]
    return JournalPage(
        rows=tuple(session_row(row) for row in shown),
        next_key=shown[-1].id if len(rows) > limit else None,
        total=total,
        capped=capped,
        sessions=sessions,
        milliseconds=(perf_counter() - begun) * 1000,
    )
