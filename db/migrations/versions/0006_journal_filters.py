"""Index what the Journal filters by, so that a page of a million sessions takes no walk through them."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = (
    ("session", ("outcome", "id")),
    ("session", ("agent", "id")),
    ("session", ("mail_state", "id")),
    ("session", ("total_cents",)),
    ("session_line", ("rule", "session_id")),
    ("consent", ("channel", "session_id")),
)


def upgrade() -> None:
    for table, columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
