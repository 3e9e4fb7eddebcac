"""The table of promises: one row for each clock around a session that somebody has to keep."""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Integer, SmallInteger, Table, Text, text

from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

# Number, customer and telephone stand here too: who keeps a promise may not see the session, which is another team's.
promise = Table(
    "promise",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("session_id", Id, ForeignKey("session.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),  # rules.promise.PromiseKind
    Column("team_id", BigInteger, nullable=False, server_default=text("0")),  # who keeps it; 0 on a single desk
    Column("person_mark", Text, nullable=False, server_default=""),  # and who of them; "": any
    Column("person", Text, nullable=False, server_default=""),
    Column("number", Text, nullable=False),
    Column("customer", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("late_at", UtcDateTime, nullable=False),
    Column("on_top", SmallInteger, nullable=False, server_default=text("0")),  # 1: missed, or gone wrong
    Column("missed_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("end", Text, nullable=False, server_default=""),  # rules.promise.PromiseEnd
    Column("version", Integer, nullable=False, server_default=text("1")),
)
# What went wrong first, then by its hour: of a person, of a team; Today reads no more than it shows.
_order = (promise.c.on_top.desc(), promise.c.due_at, promise.c.id)
_open = {"where": "ended_at IS NULL"}
Index("ix_promise_person", promise.c.team_id, promise.c.person_mark, *_order, info=_open)
Index("ix_promise_team", promise.c.team_id, *_order, info=_open)
Index("ix_promise_unmissed", promise.c.late_at, info={"where": "ended_at IS NULL AND missed_at IS NULL"})
# Commitments count promises by the month they were due in.
Index("ix_promise_kind_due_at", promise.c.kind, promise.c.due_at)
