"""Tables of what colleagues share: who is in a session now, who asks for help, which session was handed over to whom."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Identity, Index, SmallInteger, Table, Text

from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

# Not in the log, and not worth a disk's time: a row lives some seconds after its last sign.
presence = Table(
    "presence",
    metadata,
    Column("session_id", Id, primary_key=True, autoincrement=False),
    Column("desk", Text, primary_key=True),  # the mark of a workstation
    Column("name", Text, nullable=False),
    Column("step", SmallInteger, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

# One a session, as long as somebody asks; what has been asked and answered is told by the log.
help_call = Table(
    "help_call",
    metadata,
    Column("session_id", Id, ForeignKey("session.id"), primary_key=True, autoincrement=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("mark", Text, nullable=False),  # of who asks
    Column("name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("coming", Text, nullable=False, server_default=""),  # the supervisor who said so
)

call_back = Table(
    "call_back",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("session_id", Id, ForeignKey("session.id"), nullable=False, index=True),
    Column("promised_at", UtcDateTime, nullable=False),
    Column("limit_at", UtcDateTime, nullable=False),  # 72 hours of 3.2, as rules.clocks counts them
    Column("called_at", UtcDateTime, nullable=False, index=True),
)

handover = Table(
    "handover",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("session_id", Id, ForeignKey("session.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("from_mark", Text, nullable=False),
    Column("from_name", Text, nullable=False),
    Column("to_person_id", Id, ForeignKey("person.id")),
    Column("to_team_id", Id, ForeignKey("team.id")),
    Column("to_name", Text, nullable=False),
    Column("tried", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Column("promised", Text, nullable=False),
    Column("taken_at", UtcDateTime),
    Column("taken_by", Text, nullable=False, server_default=""),
    CheckConstraint("(to_person_id IS NULL) <> (to_team_id IS NULL)", name="receiver"),
)
Index("uq_handover_open", handover.c.session_id, unique=True, info={"where": "taken_at IS NULL"})
