"""The tables of sessions, mails and the log, one definition for SQLite and PostgreSQL; migrations create them, triggers included.

The others stand in modules of their own; `every_table.py` has them all together.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
    literal_column,
    text,
)

from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

# The migration these tables correspond to; migrations are numbered, so a newer schema is a greater text.
SCHEMA = "0026"


def _id() -> Column[int]:
    return Column("id", Id, Identity(), primary_key=True)


def _session_id(*, index: bool = True) -> Column[int]:
    return Column("session_id", Id, ForeignKey("session.id"), nullable=False, index=index)


def _index_some(name: str, column: Column[Any], where: str, *others: Any, unique: bool = False) -> Index:
    """Name an index over some rows; its condition is noted only, for the migrations make it.

    Given to SQLAlchemy, the condition would load PostgreSQL's dialect at each start: 40 ms before Today is there.
    """
    return Index(name, column, *others, unique=unique, info={"where": where})


site = Table(
    "site",
    metadata,
    Column("key", Text, primary_key=True),  # min_program, origin, public_key, code_locator_digits …
    Column("value", Text, nullable=False),
)

team = Table("team", metadata, _id(), Column("name", Text, nullable=False, unique=True))

# On PostgreSQL each is a role of that name too, which is what the database goes by; see `storage/rights.py`.
person = Table(
    "person",
    metadata,
    _id(),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("role", Text, nullable=False),  # rules.people.Role
    Column("team_id", Id, ForeignKey("team.id"), index=True),
    Column("mark", Text, nullable=False, unique=True),  # what the log calls this person, for ever
    Column("active", Boolean, nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("left_at", UtcDateTime),
    # Of accounts on one desk: PostgreSQL keeps its roles' passwords itself.
    Column("password", Text, nullable=False, server_default=""),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("failed_at", UtcDateTime),
    Column("password_until", UtcDateTime),
)

session = Table(
    "session",
    metadata,
    _id(),
    Column("number", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("agent", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("agreed_at", UtcDateTime),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("parked_at", UtcDateTime),
    # What lists show, kept beside the draft so that a list never parses one.
    Column("customer", Text, nullable=False, server_default=""),
    Column("customer_number", Text, nullable=False, server_default=""),
    Column("callback_number", Text, nullable=False, server_default="", index=True),
    Column("services", Text, nullable=False, server_default=""),  # codes, comma-separated
    Column("outcome", Text, nullable=False, server_default=""),
    Column("total_cents", Integer),
    Column("mail_state", Text, nullable=False, server_default=""),
    Column("search_text", Text, nullable=False, server_default=""),  # made by storage.search.folded
    Column("team_id", Id),  # of whoever opened it; None on a single desk
    Column("priced_at", UtcDateTime),  # agreed by PostgreSQL's own clock, which checks prices by it; None on SQLite
    sqlite_autoincrement=True,  # an id is a chain of the log too, so it is never used twice
)
# Today asks for what has not ended; ended sessions stay out of this index.
_index_some("ix_session_live", session.c.id, "ended_at IS NULL")
Index("ix_session_ended_at", session.c.ended_at)
Index("ix_session_customer_number_opened_at", session.c.customer_number, session.c.opened_at)
# The Journal's filters, each newest first.
Index("ix_session_team_id_id", session.c.team_id, session.c.id)
Index("ix_session_outcome_id", session.c.outcome, session.c.id)
Index("ix_session_agent_id", session.c.agent, session.c.id)
Index("ix_session_mail_state_id", session.c.mail_state, session.c.id)
Index("ix_session_total_cents", session.c.total_cents)

draft = Table(
    "draft",
    metadata,
    Column("session_id", Id, ForeignKey("session.id"), primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("step", SmallInteger, nullable=False),
    Column("field", Text, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("content", Text, nullable=False),  # rules.session.Content as JSON, defaults left out
    # How long each step was in front; see rules.step_time.
    *(Column(f"seconds_{step}", Integer, nullable=False, server_default=text("0")) for step in range(1, 7)),
)

session_line = Table(
    "session_line",
    metadata,
    Column("session_id", Id, ForeignKey("session.id"), primary_key=True, autoincrement=False),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("service", Text, nullable=False),
    Column("quantity", SmallInteger, nullable=False),
    Column("unit_price_cents", Integer, nullable=False),
    Column("amount_cents", Integer),  # decided at closing
    Column("rule", Text),
)
Index("ix_session_line_rule_session_id", session_line.c.rule, session_line.c.session_id)

consent = Table(
    "consent",
    metadata,
    _id(),
    _session_id(),
    Column("kind", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("channel", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("text_version", SmallInteger, nullable=False),
    Column("text_sha256", LargeBinary, nullable=False),
    Column("covers", Text, nullable=False, server_default=""),
)
Index("ix_consent_channel_session_id", consent.c.channel, consent.c.session_id)

code = Table(
    "code",
    metadata,
    _id(),
    _session_id(),
    Column("locator", Text, nullable=False),
    Column("mac", LargeBinary, nullable=False),  # the code sealed to the door key
    Column("issued_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("failures", SmallInteger, nullable=False, server_default=text("0")),
    Column("state", Text, nullable=False),  # live, redeemed, burned, expired, replaced, revoked
    Column("ended_at", UtcDateTime),
    Column("page", Text, nullable=False, server_default=""),  # JSON: all that the customer's page may show
)
Index("ix_code_ended_at", code.c.ended_at)
_index_some("uq_code_live_locator", code.c.locator, "state = 'live'", unique=True)

# What is secret of a share (token, words) goes when it ends; the row stays and says why.
share = Table(
    "share",
    metadata,
    _id(),
    _session_id(),
    Column("code_id", Id, ForeignKey("code.id"), nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("page", Text, nullable=False),  # a copy of the code's
    Column("words", Text, nullable=False, server_default=""),  # JSON: three pairs
    Column("right_pair", SmallInteger),
    Column("token_sha256", LargeBinary, nullable=False, unique=True),  # of the customer's browser
    Column("browser_sha256", LargeBinary, nullable=False),
    Column("viewer_sha256", LargeBinary),  # of a one-time token, for the agent's viewer
    Column("viewer_until", UtcDateTime),
    Column("viewer_by", Text, nullable=False, server_default=""),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("admitted_at", UtcDateTime),
    Column("live_at", UtcDateTime),
    Column("seen_at", UtcDateTime),
    Column("reused_at", UtcDateTime),  # when the code was typed a second time
    Column("ended_at", UtcDateTime),
    Column("end_reason", Text, nullable=False, server_default=""),
)
_index_some("uq_share_unended", share.c.session_id, "ended_at IS NULL", unique=True)

code_attempt = Table(
    "code_attempt",
    metadata,
    _id(),
    Column("at", UtcDateTime, nullable=False),
    Column("source", Text, nullable=False),
    Column("failed", SmallInteger, nullable=False),  # 1 until a success gives it back
    Column("fresh", SmallInteger, nullable=False),  # 1 in the lane of sources without a failure that day
)
Index("ix_code_attempt_at", code_attempt.c.at)
Index("ix_code_attempt_source_at", code_attempt.c.source, code_attempt.c.at)

# What gateways pass to each other; a row lives a minute.
signal = Table(
    "signal",
    metadata,
    _id(),
    Column("share_id", Id, nullable=False, index=True),
    Column("to_side", Text, nullable=False),  # customer, viewer
    Column("body", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

decision = Table(
    "decision",
    metadata,
    _id(),
    _session_id(index=False),  # the constraint below has one
    Column("ordinal", SmallInteger, nullable=False),  # 1; a correction takes the next
    Column("decided_at", UtcDateTime, nullable=False),
    Column("agent", Text, nullable=False),
    Column("catalogue_version", Text, nullable=False),
    Column("inputs", Text, nullable=False),  # canonical JSON: everything `decide` was given
    Column("result", Text, nullable=False),  # canonical JSON of the decision
    Column("total_cents", Integer, nullable=False),
    Column("vat_cents", Integer, nullable=False),
    UniqueConstraint("session_id", "ordinal"),
)
Index("ix_decision_decided_at", decision.c.decided_at)
_index_some("ix_decision_correction", decision.c.decided_at, "ordinal > 1")

mail = Table(
    "mail",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),  # "session:<id>:confirmation"
    _session_id(),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("envid", Text, nullable=False),
    Column("attachments_sha256", LargeBinary, nullable=False),  # over the names and hashes of all that must go with it
    Column("receipt_requested", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("state_at", UtcDateTime, nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("retry_at", UtcDateTime),
    Column("lease_until", UtcDateTime),
    Column("lease_token", Integer, nullable=False, server_default=text("0")),  # fencing: grows with each claim
    Column("data_began_at", UtcDateTime),
    Column("last_reply", Text, nullable=False, server_default=""),
    Column("channel", Text, nullable=False, server_default="mail"),  # or "sms"
    Column("not_before", UtcDateTime),  # when it may leave; NULL: at once
)
Index("ix_mail_created_at_state", mail.c.created_at, mail.c.state)
# For queries too: SQLite takes a partial index for the very words of its condition, not for bound values.
_UNSETTLED = "('queued', 'sending', 'retry', 'rejected', 'uncertain', 'held')"
UNSETTLED = text(f"mail.state IN {_UNSETTLED}")
_index_some("ix_mail_unsettled", mail.c.id, f"state IN {_UNSETTLED}")
# Reminders may wait for weeks: who sends finds what is due, and Today what is stuck, without walking past them.
_TO_SEND = "('queued', 'sending', 'retry')"
TO_SEND = text(f"mail.state IN {_TO_SEND}")
due_at = func.coalesce(mail.c.not_before, literal_column("0"))  # whatever the clock of the desk that wrote it
_index_some("ix_mail_due", mail.c.channel, f"state IN {_TO_SEND}", due_at, mail.c.id)
_STUCK = "('uncertain', 'rejected', 'held', 'retry')"
STUCK = text(f"mail.state IN {_STUCK}")
_index_some("ix_mail_stuck", mail.c.id, f"state IN {_STUCK}")

attachment = Table(
    "attachment",
    metadata,
    Column("mail_id", Id, ForeignKey("mail.id"), primary_key=True, autoincrement=False),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

# The log. Chain 0 belongs to the site, chain N to session N. No foreign keys: the log outlives what it speaks of.
chain = Table(
    "chain",
    metadata,
    Column("chain", Id, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("in_checkpoint", Integer, nullable=False, server_default=text("0")),  # seq covered by the last checkpoint
)
_index_some("ix_chain_changed", chain.c.chain, "seq > in_checkpoint")

event = Table(
    "event",
    metadata,
    Column("chain", Id, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),  # a short technical id, never a name
    Column("payload_mac", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),  # covers the hash of the row before, which is not stored twice
    sqlite_with_rowid=False,
)

payload = Table(
    "payload",  # erasable: without it the chain still verifies
    metadata,
    Column("chain", Id, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("key", LargeBinary, nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON
    sqlite_with_rowid=False,
)

checkpoint_leaf = Table(
    "checkpoint_leaf",
    metadata,
    Column("position", Id, primary_key=True, autoincrement=False),
    Column("chain", Id, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    _id(),
    Column("at", UtcDateTime, nullable=False),
    Column("size", Id, nullable=False),  # leaves covered
    Column("frontier", LargeBinary, nullable=False),  # RFC 6962 subtree hashes, so the next root is cheap
    Column("note", Text, nullable=False),  # C2SP tlog-checkpoint text, signature lines included
)
