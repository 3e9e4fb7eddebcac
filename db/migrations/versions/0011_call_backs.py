"""Add when a customer whose session was put aside was called back, and until when they had to be."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC


def upgrade() -> None:
    op.create_table(
        "call_back",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("promised_at", MOMENT, nullable=False),
        sa.Column("limit_at", MOMENT, nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_back"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_call_back_session_id"),
    )
    op.create_index("ix_call_back_session_id", "call_back", ["session_id"])
    op.create_index("ix_call_back_called_at", "call_back", ["called_at"])
