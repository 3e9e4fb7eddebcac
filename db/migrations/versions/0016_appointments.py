"""Add call-backs at an agreed hour and the attempts to call; no agent can be booked twice, whoever writes."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC

# A person's quarters of an hour as one range of whole numbers: PostgreSQL then needs no extension to exclude overlaps.
NEVER_TWICE = """
    ALTER TABLE appointment ADD CONSTRAINT ex_appointment_person EXCLUDE USING gist (
        int8range(person_id * 4294967296 + starts_at / 900000000, person_id * 4294967296 + ends_at / 900000000) WITH &&
    ) WHERE (state = 'booked')
"""
OVERLAP = """
    SELECT 1 FROM appointment a WHERE a.person_id = NEW.person_id AND a.state = 'booked' AND a.id <> NEW.id
        AND a.starts_at < NEW.ends_at AND a.ends_at > NEW.starts_at
"""


def upgrade() -> None:
    _appointment()
    op.create_table(
        "call_attempt",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("appointment_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("end", sa.Text(), nullable=False),
        sa.Column("by_mark", sa.Text(), nullable=False, server_default=""),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_attempt"),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name="fk_call_attempt_appointment_id"),
    )
    op.create_index("ix_call_attempt_appointment_id", "call_attempt", ["appointment_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(NEVER_TWICE)
        return
    for verb in ("INSERT", "UPDATE"):
        # After it: before an insertion the row has no number yet.
        op.execute(
            f"CREATE TRIGGER appointment_never_twice_{verb.lower()} AFTER {verb} ON appointment"
            f" WHEN NEW.state = 'booked' AND EXISTS ({OVERLAP})"
            " BEGIN SELECT RAISE(ABORT, 'ex_appointment_person'); END"
        )


def _appointment() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("promise_id", ID, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("person_id", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("person_mark", sa.Text(), nullable=False, server_default=""),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("territory", sa.Text(), nullable=False),
        sa.Column("booked_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=False),
        sa.Column("limit_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("sequence", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.PrimaryKeyConstraint("id", name="pk_appointment"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_appointment_session_id"),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name="fk_appointment_promise_id"),
        sa.CheckConstraint("ends_at > starts_at", name="ck_appointment_lasts"),
        sa.CheckConstraint("starts_at % 900000000 = 0 AND ends_at % 900000000 = 0", name="ck_appointment_quarters"),
    )
    for name in ("session_id", "promise_id"):
        op.create_index(f"ix_appointment_{name}", "appointment", [name])
    # With all that a search for free time reads, the policy that lets a team see its own included.
    beside = ["session_id", "person_id", "ends_at", "state"]
    columns = ["team_id", "starts_at"]
    op.create_index("ix_appointment_team_id_starts_at", "appointment", columns, postgresql_include=beside)
    booked = sa.text("state = 'booked'")
    op.create_index(
        "uq_appointment_booked",
        "appointment",
        ["session_id"],
        unique=True,
        sqlite_where=booked,
        postgresql_where=booked,
    )
