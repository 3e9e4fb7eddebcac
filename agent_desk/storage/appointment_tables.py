"""The tables of call-backs at an agreed hour: one row for each time agreed, and one for each attempt to call."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)

from agent_desk.storage.metadata import Id, metadata
from agent_desk.storage.types import UtcDateTime

# Number, customer and telephone stand here too: the team that calls may not see the session, which was handed over.
# That nobody is booked twice is a constraint of PostgreSQL and triggers of SQLite, which the migration makes.
appointment = Table(
    "appointment",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("session_id", Id, ForeignKey("session.id"), nullable=False, index=True),
    Column("promise_id", Id, ForeignKey("promise.id"), nullable=False, index=True),
    Column("number", Text, nullable=False),
    Column("customer", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("team_id", BigInteger, nullable=False, server_default=text("0")),  # 0 where nobody signs in
    Column("person_id", BigInteger, nullable=False, server_default=text("0")),
    Column("person_mark", Text, nullable=False, server_default=""),
    Column("person", Text, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("territory", Text, nullable=False),  # the customer's, when it was agreed
    Column("booked_at", UtcDateTime, nullable=False),
    Column("accepted_at", UtcDateTime, nullable=False),  # from when the 72 hours of 3.2 are counted
    Column("limit_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),  # rules.appointment.AppointmentState
    Column("ended_at", UtcDateTime),
    Column("reason", Text, nullable=False, server_default=""),
    Column("uid", Text, nullable=False),  # of the customer's calendar, through all moves
    Column("sequence", SmallInteger, nullable=False, server_default=text("0")),
    Column("next_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    CheckConstraint("ends_at > starts_at", name="lasts"),
    # The constraint against double booking counts quarters of an hour.
    CheckConstraint("starts_at % 900000000 = 0 AND ends_at % 900000000 = 0", name="quarters"),
)
Index("ix_appointment_team_id_starts_at", appointment.c.team_id, appointment.c.starts_at)
Index("uq_appointment_booked", appointment.c.session_id, unique=True, info={"where": "state = 'booked'"})

call_attempt = Table(
    "call_attempt",
    metadata,
    Column("id", Id, Identity(), primary_key=True),
    Column("appointment_id", Id, ForeignKey("appointment.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("end", Text, nullable=False),  # rules.appointment.CallEnd
    Column("by_mark", Text, nullable=False, server_default=""),
    Column("by", Text, nullable=False),
)
