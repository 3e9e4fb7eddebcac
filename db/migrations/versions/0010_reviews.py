"""Add reviews of closed sessions, the rules that draw them, and the key of the draw, which no agent can read."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC


def upgrade() -> None:
    rule = create_rules()
    create_reviews()
    offered = {"share_permille": 1000, "waived_from": None, "uncertain": False, "active": True}
    op.bulk_insert(
        rule, [offered | {"share_permille": 50}, offered | {"waived_from": 4900}, offered | {"uncertain": True}]
    )
    site = sa.table("site", sa.column("key", sa.Text()), sa.column("value", sa.Text()))
    op.bulk_insert(site, [{"key": "review_key", "value": secrets.token_hex(32)}])


def create_rules() -> sa.Table:
    return op.create_table(
        "review_rule",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("share_permille", sa.SmallInteger(), nullable=False),
        sa.Column("waived_from", sa.Integer()),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        sa.Column("team_id", ID),
        sa.Column("service", sa.Text(), nullable=False, server_default=""),
        sa.Column("outcome", sa.Text(), nullable=False, server_default=""),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("drawn_to", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_review_rule"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_review_rule_team_id"),
    )


def create_reviews() -> None:
    op.create_table(
        "review",
        sa.Column("session_id", ID, nullable=False, autoincrement=False),
        sa.Column("team_id", ID),
        sa.Column("rule_id", ID),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.Column("mark", sa.Text(), nullable=False, server_default=""),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("agent_mark", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False, server_default=""),
        sa.Column("reviewer_mark", sa.Text(), nullable=False, server_default=""),
        sa.Column("returned_at", MOMENT),
        sa.PrimaryKeyConstraint("session_id", name="pk_review"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_review_session_id"),
        sa.ForeignKeyConstraint(["rule_id"], ["review_rule.id"], name="fk_review_rule_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_review_state_session_id", "review", ["state", "session_id"])
    op.create_table(
        "review_note",
        sa.Column("session_id", ID, nullable=False, autoincrement=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "ordinal", name="pk_review_note"),
        sqlite_with_rowid=False,
    )
