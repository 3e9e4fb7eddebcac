"""Keep whether a visit was moved or called off by its customer's wish, and count again the days since visits were asked for.

Whether a technician came soon enough falls on the day the 72 hours end, no longer on the day they begin.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of visits that ended before nobody knows: they count as they did.
    wish = sa.Column("customer_wish", sa.SmallInteger(), nullable=False, server_default=sa.text("1"))
    op.add_column("visit", wish)
    op.create_index("ix_visit_booked_at", "visit", ["booked_at"])
    first = op.get_bind().execute(sa.text("SELECT min(asked_at) FROM visit")).scalar_one()
    if first is not None:
        day = datetime.fromtimestamp(first / 1_000_000, UTC).date() - timedelta(days=1)  # begun sooner in no time zone
        for table in ("report_day", "report_total"):
            op.get_bind().execute(sa.text(f"DELETE FROM {table} WHERE day >= :day"), {"day": day.isoformat()})
