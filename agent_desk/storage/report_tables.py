"""Tables of the report: the totals of past days, counted once; they can be made anew from all others at any time."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

# The days of metropolitan France that were counted, as "2026-11-23".
report_day = Table(
    "report_day",
    metadata,
    Column("day", Text, primary_key=True),
    Column("counted_at", UtcDateTime, nullable=False),
)

# In the order in which they are read: all services together first, then each; day after day.
report_total = Table(
    "report_total",
    metadata,
    Column("service", Text, primary_key=True),  # "": all together
    Column("day", Text, primary_key=True),
    Column("team_id", Id, primary_key=True, autoincrement=False),  # 0: none
    Column("figure", Text, primary_key=True),  # rules.report.Figure
    Column("key", Text, primary_key=True),  # an outcome, a rule, a stretch of a session, an end of a code
    Column("number", Integer, nullable=False),
    Column("amount", BigInteger, nullable=False),  # cents, or microseconds
    sqlite_with_rowid=False,
)
