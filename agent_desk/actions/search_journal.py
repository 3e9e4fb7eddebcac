"""The Journal: sessions newest first, by words and filters, page by page."""

from dataclasses import replace
from datetime import datetime
from time import perf_counter
from typing import Any

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.review_access import reviews_here
from agent_desk.actions.rows import session_row
from agent_desk.actions.views import JournalPage
from agent_desk.rules.journal import JournalFilter, set_filters
from agent_desk.rules.review import ANSWER_TIME, WAITING
from agent_desk.storage.journal import count_rows, page_rows, team_names
from agent_desk.storage.reviews import count_waiting
from agent_desk.storage.sessions import count_sessions

LONGEST_TEXT = 200
LARGEST_PAGE = 500
MOST_CENTS = 2**31 - 1  # what a column of amounts holds
CAP = 50
CAP_WAITING = 1000


def search_journal(ctx: Context, wanted: JournalFilter, after: int | None = None, limit: int = 50) -> JournalPage:
    """Return one page; `after` is the `next_key` of the page before. More than 50 matches are not counted further."""
    begun = perf_counter()
    limit = max(1, min(limit, LARGEST_PAGE))
    now = ctx.clock.now()
    asked = bounded(wanted, now)
    with ctx.database.read() as tx:
        rows = page_rows(tx, asked, after, limit + 1)
        sessions = count_sessions(tx)
        if asked == JournalFilter():
            total, capped = sessions, False
        elif after is None and (len(rows) <= limit or limit >= CAP):  # the page has counted already
            total, capped = min(len(rows), CAP), len(rows) > CAP
        else:
            total, capped = count_rows(tx, asked, CAP)
        hindering = _hindering(tx, asked) if sessions and not rows and after is None else ""
        teams = team_names(tx)
        to_review = count_waiting(tx, now - ANSWER_TIME, CAP_WAITING) if reviews_here(ctx, tx) else None
    shown = rows[:limit]
    return JournalPage(
        rows=tuple(session_row(row) for row in shown),
        next_key=shown[-1].id if len(rows) > limit else None,
        total=total,
        capped=capped,
        sessions=sessions,
        milliseconds=(perf_counter() - begun) * 1000,
        hindering=hindering,
        teams=teams,
        to_review=to_review,
    )


def bounded(wanted: JournalFilter, now: datetime) -> JournalFilter:
    """Return the filter as the database can be asked: texts of bounded length that it can store, amounts it can hold.

    What a supervisor waits for depends on `now`: an agent has some days to answer.
    """
    asked = replace(wanted, **{field: _bounded(getattr(wanted, field)) for field in JournalFilter.__slots__})
    return replace(asked, review_late=now - ANSWER_TIME) if asked.review == WAITING else asked


def _bounded(value: Any) -> Any:
    if isinstance(value, str):
        # What no database stores finds nothing: it becomes a sign nobody types.
        return value[:LONGEST_TEXT].encode(errors="replace").decode().replace("\0", "\ufffd")
    if isinstance(value, int):
        return max(-MOST_CENTS, min(value, MOST_CENTS))
    return value


def _hindering(tx: Connection, asked: JournalFilter) -> str:
    """Return the one filter without which something is found, the last of several; "" where none alone stands in the way."""
    for name, fields in reversed(set_filters(asked).items()):
        without = replace(asked, **{field: getattr(JournalFilter(), field) for field in fields})
        if page_rows(tx, without, None, 1):
            return name
    return ""
