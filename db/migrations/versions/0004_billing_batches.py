"""Add batches for the bill, which programs of a site run, the nightly check of decisions; mails that wait are told of."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC
CENTS = sa.BigInteger()

# A batch that was made never changes, whatever program asks.
LASTING = {
    "billing_batch": ("number",),
    "billing_file": ("batch", "position"),
    "billed_decision": ("decision_id",),
}
# Functions for gateways and mail workers: name and arguments, what it returns, and its body in SQL.
GUEST = (
    (
        "lapsed(_now bigint)",
        "TABLE (locator text)",
        "STABLE",
        "SELECT c.locator FROM code c WHERE c.state = 'live' AND c.expires_at <= _now ORDER BY c.id LIMIT 1",
    ),
    (
        "seen(_mark text, _kind text, _version text, _at bigint)",
        "void",
        "",
        """
        INSERT INTO program (mark, kind, version, started_at, seen_at)
        SELECT left(_mark, 40), _kind, left(_version, 40), _at, _at WHERE _kind IN ('gateway', 'mailer')
        ON CONFLICT (mark) DO UPDATE SET seen_at = excluded.seen_at
        """,
    ),
    ("forget_programs(_before bigint)", "void", "", "DELETE FROM program p WHERE p.seen_at < _before"),
)
# A mail worker listens: told when the transaction that queues a mail, or queues it again, is committed.
TELLING = (
    """
    CREATE FUNCTION tell_of_mail() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('agent_desk_mail', ''); RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER mail_told AFTER INSERT OR UPDATE OF state ON mail
    FOR EACH ROW WHEN (NEW.state = 'queued') EXECUTE FUNCTION tell_of_mail()
    """,
)


def upgrade() -> None:
    create_batches()
    create_operation()
    if op.get_bind().dialect.name == "postgresql":
        for statement in (*guest_functions(), *TELLING, *postgresql_guards()):
            op.execute(statement)
    else:
        for statement in sqlite_guards():
            op.execute(statement)


def create_batches() -> None:
    op.create_table(
        "billing_batch",
        sa.Column("number", ID, nullable=False, autoincrement=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("zeros", sa.Integer(), nullable=False),
        sa.Column("total_cents", CENTS, nullable=False),
        sa.Column("vat_cents", CENTS, nullable=False),
        sa.Column("manifest_sha256", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_billing_batch"),
    )
    op.create_table(
        "billing_file",
        sa.Column("batch", ID, nullable=False, autoincrement=False),
        sa.Column("position", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("batch", "position", name="pk_billing_file"),
        sa.ForeignKeyConstraint(["batch"], ["billing_batch.number"], name="fk_billing_file_batch"),
    )
    op.create_table(
        "billed_decision",
        sa.Column("decision_id", ID, nullable=False, autoincrement=False),
        sa.Column("batch", ID, nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name="pk_billed_decision"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="fk_billed_decision_decision_id"),
        sa.ForeignKeyConstraint(["batch"], ["billing_batch.number"], name="fk_billed_decision_batch"),
    )


def create_operation() -> None:
    op.create_table(
        "program",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_program"),
    )
    op.create_table(
        "decision_check",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decision_check"),
    )


def guest_functions() -> list[str]:
    """Return the statements that make each function with its owner's rights, where it finds names, and for nobody yet."""
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    rights = f"SECURITY DEFINER SET search_path = {schema}, pg_temp"
    statements = []
    for name, returns, volatility, body in GUEST:
        statements += [
            f"CREATE FUNCTION guest_{name} RETURNS {returns} LANGUAGE sql {volatility} {rights} AS $${body}$$",
            f"REVOKE ALL ON FUNCTION guest_{name} FROM PUBLIC",
        ]
    return statements


def sqlite_guards() -> list[str]:
    """Return triggers against UPDATE, DELETE and, for clients without recursive_triggers, INSERT OR REPLACE."""
    refused = "SELECT RAISE(ABORT, 'a billing batch never changes');"
    guards = []
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
    """Return triggers against UPDATE (ON CONFLICT DO UPDATE included), DELETE and TRUNCATE."""
    function = """
    CREATE FUNCTION refuse_change_of_batch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a billing batch never changes'; END $$
    """
    guards = [function]
    for table in LASTING:
        refused = f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_batch()"
        guards.append(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE {refused}")
    return guards
