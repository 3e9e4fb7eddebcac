"""Find cases by the day a team was done with them, and know a session's question as answered by whichever of its links."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

A_LINK = "TABLE (session_id bigint, purpose text, expires_at bigint, used_at bigint)"
ANSWERED = "SELECT t.at FROM satisfaction t WHERE t.session_id = l.session_id AND l.purpose = 'satisfaction'"
FUNCTIONS = (
    (
        "link(_token bytea)",
        A_LINK,
        "sql STABLE",
        f"""
        SELECT l.session_id, l.purpose, l.expires_at, coalesce(l.used_at, ({ANSWERED}))
        FROM personal_link l WHERE l.token_sha256 = _token
        """,
    ),
    (
        "use_link(_token bytea, _at bigint)",
        A_LINK,
        "sql",
        f"""
        UPDATE personal_link l SET used_at = _at
        WHERE l.token_sha256 = _token AND l.used_at IS NULL AND l.expires_at > _at AND NOT EXISTS ({ANSWERED})
        RETURNING l.session_id, l.purpose, l.expires_at, l.used_at
        """,
    ),
)


def upgrade() -> None:
    op.create_index("ix_escalation_ended_at", "escalation", ["ended_at"])
    if op.get_bind().dialect.name == "postgresql":
        schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
        for name, returns, language, body in FUNCTIONS:
            rights = f"SECURITY DEFINER SET search_path = {schema}, pg_temp"
            op.execute(
                f"CREATE OR REPLACE FUNCTION guest_{name} RETURNS {returns} LANGUAGE {language} {rights} AS $${body}$$"
            )
            op.execute(f"REVOKE ALL ON FUNCTION guest_{name} FROM PUBLIC")
