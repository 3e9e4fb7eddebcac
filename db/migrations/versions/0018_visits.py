"""Add home visits: what was agreed, what each cost once done, and the batch in which it went to the bill."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC
# What was decided and billed never changes, whatever program asks.
LASTING = {"visit_decision": "id", "billed_visit": "decision_id"}


def upgrade() -> None:
    create_visits()
    create_decisions()
    statements = postgresql_guards() if op.get_bind().dialect.name == "postgresql" else sqlite_guards()
    for statement in statements:
        op.execute(statement)


def create_visits() -> None:
    op.create_table(
        "visit",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("promise_id", ID, nullable=False),
        sa.Column("after_id", ID),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("territory", sa.Text(), nullable=False),
        sa.Column("begins_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("fee_cents", sa.Integer(), nullable=False),
        sa.Column("ceiling_cents", sa.Integer(), nullable=False),
        sa.Column("vat_permille", sa.SmallInteger(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=False),
        sa.Column("booked_at", MOMENT, nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("severe_weather", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("ended_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_visit"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_visit_session_id"),
        sa.ForeignKeyConstraint(["promise_id"], ["promise.id"], name="fk_visit_promise_id"),
        sa.ForeignKeyConstraint(["after_id"], ["visit.id"], name="fk_visit_after_id"),
        sa.CheckConstraint("fee_cents BETWEEN 0 AND ceiling_cents", name="ck_visit_fee"),
        sa.CheckConstraint("begins_at < ends_at", name="ck_visit_window"),
    )
    op.create_index("ix_visit_session_id", "visit", ["session_id"])
    op.create_index("ix_visit_asked_at", "visit", ["asked_at"])
    for state in ("booked", "done"):
        only = sa.text(f"state = '{state}'")
        name = f"uq_visit_{state}"
        op.create_index(name, "visit", ["session_id"], unique=True, sqlite_where=only, postgresql_where=only)


def create_decisions() -> None:
    op.create_table(
        "visit_decision",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("visit_id", ID, nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("catalogue_version", sa.Text(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_visit_decision"),
        sa.UniqueConstraint("visit_id", name="uq_visit_decision_visit_id"),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name="fk_visit_decision_visit_id"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_visit_decision_session_id"),
    )
    op.create_index("ix_visit_decision_session_id", "visit_decision", ["session_id"])
    op.create_table(
        "billed_visit",
        sa.Column("decision_id", ID, nullable=False, autoincrement=False),
        sa.Column("batch", ID, nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name="pk_billed_visit"),
        sa.ForeignKeyConstraint(["decision_id"], ["visit_decision.id"], name="fk_billed_visit_decision_id"),
        sa.ForeignKeyConstraint(["batch"], ["billing_batch.number"], name="fk_billed_visit_batch"),
    )


def sqlite_guards() -> list[str]:
    """Return triggers against UPDATE, DELETE and, for clients without recursive_triggers, INSERT OR REPLACE."""
    refused = "SELECT RAISE(ABORT, 'what a visit cost never changes');"
    guards = []
    for table, key in LASTING.items():
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = new.{key})"
        guards += [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refused} END",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refused} END",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} BEGIN {refused} END",
        ]
    return guards


def postgresql_guards() -> list[str]:
    """Return triggers against UPDATE (ON CONFLICT DO UPDATE included), DELETE and TRUNCATE."""
    function = """
    CREATE FUNCTION refuse_change_of_visit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'what a visit cost never changes'; END $$
    """
    guards = [function]
    for table in LASTING:
        refused = f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_visit()"
        guards.append(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE {refused}")
    return guards
