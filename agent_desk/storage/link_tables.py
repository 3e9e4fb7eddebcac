"""Tables of the customer's personal links, and of what is answered through them."""

from sqlalchemy import Column, ForeignKey, Identity, LargeBinary, Table, Text, UniqueConstraint

from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

# Whoever reads this cannot follow a link: the token itself is in the customer's mail only.
personal_link = Table(
    "personal_link",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("token_sha256", LargeBinary, nullable=False, unique=True),
    Column("purpose", Text, nullable=False),
    Column("session_id", Id, ForeignKey("session.id"), nullable=False, index=True),
    Column("mail_id", Id, ForeignKey("mail.id"), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    UniqueConstraint("mail_id", "purpose"),
)

# What the customer thought of it, once a session; agents do not read it.
satisfaction = Table(
    "satisfaction",
    metadata,
    Column("session_id", Id, ForeignKey("session.id"), primary_key=True, autoincrement=False),
    Column("answer", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)
