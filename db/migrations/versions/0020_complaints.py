"""Add complaints with their levels, and the contacts of professional customers."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC


def upgrade() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("contested", sa.Text(), nullable=False, server_default=""),
        sa.Column("by_mark", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("level_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("promise_id", ID, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False, server_default=""),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("answered_at", MOMENT),
        sa.Column("answered_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("credit_id", ID),
        sa.Column("correction", sa.SmallInteger()),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.CheckConstraint("received_at <= recorded_at", name="ck_complaint_received"),
        sa.CheckConstraint(
            "state <> 'accepted' OR credit_id IS NOT NULL OR correction IS NOT NULL", name="ck_complaint_remedy"
        ),
        sa.CheckConstraint("state <> 'rejected' OR reason <> ''", name="ck_complaint_reason"),
        sa.PrimaryKeyConstraint("id", name="pk_complaint"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_complaint_session_id"),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name="fk_complaint_promise_id"),
        sa.ForeignKeyConstraint(["credit_id"], ["credit.id"], name="fk_complaint_credit_id"),
    )
    op.create_index("ix_complaint_session_id", "complaint", ["session_id"])
    op.create_index("ix_complaint_received_at", "complaint", ["received_at"])
    op.create_table(
        "pro_contact",
        sa.Column("customer_number", sa.Text(), nullable=False),
        sa.Column("person_id", ID),
        sa.Column("team_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("customer_number", name="pk_pro_contact"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_pro_contact_person_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_pro_contact_team_id"),
    )
