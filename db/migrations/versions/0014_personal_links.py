"""Add the customer's personal links, kept by their fingerprint, and what is answered through them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC

A_LINK = "TABLE (session_id bigint, purpose text, expires_at bigint, used_at bigint)"
# Used in this very transaction: only then may a gateway tell the session's chain of it.
JUST_USED = """
    EXISTS (SELECT 1 FROM personal_link l WHERE l.session_id = _chain AND l.xmin = pg_current_xact_id()::xid
        AND l.used_at IS NOT NULL)
"""
MAY_TELL = f"""
    SELECT _chain = 0
        OR EXISTS (SELECT 1 FROM code c WHERE c.session_id = _chain AND c.state = 'live')
        OR EXISTS (SELECT 1 FROM share s WHERE s.session_id = _chain AND s.ended_at IS NULL)
        OR {JUST_USED}
"""
AN_EVENT = """
    _chain bigint, _seq integer, _kind text, _at bigint, _actor text, _mac bytea, _hash bytea, _key bytea, _body text
"""
# As before, and of a link just used, that it was.
APPEND = f"""
    BEGIN
        IF NOT guest_may_tell(_chain) OR (_chain = 0) <> (_kind = 'guessing_alarm')
            OR _actor NOT IN ('customer', 'system') OR _kind NOT IN (
                'guessing_alarm', 'code_redeemed', 'code_failed', 'code_burned', 'code_expired', 'code_reused',
                'consent_recorded', 'share_joined', 'share_started', 'share_lost', 'share_resumed', 'share_ended',
                'link_used'
            ) OR (_kind = 'link_used' AND NOT {JUST_USED})
        THEN RAISE EXCEPTION 'not for a gateway to tell'; END IF;
        UPDATE chain SET seq = _seq, hash = _hash WHERE chain = _chain AND seq = _seq - 1;
        IF NOT FOUND THEN RAISE EXCEPTION 'not the next event of its chain'; END IF;
        INSERT INTO event (chain, seq, kind, at, actor, payload_mac, hash)
            VALUES (_chain, _seq, _kind, _at, _actor, _mac, _hash);
        INSERT INTO payload (chain, seq, key, body) VALUES (_chain, _seq, _key, _body);
    END
"""
FUNCTIONS = (
    ("may_tell(_chain bigint)", "boolean", "sql STABLE", MAY_TELL),
    (f"append({AN_EVENT})", "void", "plpgsql", APPEND),
    (
        "link_keys()",
        "TABLE (value text)",
        "sql STABLE",
        "SELECT s.value FROM site s WHERE s.key = 'public_key'",
    ),
    (
        "link(_token bytea)",
        A_LINK,
        "sql STABLE",
        "SELECT l.session_id, l.purpose, l.expires_at, l.used_at FROM personal_link l WHERE l.token_sha256 = _token",
    ),
    (
        "use_link(_token bytea, _at bigint)",
        A_LINK,
        "sql",
        """
        UPDATE personal_link l SET used_at = _at
        WHERE l.token_sha256 = _token AND l.used_at IS NULL AND l.expires_at > _at
        RETURNING l.session_id, l.purpose, l.expires_at, l.used_at
        """,
    ),
    (
        "satisfaction(_token bytea, _answer text, _at bigint)",
        "void",
        "sql",
        """
        INSERT INTO satisfaction (session_id, answer, at)
        SELECT l.session_id, _answer, _at FROM personal_link l
        WHERE l.token_sha256 = _token AND l.purpose = 'satisfaction' AND l.used_at = _at
            AND _answer IN ('yes', 'partly', 'no')
        ON CONFLICT DO NOTHING
        """,
    ),
)


def upgrade() -> None:
    create_tables()
    if op.get_bind().dialect.name == "postgresql":
        schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
        for name, returns, language, body in FUNCTIONS:
            rights = f"SECURITY DEFINER SET search_path = {schema}, pg_temp"
            op.execute(
                f"CREATE OR REPLACE FUNCTION guest_{name} RETURNS {returns} LANGUAGE {language} {rights} AS $${body}$$"
            )
            op.execute(f"REVOKE ALL ON FUNCTION guest_{name} FROM PUBLIC")


def create_tables() -> None:
    op.create_table(
        "personal_link",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("mail_id", ID, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_personal_link"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_personal_link_session_id"),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name="fk_personal_link_mail_id"),
        sa.UniqueConstraint("token_sha256", name="uq_personal_link_token_sha256"),
        sa.UniqueConstraint("mail_id", "purpose", name="uq_personal_link_mail_id_purpose"),
    )
    op.create_index("ix_personal_link_session_id", "personal_link", ["session_id"])
    op.create_table(
        "satisfaction",
        sa.Column("session_id", ID, nullable=False, autoincrement=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_satisfaction"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_satisfaction_session_id"),
    )
    op.create_index("ix_satisfaction_at", "satisfaction", ["at"])
