"""Add who is in which session now, and sessions handed over to a person or a team; both are told as they change."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC
OPEN = "taken_at IS NULL"

# A plain sign of life, which changes neither who is there nor at which step, is told to nobody.
TELLING = (
    """
    CREATE FUNCTION tell_of_presence() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('agent_desk_presence', coalesce(NEW.session_id, OLD.session_id)::text); RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER presence_told AFTER INSERT OR DELETE ON presence
    FOR EACH ROW EXECUTE FUNCTION tell_of_presence()
    """,
    """
    CREATE TRIGGER presence_moved AFTER UPDATE ON presence FOR EACH ROW
    WHEN (OLD.step <> NEW.step OR OLD.name <> NEW.name) EXECUTE FUNCTION tell_of_presence()
    """,
    """
    CREATE FUNCTION tell_of_handover() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('agent_desk_handover', NEW.session_id::text); RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER handover_told AFTER INSERT OR UPDATE ON handover
    FOR EACH ROW EXECUTE FUNCTION tell_of_handover()
    """,
)


def upgrade() -> None:
    create_presence()
    create_handover()
    if op.get_bind().dialect.name == "postgresql":
        for statement in TELLING:
            op.execute(statement)


def create_presence() -> None:
    """A row lives some seconds after its last sign; where a server crashes or another takes over it may as well be gone."""
    op.create_table(
        "presence",
        sa.Column("session_id", ID, nullable=False, autoincrement=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "desk", name="pk_presence"),
        prefixes=["UNLOGGED"] if op.get_bind().dialect.name == "postgresql" else [],
    )


def create_handover() -> None:
    op.create_table(
        "handover",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("from_mark", sa.Text(), nullable=False),
        sa.Column("from_name", sa.Text(), nullable=False),
        sa.Column("to_person_id", ID),
        sa.Column("to_team_id", ID),
        sa.Column("to_name", sa.Text(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("promised", sa.Text(), nullable=False),
        sa.Column("taken_at", MOMENT),
        sa.Column("taken_by", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_handover_session_id"),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"], name="fk_handover_to_person_id"),
        sa.ForeignKeyConstraint(["to_team_id"], ["team.id"], name="fk_handover_to_team_id"),
        sa.CheckConstraint("(to_person_id IS NULL) <> (to_team_id IS NULL)", name="ck_handover_receiver"),
    )
    op.create_index("ix_handover_session_id", "handover", ["session_id"])
    # At most one of a session waits for somebody; Today asks for those only.
    open_ones = sa.text(OPEN)
    op.create_index(
        "uq_handover_open", "handover", ["session_id"], unique=True, sqlite_where=open_ones, postgresql_where=open_ones
    )
