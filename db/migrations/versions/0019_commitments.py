"""Add the internal control plan, and have past days counted again, which now count commitments and opinions too."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC


def upgrade() -> None:
    op.create_index("ix_handover_at", "handover", ["at"])
    op.create_table(
        "control_sample",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False, server_default=""),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("checked_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("checked_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_control_sample"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_control_sample_session_id"),
        sa.UniqueConstraint("commitment", "month", "session_id", name="uq_control_sample_commitment_month_session_id"),
    )
    op.create_table(
        "control_sheet",
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("samples", sa.SmallInteger(), nullable=False),
        sa.Column("conform", sa.SmallInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("commitment", "month", name="pk_control_sheet"),
        sqlite_with_rowid=False,
    )
    for table in ("report_total", "report_day"):
        op.execute(f"DELETE FROM {table}")
