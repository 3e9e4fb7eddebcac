"""Tables of reviews: which sessions are drawn by which rule, how each review stands, and what was said in it."""

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
    text,
)

from agent_desk.rules.review import ReviewStep
from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

SALT_BYTES = 16
# How the log calls each step.
EVENTS = {
    ReviewStep.MARK: "review_marked",
    ReviewStep.RETURN: "review_returned",
    ReviewStep.ANSWER: "review_answered",
    ReviewStep.SETTLE: "review_settled",
}

# A rule is never changed, only switched off and on: what it drew stays explained.
review_rule = Table(
    "review_rule",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("share_permille", SmallInteger, nullable=False),
    Column("waived_from", Integer),
    Column("uncertain", Boolean, nullable=False),
    Column("team_id", Id, ForeignKey("team.id")),
    Column("service", Text, nullable=False, server_default=""),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("active", Boolean, nullable=False),
    Column("drawn_to", UtcDateTime),  # sessions that ended before were all drawn, or not
)

review = Table(
    "review",
    metadata,
    Column("session_id", Id, ForeignKey("session.id"), primary_key=True, autoincrement=False),
    Column("team_id", Id),  # the session's
    Column("rule_id", Id, ForeignKey("review_rule.id")),  # none: chosen by hand
    Column("state", Text, nullable=False),  # rules.review.ReviewState
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("mark", Text, nullable=False, server_default=""),  # rules.review.Mark, once there is one
    Column("agent", Text, nullable=False),  # who closed the session
    Column("agent_mark", Text, nullable=False),
    Column("reviewer", Text, nullable=False, server_default=""),
    Column("reviewer_mark", Text, nullable=False, server_default=""),
    Column("returned_at", UtcDateTime),
    sqlite_with_rowid=False,
)
Index("ix_review_state_session_id", review.c.state, review.c.session_id)

# What is said of somebody's work is for them and their supervisors: events, which their team reads, hold its hash alone.
review_note = Table(
    "review_note",
    metadata,
    Column("session_id", Id, primary_key=True, autoincrement=False),
    Column("ordinal", SmallInteger, primary_key=True, autoincrement=False),
    Column("step", Text, nullable=False),  # rules.review.ReviewStep
    Column("at", UtcDateTime, nullable=False),
    Column("author", Text, nullable=False),
    Column("mark", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
