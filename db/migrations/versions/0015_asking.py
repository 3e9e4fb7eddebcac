"""Add what teams are there for, questions on feasibility with their answers, and cases sent to other levels of support."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC
KNOWN = "feasibility:"


def upgrade() -> None:
    op.create_table(
        "team_duty",
        sa.Column("team_id", ID, nullable=False, autoincrement=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "duty", name="pk_team_duty"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_team_duty_team_id"),
    )
    create_questions()
    create_escalations()
    keep_answers()


def create_questions() -> None:
    op.create_table(
        "feasibility",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("promise_id", ID),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_mark", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False, server_default=""),
        sa.Column("conditions", sa.Text(), nullable=False, server_default=""),
        sa.Column("answered_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("answered_at", MOMENT),
        sa.Column("applied_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_feasibility"),
    )
    op.create_index("ix_feasibility_session_id", "feasibility", ["session_id"])
    op.create_index("ix_feasibility_key_answered_at", "feasibility", ["key", "answered_at"])
    waits = sa.text("verdict = ''")
    op.create_index(
        "ix_feasibility_open", "feasibility", ["team_id", "due_at"], sqlite_where=waits, postgresql_where=waits
    )


def create_escalations() -> None:
    op.create_table(
        "escalation",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("from_team_id", sa.BigInteger(), nullable=False),
        sa.Column("to_team_id", sa.BigInteger(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("by_mark", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("promised_at", MOMENT, nullable=False),
        sa.Column("promise_id", ID, nullable=False),
        sa.Column("kept_by", ID),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("said", sa.Text(), nullable=False, server_default=""),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_escalation"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_escalation_session_id"),
    )
    op.create_index("ix_escalation_session_id", "escalation", ["session_id"])
    op.create_index("ix_escalation_at", "escalation", ["at"])


def keep_answers() -> None:
    """Take over the answers known so far, which had no more than a name in small letters; they stay for older programs too."""
    columns = (
        "session_id, number, subject, name, key, service, asked_by, asked_mark, asked_at, due_at, verdict, answered_at"
    )
    op.execute(
        f"INSERT INTO feasibility ({columns}) SELECT 0, '', 'lines[0]', substr(key, {len(KNOWN) + 1}),"
        f" substr(key, {len(KNOWN) + 1}), '', '', '', 0, 0, value, 0 FROM site WHERE key LIKE '{KNOWN}%'"
        " AND value IN ('yes', 'no')"
    )
