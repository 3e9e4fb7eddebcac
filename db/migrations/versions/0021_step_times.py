"""Add how long each of the six steps was in front of the agent."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

STEPS = range(1, 7)


def upgrade() -> None:
    for step in STEPS:
        op.add_column("draft", sa.Column(f"seconds_{step}", sa.Integer(), nullable=False, server_default=sa.text("0")))
