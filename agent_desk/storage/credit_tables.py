"""The table of goodwill credits, and which batch of the bill each is in."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Identity, Index, Integer, Table, Text, text

from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

credit = Table(
    "credit",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("session_id", Id, ForeignKey("session.id"), nullable=False, index=True),
    Column("customer_number", Text, nullable=False),
    Column("amount_cents", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by_mark", Text, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),  # rules.credit.CreditState
    Column("approved_mark", Text, nullable=False, server_default=""),  # the second person
    Column("approved_by", Text, nullable=False, server_default=""),
    Column("settled_at", UtcDateTime),  # granted or refused
    Column("promise_id", Id, ForeignKey("promise.id")),  # of a decision, while it is proposed
    Column("version", Integer, nullable=False, server_default=text("1")),
    CheckConstraint("amount_cents > 0", name="amount"),
    CheckConstraint("approved_mark = '' OR approved_mark <> by_mark", name="four_eyes"),
)
Index("ix_credit_customer_number_at", credit.c.customer_number, credit.c.at)
Index("ix_credit_by_mark_at", credit.c.by_mark, credit.c.at)
Index("ix_credit_settled_at", credit.c.settled_at)

billed_credit = Table(
    "billed_credit",
    metadata,
    Column("credit_id", Id, ForeignKey("credit.id"), primary_key=True, autoincrement=False),
    Column("batch", Id, ForeignKey("billing_batch.number"), nullable=False),
)
