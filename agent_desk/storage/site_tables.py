"""Tables of a site's operation: batches for the bill, running programs, the nightly check, what came back about SMS."""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Integer, LargeBinary, SmallInteger, Table, Text, text

from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

# A batch that was made never changes: triggers see to it.
billing_batch = Table(
    "billing_batch",
    metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),  # its decisions were made before
    Column("decisions", Integer, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("zeros", Integer, nullable=False),  # decided lines that add nothing to the bill
    Column("total_cents", BigInteger, nullable=False),
    Column("vat_cents", BigInteger, nullable=False),
    Column("manifest_sha256", LargeBinary, nullable=False),
    Column("credits", Integer, nullable=False, server_default=text("0")),
)

billing_file = Table(
    "billing_file",
    metadata,
    Column("batch", Id, ForeignKey("billing_batch.number"), primary_key=True, autoincrement=False),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

billed_decision = Table(
    "billed_decision",
    metadata,
    Column("decision_id", Id, ForeignKey("decision.id"), primary_key=True, autoincrement=False),
    Column("batch", Id, ForeignKey("billing_batch.number"), nullable=False),
)

# Which gateways and mail workers run.
program = Table(
    "program",
    metadata,
    Column("mark", Text, primary_key=True),  # random, ends with the program
    Column("kind", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

decision_check = Table(
    "decision_check",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("decisions", Integer, nullable=False),
    Column("wrong", Integer, nullable=False),  # came out different
)

# What an SMS gateway reported, as a gateway of ours took it down; whoever sends SMS looks whether it is genuine.
sms_report = Table(
    "sms_report",
    metadata,
    Column("mail_id", Id, ForeignKey("mail.id"), primary_key=True, autoincrement=False),
    Column("nonce", Text, primary_key=True),
    Column("kind", Integer, primary_key=True, autoincrement=False),  # as Kannel counts them
    Column("mac", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
