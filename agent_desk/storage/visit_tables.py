"""Tables of home visits: what was agreed of each, what it cost once done, and in which batch that went to the bill."""

from sqlalchemy import Column, ForeignKey, Identity, Index, Integer, SmallInteger, Table, Text, text

from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

AT_ITS_END = 2  # severe weather that was not known when the visit was booked

# A session has one visit that is booked, and one that was done; the two indexes see to it. A fee is no higher than its
# ceiling, a constraint of the migration.
visit = Table(
    "visit",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("session_id", Id, ForeignKey("session.id"), nullable=False, index=True),
    Column("promise_id", Id, ForeignKey("promise.id"), nullable=False),
    Column("after_id", Id, ForeignKey("visit.id")),  # the one it was moved from
    Column("state", Text, nullable=False),  # rules.visit.VisitState
    Column("territory", Text, nullable=False),  # whose ceiling and VAT the customer was told
    Column("begins_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("fee_cents", Integer, nullable=False),
    Column("ceiling_cents", Integer, nullable=False),
    Column("vat_permille", SmallInteger, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),  # what the 72 hours are counted from
    Column("accepted_at", UtcDateTime, nullable=False),  # when the customer said yes to this very fee
    Column("booked_at", UtcDateTime, nullable=False),
    Column("agent", Text, nullable=False),
    Column("severe_weather", SmallInteger, nullable=False, server_default=text("0")),  # 1: when booked, or AT_ITS_END
    Column("customer_wish", SmallInteger, nullable=False, server_default=text("1")),  # that it was moved or called off
    Column("ended_at", UtcDateTime),
    Column("reason", Text, nullable=False, server_default=""),
)
Index("uq_visit_booked", visit.c.session_id, unique=True, info={"where": "state = 'booked'"})
Index("uq_visit_done", visit.c.session_id, unique=True, info={"where": "state = 'done'"})
# Commitments count visits by the day their 72 hours end, or on which they were booked after that.
Index("ix_visit_asked_at", visit.c.asked_at)
Index("ix_visit_booked_at", visit.c.booked_at)

visit_decision = Table(
    "visit_decision",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("visit_id", Id, ForeignKey("visit.id"), nullable=False, unique=True),
    Column("session_id", Id, ForeignKey("session.id"), nullable=False, index=True),
    Column("decided_at", UtcDateTime, nullable=False, index=True),  # the day its money counts on
    Column("agent", Text, nullable=False),
    Column("catalogue_version", Text, nullable=False),
    Column("inputs", Text, nullable=False),  # canonical JSON: everything `decide_visit` was given
    Column("result", Text, nullable=False),  # canonical JSON of the decision
    Column("total_cents", Integer, nullable=False),
    Column("vat_cents", Integer, nullable=False),
)

billed_visit = Table(
    "billed_visit",
    metadata,
    Column("decision_id", Id, ForeignKey("visit_decision.id"), primary_key=True, autoincrement=False),
    Column("batch", Id, ForeignKey("billing_batch.number"), nullable=False),
)
