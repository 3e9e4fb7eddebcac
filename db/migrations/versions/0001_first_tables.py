"""Create the first tables, the triggers that keep the log append-only, and the index that finds sessions by words."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC

LOG = ("event", "checkpoint", "checkpoint_leaf")
LOG_KEYS = {"event": ("chain", "seq"), "checkpoint": ("id",), "checkpoint_leaf": ("position",)}

SQLITE_SEARCH = (
    """
    CREATE VIRTUAL TABLE session_search USING fts5(
        search_text, content='session', content_rowid='id', columnsize=0, detail=none,
        prefix='2 3', tokenize='unicode61 remove_diacritics 2'
    )
    """,
    "CREATE VIRTUAL TABLE session_search_words USING fts5vocab(session_search, row)",
    """
    CREATE TRIGGER session_search_insert AFTER INSERT ON session BEGIN
        INSERT INTO session_search (rowid, search_text) VALUES (new.id, new.search_text);
    END
    """,
    """
    CREATE TRIGGER session_search_delete AFTER DELETE ON session BEGIN
        INSERT INTO session_search (session_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
    END
    """,
    """
    CREATE TRIGGER session_search_update AFTER UPDATE OF id, search_text ON session
    WHEN old.search_text <> new.search_text OR old.id <> new.id BEGIN
        INSERT INTO session_search (session_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
        INSERT INTO session_search (rowid, search_text) VALUES (new.id, new.search_text);
    END
    """,
)

# With more values sampled the planner can tell a rare word from a frequent one.
POSTGRESQL_SEARCH = (
    "CREATE INDEX ix_session_search ON session USING gin (to_tsvector('simple'::regconfig, search_text))",
    "ALTER INDEX ix_session_search ALTER COLUMN 1 SET STATISTICS 1000",
)


def upgrade() -> None:
    create_site_and_sessions()
    create_consents_and_codes()
    create_decisions_and_mails()
    create_log()
    if op.get_bind().dialect.name == "sqlite":
        statements = (*sqlite_guards(), *SQLITE_SEARCH)
    else:
        statements = (*postgresql_guards(), *POSTGRESQL_SEARCH)
    for statement in statements:
        op.execute(statement)


def create_site_and_sessions() -> None:
    site = op.create_table(
        "site",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_site"),
    )
    op.bulk_insert(
        site,
        [
            {"key": "min_program", "value": "0.1.0"},
            {"key": "origin", "value": f"agent-desk/log/{secrets.token_hex(8)}"},
        ],
    )
    op.create_table(
        "session",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("agreed_at", MOMENT),
        sa.Column("started_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("parked_at", MOMENT),
        sa.Column("customer", sa.Text(), nullable=False, server_default=""),
        sa.Column("customer_number", sa.Text(), nullable=False, server_default=""),
        sa.Column("callback_number", sa.Text(), nullable=False, server_default=""),
        sa.Column("services", sa.Text(), nullable=False, server_default=""),
        sa.Column("outcome", sa.Text(), nullable=False, server_default=""),
        sa.Column("total_cents", sa.Integer()),
        sa.Column("mail_state", sa.Text(), nullable=False, server_default=""),
        sa.Column("search_text", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("number", name="uq_session_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_session_customer_number", "session", ["customer_number"])
    op.create_index("ix_session_callback_number", "session", ["callback_number"])
    op.create_index("ix_session_ended_at", "session", ["ended_at"])
    create_index_where("ix_session_live", "session", "id", "ended_at IS NULL")
    op.create_table(
        "draft",
        sa.Column("session_id", ID, nullable=False, autoincrement=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_draft"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_draft_session_id"),
    )
    op.create_table(
        "session_line",
        sa.Column("session_id", ID, nullable=False, autoincrement=False),
        sa.Column("position", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("quantity", sa.SmallInteger(), nullable=False),
        sa.Column("unit_price_cents", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer()),
        sa.Column("rule", sa.Text()),
        sa.PrimaryKeyConstraint("session_id", "position", name="pk_session_line"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_session_line_session_id"),
    )


def create_consents_and_codes() -> None:
    op.create_table(
        "consent",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("text_version", sa.SmallInteger(), nullable=False),
        sa.Column("text_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("covers", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_consent_session_id"),
    )
    op.create_index("ix_consent_session_id", "consent", ["session_id"])
    op.create_table(
        "code",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("failures", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_code"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_code_session_id"),
    )
    op.create_index("ix_code_session_id", "code", ["session_id"])
    create_index_where("uq_code_live_locator", "code", "locator", "state = 'live'", unique=True)


def create_decisions_and_mails() -> None:
    op.create_table(
        "decision",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("catalogue_version", sa.Text(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_decision_session_id"),
        sa.UniqueConstraint("session_id", "ordinal", name="uq_decision_session_id_ordinal"),
    )
    op.create_table(
        "mail",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("envid", sa.Text(), nullable=False),
        sa.Column("attachments_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("receipt_requested", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("state_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("retry_at", MOMENT),
        sa.Column("lease_until", MOMENT),
        sa.Column("lease_token", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("data_began_at", MOMENT),
        sa.Column("last_reply", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_mail"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_mail_session_id"),
        sa.UniqueConstraint("key", name="uq_mail_key"),
    )
    op.create_index("ix_mail_session_id", "mail", ["session_id"])
    unsettled = "state IN ('queued', 'sending', 'retry', 'rejected', 'uncertain', 'held')"
    create_index_where("ix_mail_unsettled", "mail", "id", unsettled)
    op.create_table(
        "attachment",
        sa.Column("mail_id", ID, nullable=False, autoincrement=False),
        sa.Column("position", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("mail_id", "position", name="pk_attachment"),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name="fk_attachment_mail_id"),
    )


def create_log() -> None:
    op.create_table(
        "chain",
        sa.Column("chain", ID, nullable=False, autoincrement=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("in_checkpoint", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("chain", name="pk_chain"),
    )
    create_index_where("ix_chain_changed", "chain", "chain", "seq > in_checkpoint")
    op.create_table(
        "event",
        sa.Column("chain", ID, nullable=False, autoincrement=False),
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("payload_mac", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name="pk_event"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payload",
        sa.Column("chain", ID, nullable=False, autoincrement=False),
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name="pk_payload"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoint_leaf",
        sa.Column("position", ID, nullable=False, autoincrement=False),
        sa.Column("chain", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_checkpoint_leaf"),
    )
    op.create_table(
        "checkpoint",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("size", ID, nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_checkpoint"),
    )


def create_index_where(name: str, table: str, column: str, condition: str, *, unique: bool = False) -> None:
    where = sa.text(condition)
    op.create_index(name, table, [column], unique=unique, sqlite_where=where, postgresql_where=where)


def sqlite_guards() -> list[str]:
    """Return triggers against UPDATE, DELETE and, for clients without recursive_triggers, INSERT OR REPLACE."""
    refused = "SELECT RAISE(ABORT, 'the log is append-only');"
    guards = []
    for table in LOG:
        same = " AND ".join(f"{key} = new.{key}" for key in LOG_KEYS[table])
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
        guards += [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refused} END",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refused} END",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} BEGIN {refused} END",
        ]
    return guards


def postgresql_guards() -> list[str]:
    """Return triggers against UPDATE (ON CONFLICT DO UPDATE included), DELETE and TRUNCATE."""
    function = """
    CREATE FUNCTION refuse_change_of_log() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the log is append-only'; END $$
    """
    guards = [function]
    for table in LOG:
        refused = f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_log()"
        guards.append(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE {refused}")
    return guards
