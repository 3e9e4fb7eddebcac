"""Tables of the internal control plan: cases drawn of each commitment and month, what a person found, and who signed."""

from sqlalchemy import Column, ForeignKey, Identity, LargeBinary, SmallInteger, Table, Text, UniqueConstraint

from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

control_sample = Table(
    "control_sample",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("commitment", Text, nullable=False),
    Column("month", Text, nullable=False),  # "2026-11"
    Column("session_id", Id, ForeignKey("session.id"), nullable=False),
    Column("drawn_at", UtcDateTime, nullable=False),
    Column("verdict", Text, nullable=False, server_default=""),  # rules.controls.Verdict
    Column("note", Text, nullable=False, server_default=""),
    Column("checked_by", Text, nullable=False, server_default=""),
    Column("checked_at", UtcDateTime),
    UniqueConstraint("commitment", "month", "session_id"),
)

# Signed once: nothing of that month's sample changes any more, and its hash stands in the site's chain.
control_sheet = Table(
    "control_sheet",
    metadata,
    Column("commitment", Text, primary_key=True),
    Column("month", Text, primary_key=True),
    Column("signed_at", UtcDateTime, nullable=False),
    Column("signed_by", Text, nullable=False),
    Column("samples", SmallInteger, nullable=False),
    Column("conform", SmallInteger, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
