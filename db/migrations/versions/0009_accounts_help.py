"""Add until when a password holds, and who asks for help in which session; both are told as they change."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC

TELLING = (
    """
    CREATE FUNCTION tell_of_help() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('agent_desk_help', coalesce(NEW.session_id, OLD.session_id)::text); RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER help_told AFTER INSERT OR UPDATE OR DELETE ON help_call
    FOR EACH ROW EXECUTE FUNCTION tell_of_help()
    """,
)


def upgrade() -> None:
    op.add_column("person", sa.Column("password_until", MOMENT))
    op.create_table(
        "help_call",
        sa.Column("session_id", ID, nullable=False, autoincrement=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("coming", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("session_id", name="pk_help_call"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_help_call_session_id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in TELLING:
            op.execute(statement)
