"""Add promises: every clock around a session that somebody has to keep, told to whose it is."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC

# One person is told what is theirs, a team what went wrong; everything else is seen at the next look.
TELLING = (
    """
    CREATE FUNCTION tell_of_promise() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.person_mark <> '' THEN PERFORM pg_notify('agent_desk_promise', NEW.person_mark); END IF;
        IF NEW.on_top = 1 THEN PERFORM pg_notify('agent_desk_promise', NEW.team_id::text); END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER promise_told AFTER INSERT OR UPDATE ON promise
    FOR EACH ROW EXECUTE FUNCTION tell_of_promise()
    """,
)


def upgrade() -> None:
    op.create_table(
        "promise",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("person_mark", sa.Text(), nullable=False, server_default=""),
        sa.Column("person", sa.Text(), nullable=False, server_default=""),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("late_at", MOMENT, nullable=False),
        sa.Column("on_top", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("missed_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("end", sa.Text(), nullable=False, server_default=""),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.PrimaryKeyConstraint("id", name="pk_promise"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_promise_session_id"),
    )
    op.create_index("ix_promise_session_id", "promise", ["session_id"])
    op.create_index("ix_promise_kind_due_at", "promise", ["kind", "due_at"])
    open_ones, unmissed = sa.text("ended_at IS NULL"), sa.text("ended_at IS NULL AND missed_at IS NULL")
    order: list[str | sa.TextClause] = [sa.text("on_top DESC"), "due_at", "id"]
    for name, whose in (("person", ["team_id", "person_mark"]), ("team", ["team_id"])):
        op.create_index(
            f"ix_promise_{name}", "promise", [*whose, *order], sqlite_where=open_ones, postgresql_where=open_ones
        )
    op.create_index("ix_promise_unmissed", "promise", ["late_at"], sqlite_where=unmissed, postgresql_where=unmissed)
    if op.get_bind().dialect.name == "postgresql":
        for statement in TELLING:
            op.execute(statement)
