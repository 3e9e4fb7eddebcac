"""Let a withdrawal through a link stop a home visit that is owed, booked or not, and have rights made anew for who settles it."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SEEN = """
    number text, state text, agreed_at bigint, territory text, segment text, visit integer, declared_at bigint, answer text
"""
WITHDRAWABLE = """
    SELECT s.number, s.state, s.agreed_at,
        coalesce(nullif(d.content, '')::jsonb #>> '{customer,territory}', 'metropole'),
        coalesce(nullif(d.content, '')::jsonb #>> '{customer,segment}', 'residential'),
        ((SELECT count(*) FROM visit v WHERE v.session_id = s.id AND v.state = 'booked')
            + (SELECT count(*) FROM promise r WHERE r.session_id = s.id AND r.kind = 'visit' AND r.ended_at IS NULL))::integer,
        w.declared_at, w.answer
    FROM personal_link l JOIN session s ON s.id = l.session_id JOIN draft d ON d.session_id = s.id
        LEFT JOIN withdrawal w ON w.session_id = s.id
    WHERE l.token_sha256 = _token AND l.purpose = 'withdrawal'
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
        op.execute(
            f"CREATE OR REPLACE FUNCTION guest_withdrawable(_token bytea) RETURNS TABLE ({SEEN}) LANGUAGE sql STABLE"
            f" SECURITY DEFINER SET search_path = {schema}, pg_temp AS $${WITHDRAWABLE}$$"
        )
