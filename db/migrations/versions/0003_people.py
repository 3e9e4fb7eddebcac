"""Add teams, people, and whose team a session is; what each role may do to the tables is `agent_desk/storage/rights.py`."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
        sa.UniqueConstraint("name", name="uq_team_name"),
    )
    op.create_table(
        "person",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("team_id", ID),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT),
        sa.Column("password", sa.Text(), nullable=False, server_default=""),
        sa.Column("failures", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("failed_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_person_team_id"),
        sa.UniqueConstraint("login", name="uq_person_login"),
        sa.UniqueConstraint("mark", name="uq_person_mark"),
    )
    op.create_index("ix_person_team_id", "person", ["team_id"])
    # Without a foreign key: SQLite would have to write all sessions anew for it, and no team is ever deleted.
    op.add_column("session", sa.Column("team_id", ID))
    op.create_index("ix_session_team_id_id", "session", ["team_id", "id"])
