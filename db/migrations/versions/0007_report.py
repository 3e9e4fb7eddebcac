"""Add the totals of past days for the report, and indexes for counting a day."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC


def upgrade() -> None:
    op.create_table(
        "report_day",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_report_day"),
    )
    op.create_table(
        "report_total",
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("team_id", ID, nullable=False, autoincrement=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("service", "day", "team_id", "figure", "key", name="pk_report_total"),
        sqlite_with_rowid=False,
    )
    # A customer's sessions of a month, of hundreds there may be; it finds the customer's last ones as well.
    op.drop_index("ix_session_customer_number", "session")
    op.create_index("ix_session_customer_number_opened_at", "session", ["customer_number", "opened_at"])
    op.create_index("ix_decision_decided_at", "decision", ["decided_at"])
    corrections = sa.text("ordinal > 1")
    op.create_index(
        "ix_decision_correction",
        "decision",
        ["decided_at"],
        sqlite_where=corrections,
        postgresql_where=corrections,
    )
    op.create_index("ix_code_ended_at", "code", ["ended_at"])
    op.create_index("ix_mail_created_at_state", "mail", ["created_at", "state"])
