"""Tables of what teams ask each other: what each is there for, whether something can be worked on, who takes a case over."""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Table, Text, text

from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

WITHDRAWN = "withdrawn"  # in place of a verdict: the question was taken back

team_duty = Table(
    "team_duty",
    metadata,
    Column("team_id", Id, ForeignKey("team.id"), primary_key=True, autoincrement=False),
    Column("duty", Text, primary_key=True),  # rules.duties.Duty
)

# Questions, and the answers that serve later sessions; an answer that was recorded without a question stands here too.
feasibility = Table(
    "feasibility",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("session_id", Id, nullable=False, index=True),
    Column("number", Text, nullable=False),
    Column("subject", Text, nullable=False),  # "platform", or a line's path
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),  # rules.identity.equipment_key
    Column("service", Text, nullable=False),
    Column("team_id", BigInteger, nullable=False, server_default=text("0")),  # who is asked; 0: nobody in particular
    Column("promise_id", Id),
    Column("asked_by", Text, nullable=False),
    Column("asked_mark", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("verdict", Text, nullable=False, server_default=""),  # rules.feasibility.Verdict
    Column("conditions", Text, nullable=False, server_default=""),
    Column("answered_by", Text, nullable=False, server_default=""),
    Column("answered_at", UtcDateTime),
    Column("applied_at", UtcDateTime),  # when the session that asked took the answer in
)
Index("ix_feasibility_key_answered_at", feasibility.c.key, feasibility.c.answered_at)
Index("ix_feasibility_open", feasibility.c.team_id, feasibility.c.due_at, info={"where": "verdict = ''"})

escalation = Table(
    "escalation",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("session_id", Id, ForeignKey("session.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("from_team_id", BigInteger, nullable=False),
    Column("to_team_id", BigInteger, nullable=False),
    Column("duty", Text, nullable=False),
    Column("by_mark", Text, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("promised_at", UtcDateTime, nullable=False),
    Column("promise_id", Id, nullable=False),  # of the team it went to
    Column("kept_by", Id),  # of the sender, where that team takes no calls
    Column("state", Text, nullable=False),  # rules.escalation.EscalationState
    Column("reason", Text, nullable=False, server_default=""),
    Column("said", Text, nullable=False, server_default=""),
    Column("ended_at", UtcDateTime, index=True),
)
