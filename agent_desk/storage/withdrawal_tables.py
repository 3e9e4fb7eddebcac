"""The table of withdrawals that customers declared through the link in a mail."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

withdrawal = Table(
    "withdrawal",
    metadata,
    Column("session_id", Id, ForeignKey("session.id"), primary_key=True, autoincrement=False),
    Column("declared_at", UtcDateTime, nullable=False),
    Column("answer", Text, nullable=False),  # rules.withdrawal.STOPS
    Column("receipt_at", UtcDateTime),  # when the receipt was queued, by whoever sends mails
    Column("settled_at", UtcDateTime),  # when what was not performed was stopped, and decided
)
Index("ix_withdrawal_receipt", withdrawal.c.session_id, info={"where": "receipt_at IS NULL"})
Index("ix_withdrawal_unsettled", withdrawal.c.session_id, info={"where": "settled_at IS NULL"})
