"""Add what a site changes in its catalogue and texts, decided by two people, and by when a session's prices were agreed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC

LASTING = {"catalogue_change": ("id",), "catalogue_step": ("change_id", "ordinal")}
# Who proposed is not who approves or rejects; who asked for a revocation is not who revokes. Steps follow each other.
LAST_MARK = """
    coalesce((SELECT s.by_mark FROM catalogue_step s WHERE s.change_id = NEW.change_id AND s.ordinal = NEW.ordinal - 1),
        (SELECT c.by_mark FROM catalogue_change c WHERE c.id = NEW.change_id))
"""
UNFIT = f"""
    NEW.ordinal <> 1 + (SELECT count(*) FROM catalogue_step s WHERE s.change_id = NEW.change_id)
    OR (NEW.step IN ('approve', 'reject', 'revoke') AND NEW.by_mark = {LAST_MARK})
"""
# When a session was agreed by the server's clock, which no desk sets: the prices of that day are its own.
PRICED = (
    """
    CREATE FUNCTION keep_priced_at() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD.agreed_at IS NOT NULL THEN
            NEW.priced_at := coalesce(OLD.priced_at, OLD.agreed_at);
        ELSIF NEW.agreed_at IS NOT NULL THEN
            NEW.priced_at := extract(epoch FROM clock_timestamp()) * 1000000;
        ELSE
            NEW.priced_at := NULL;
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER session_priced BEFORE INSERT OR UPDATE OF agreed_at, priced_at ON session
    FOR EACH ROW EXECUTE FUNCTION keep_priced_at()
    """,
)


def upgrade() -> None:
    create_changes()
    op.add_column("session", sa.Column("priced_at", MOMENT))
    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in (*PRICED, *postgresql_guards()) if postgresql else sqlite_guards():
        op.execute(statement)


def create_changes() -> None:
    op.create_table(
        "catalogue_change",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_mark", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_change"),
    )
    op.create_table(
        "catalogue_step",
        sa.Column("change_id", ID, nullable=False, autoincrement=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_mark", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("change_id", "ordinal", name="pk_catalogue_step"),
        sa.ForeignKeyConstraint(["change_id"], ["catalogue_change.id"], name="fk_catalogue_step_change_id"),
    )


def sqlite_guards() -> list[str]:
    """Return triggers against UPDATE, DELETE, INSERT OR REPLACE, and a decision of one person alone."""
    refused = "SELECT RAISE(ABORT, 'a change of the catalogue stays as it was decided');"
    guards = [
        f"CREATE TRIGGER catalogue_step_two_people BEFORE INSERT ON catalogue_step WHEN {UNFIT} BEGIN {refused} END"
    ]
    for table, keys in LASTING.items():
        same = " AND ".join(f"{key} = new.{key}" for key in keys)
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
        guards += [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refused} END",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refused} END",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} BEGIN {refused} END",
        ]
    return guards


def postgresql_guards() -> list[str]:
    """Return triggers against UPDATE, DELETE, TRUNCATE, and a decision of one person alone."""
    refused = "RAISE EXCEPTION 'a change of the catalogue stays as it was decided'"
    guards = [
        f"CREATE FUNCTION refuse_change_of_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refused}; END $$",
        f"""
        CREATE FUNCTION want_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF {UNFIT} THEN {refused}; END IF; RETURN NEW; END $$
        """,
        """
        CREATE TRIGGER catalogue_step_two_people BEFORE INSERT ON catalogue_step
        FOR EACH ROW EXECUTE FUNCTION want_two_people()
        """,
    ]
    for table in LASTING:
        every = f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_change()"
        guards.append(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE {every}")
    return guards
