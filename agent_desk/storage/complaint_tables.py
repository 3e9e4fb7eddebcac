"""The table of complaints: what was received, how it stands, and what it is linked with."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Identity, Index, Integer, SmallInteger, Table, Text, text

from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

complaint = Table(
    "complaint",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("session_id", Id, ForeignKey("session.id"), nullable=False, index=True),
    Column("channel", Text, nullable=False),  # rules.complaint.ComplaintChannel
    Column("received_at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("contested", Text, nullable=False, server_default=""),  # positions of decision lines, comma-separated
    Column("by_mark", Text, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("level", Text, nullable=False),  # rules.complaint.Level
    Column("level_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),  # rules.complaint.ComplaintState
    Column("due_at", UtcDateTime, nullable=False),
    Column("promise_id", Id, ForeignKey("promise.id"), nullable=False),
    Column("answer", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("answered_at", UtcDateTime),
    Column("answered_by", Text, nullable=False, server_default=""),
    Column("credit_id", Id, ForeignKey("credit.id")),
    Column("correction", SmallInteger),  # ordinal of the decision that put it right
    Column("version", Integer, nullable=False, server_default=text("1")),
    CheckConstraint("received_at <= recorded_at", name="received"),
    CheckConstraint("state <> 'accepted' OR credit_id IS NOT NULL OR correction IS NOT NULL", name="remedy"),
    CheckConstraint("state <> 'rejected' OR reason <> ''", name="reason"),
)
# Commitments count complaints by the month they were received in.
Index("ix_complaint_received_at", complaint.c.received_at)
