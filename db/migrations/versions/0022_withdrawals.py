"""Add withdrawals that customers declare through the link in a mail, which a gateway may write and tell of."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC

# Used in this very transaction: only then may a gateway tell the session's chain of it.
JUST_USED = """
    EXISTS (SELECT 1 FROM personal_link l WHERE l.session_id = _chain AND l.xmin = pg_current_xact_id()::xid
        AND l.used_at IS NOT NULL)
"""
AN_EVENT = """
    _chain bigint, _seq integer, _kind text, _at bigint, _actor text, _mac bytea, _hash bytea, _key bytea, _body text
"""
# As before, and of a withdrawal declared through a link just used.
APPEND = f"""
    BEGIN
        IF NOT guest_may_tell(_chain) OR (_chain = 0) <> (_kind = 'guessing_alarm')
            OR _actor NOT IN ('customer', 'system') OR _kind NOT IN (
                'guessing_alarm', 'code_redeemed', 'code_failed', 'code_burned', 'code_expired', 'code_reused',
                'consent_recorded', 'share_joined', 'share_started', 'share_lost', 'share_resumed', 'share_ended',
                'link_used', 'withdrawal_declared'
            ) OR (_kind IN ('link_used', 'withdrawal_declared') AND NOT {JUST_USED})
        THEN RAISE EXCEPTION 'not for a gateway to tell'; END IF;
        UPDATE chain SET seq = _seq, hash = _hash WHERE chain = _chain AND seq = _seq - 1;
        IF NOT FOUND THEN RAISE EXCEPTION 'not the next event of its chain'; END IF;
        INSERT INTO event (chain, seq, kind, at, actor, payload_mac, hash)
            VALUES (_chain, _seq, _kind, _at, _actor, _mac, _hash);
        INSERT INTO payload (chain, seq, key, body) VALUES (_chain, _seq, _key, _body);
    END
"""
SEEN = """
    number text, state text, agreed_at bigint, territory text, segment text, visit integer, declared_at bigint, answer text
"""
FUNCTIONS = (
    (f"append({AN_EVENT})", "void", "plpgsql", APPEND),
    (
        "withdrawable(_token bytea)",
        f"TABLE ({SEEN})",
        "sql STABLE",
        """
        SELECT s.number, s.state, s.agreed_at,
            coalesce(nullif(d.content, '')::jsonb #>> '{customer,territory}', 'metropole'),
            coalesce(nullif(d.content, '')::jsonb #>> '{customer,segment}', 'residential'),
            (SELECT count(*)::integer FROM visit v WHERE v.session_id = s.id AND v.state = 'booked'),
            w.declared_at, w.answer
        FROM personal_link l JOIN session s ON s.id = l.session_id JOIN draft d ON d.session_id = s.id
            LEFT JOIN withdrawal w ON w.session_id = s.id
        WHERE l.token_sha256 = _token AND l.purpose = 'withdrawal'
        """,
    ),
    (
        "declare_withdrawal(_token bytea, _answer text, _at bigint)",
        "TABLE (session_id bigint)",
        "sql",
        """
        INSERT INTO withdrawal (session_id, declared_at, answer)
        SELECT l.session_id, _at, _answer FROM personal_link l
        WHERE l.token_sha256 = _token AND l.purpose = 'withdrawal' AND l.used_at = _at AND _answer IN ('accepted', 'visit')
        ON CONFLICT DO NOTHING RETURNING session_id
        """,
    ),
)


def upgrade() -> None:
    op.create_table(
        "withdrawal",
        sa.Column("session_id", ID, nullable=False, autoincrement=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("receipt_at", MOMENT),
        sa.Column("settled_at", MOMENT),
        sa.PrimaryKeyConstraint("session_id", name="pk_withdrawal"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_withdrawal_session_id"),
    )
    for name, column in (("receipt", "receipt_at"), ("unsettled", "settled_at")):
        waits = sa.text(f"{column} IS NULL")
        op.create_index(
            f"ix_withdrawal_{name}", "withdrawal", ["session_id"], sqlite_where=waits, postgresql_where=waits
        )
    if op.get_bind().dialect.name == "postgresql":
        schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
        for name, returns, language, body in FUNCTIONS:
            rights = f"SECURITY DEFINER SET search_path = {schema}, pg_temp"
            op.execute(
                f"CREATE OR REPLACE FUNCTION guest_{name} RETURNS {returns} LANGUAGE {language} {rights} AS $${body}$$"
            )
            op.execute(f"REVOKE ALL ON FUNCTION guest_{name} FROM PUBLIC")
