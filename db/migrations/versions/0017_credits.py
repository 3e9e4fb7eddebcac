"""Add goodwill credits, and which batch of the bill each is in."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC
REFUSED = "a billing batch never changes"


def upgrade() -> None:
    op.create_table(
        "credit",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("customer_number", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_mark", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("approved_mark", sa.Text(), nullable=False, server_default=""),
        sa.Column("approved_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("settled_at", MOMENT),
        sa.Column("promise_id", ID),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.CheckConstraint("amount_cents > 0", name="ck_credit_amount"),
        sa.CheckConstraint("approved_mark = '' OR approved_mark <> by_mark", name="ck_credit_four_eyes"),
        sa.PrimaryKeyConstraint("id", name="pk_credit"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_credit_session_id"),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name="fk_credit_promise_id"),
    )
    op.create_index("ix_credit_session_id", "credit", ["session_id"])
    op.create_index("ix_credit_customer_number_at", "credit", ["customer_number", "at"])
    op.create_index("ix_credit_by_mark_at", "credit", ["by_mark", "at"])
    op.create_index("ix_credit_settled_at", "credit", ["settled_at"])
    op.create_table(
        "billed_credit",
        sa.Column("credit_id", ID, nullable=False, autoincrement=False),
        sa.Column("batch", ID, nullable=False),
        sa.PrimaryKeyConstraint("credit_id", name="pk_billed_credit"),
        sa.ForeignKeyConstraint(["credit_id"], ["credit.id"], name="fk_billed_credit_credit_id"),
        sa.ForeignKeyConstraint(["batch"], ["billing_batch.number"], name="fk_billed_credit_batch"),
    )
    op.add_column("billing_batch", sa.Column("credits", sa.Integer(), nullable=False, server_default=sa.text("0")))
    for statement in guards():
        op.execute(statement)


def guards() -> list[str]:
    """Return what keeps a credit in the batch it is in, whatever program asks, as 0004 does for decisions."""
    if op.get_bind().dialect.name == "postgresql":
        refused = "ON billed_credit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_batch()"
        return [f"CREATE TRIGGER billed_credit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE {refused}"]
    refused = f"SELECT RAISE(ABORT, '{REFUSED}');"
    there = "EXISTS (SELECT 1 FROM billed_credit WHERE credit_id = new.credit_id)"
    return [
        f"CREATE TRIGGER billed_credit_no_update BEFORE UPDATE ON billed_credit BEGIN {refused} END",
        f"CREATE TRIGGER billed_credit_no_delete BEFORE DELETE ON billed_credit BEGIN {refused} END",
        f"CREATE TRIGGER billed_credit_no_replace BEFORE INSERT ON billed_credit WHEN {there} BEGIN {refused} END",
    ]
