"""Add SMS to the outbox, messages that leave later, and what comes back about SMS."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC

INDEXES = (
    """
    CREATE INDEX ix_mail_due ON mail (channel, coalesce(not_before, 0), id)
    WHERE state IN ('queued', 'sending', 'retry')
    """,
    "CREATE INDEX ix_mail_stuck ON mail (id) WHERE state IN ('uncertain', 'rejected', 'held', 'retry')",
)
# For gateways: nothing is learnt from it, and only who knows an SMS's very mark, which is random, can add a few rows.
REPORTED = """
    INSERT INTO sms_report (mail_id, nonce, kind, mac, at)
    SELECT m.id, left(_nonce, 40), _kind, left(_mac, 64), _at FROM mail m JOIN session s ON s.id = m.session_id
    WHERE s.number = _number AND m.envid = _envid AND m.channel = 'sms'
        AND (SELECT count(*) FROM sms_report r WHERE r.mail_id = m.id) < 16
    ON CONFLICT DO NOTHING
"""
TELLING = """
    CREATE TRIGGER sms_report_told AFTER INSERT ON sms_report FOR EACH ROW EXECUTE FUNCTION tell_of_mail()
"""


def upgrade() -> None:
    op.add_column("mail", sa.Column("channel", sa.Text(), nullable=False, server_default="mail"))
    op.add_column("mail", sa.Column("not_before", MOMENT))
    for statement in INDEXES:
        op.execute(statement)
    op.create_table(
        "sms_report",
        sa.Column("mail_id", ID, nullable=False, autoincrement=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("mail_id", "nonce", "kind", name="pk_sms_report"),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name="fk_sms_report_mail_id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in (*guest_function(), TELLING):
            op.execute(statement)


def guest_function() -> tuple[str, ...]:
    """Return what makes the function with its owner's rights, where it finds names, and for nobody yet."""
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    name = "guest_sms_report(_number text, _envid text, _nonce text, _kind integer, _mac text, _at bigint)"
    rights = f"SECURITY DEFINER SET search_path = {schema}, pg_temp"
    return (
        f"CREATE FUNCTION {name} RETURNS void LANGUAGE sql {rights} AS $${REPORTED}$$",
        f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC",
    )
