"""Find what visits cost by its day, and let supervisors act on visits (rights are made anew by every upgrade)."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_visit_decision_decided_at", "visit_decision", ["decided_at"])
