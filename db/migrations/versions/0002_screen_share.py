"""Add the screen share: shares, counted tries of codes, signals between gateways, and all a gateway may do by itself.

On PostgreSQL a gateway needs no right to any table. The functions below are its whole door: each for one code, token
or session with a live code or an unended share, none of them a list.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970, UTC

SHARE = "s.id, s.session_id, s.state, s.end_reason, s.words, s.right_pair, s.page, s.browser_sha256, {facts}"
FACTS = "s.opened_at, s.admitted_at, s.seen_at"
SHARE_ROW = """
    TABLE (id bigint, session_id bigint, state text, end_reason text, words text, right_pair smallint, page text,
           browser_sha256 bytea, opened_at bigint, admitted_at bigint, seen_at bigint)
"""
DUE_ROW = """
    TABLE (id bigint, session_id bigint, state text, opened_at bigint, admitted_at bigint, seen_at bigint)
"""
CODE_ROW = """
    TABLE (id bigint, session_id bigint, mac bytea, issued_at bigint, expires_at bigint, failures smallint, page text)
"""
AN_EVENT = """
    _chain bigint, _seq integer, _kind text, _at bigint, _actor text, _mac bytea, _hash bytea, _key bytea, _body text
"""
A_CODE = "SELECT c.id, c.session_id, c.mac, c.issued_at, c.expires_at, c.failures, c.page FROM code c"
A_SHARE = f"SELECT {SHARE.format(facts=FACTS)} FROM share s WHERE s.token_sha256 = _token"
A_DUE = f"SELECT s.id, s.session_id, s.state, {FACTS} FROM share s"

# Name and arguments, what it returns, and the body of a function in SQL; STABLE where it only reads.
READING = (
    ("code(_locator text)", CODE_ROW, f"{A_CODE} WHERE c.locator = _locator AND c.state = 'live'"),
    (
        "used_code(_locator text)",
        "TABLE (session_id bigint, mac bytea, share_id bigint)",
        """
        SELECT c.session_id, c.mac, s.id FROM share s JOIN code c ON c.id = s.code_id
        WHERE s.ended_at IS NULL AND c.state = 'redeemed' AND c.locator = _locator
        """,
    ),
    ("share(_token bytea)", SHARE_ROW, A_SHARE),
    (
        "due(_lost bigint, _unanswered bigint, _longest bigint)",
        DUE_ROW,
        f"""
        {A_DUE} WHERE s.ended_at IS NULL AND (
            (s.state IN ('live', 'lost') AND coalesce(s.seen_at, s.admitted_at, s.opened_at) <= _lost)
            OR (s.state IN ('live', 'lost') AND coalesce(s.admitted_at, s.opened_at) <= _longest)
            OR (s.state NOT IN ('live', 'lost') AND coalesce(s.admitted_at, s.opened_at) <= _unanswered)
        ) ORDER BY s.id LIMIT 1
        """,
    ),
    (
        "states(_ids bigint[])",
        "TABLE (id bigint, state text, end_reason text)",
        "SELECT s.id, s.state, s.end_reason FROM share s WHERE s.id = ANY (_ids)",
    ),
    (
        "site_attempts(_since bigint, _most integer)",
        "TABLE (at bigint, fresh smallint)",
        """
        SELECT b.at, b.fresh FROM (
            SELECT a.at, a.fresh FROM code_attempt a WHERE a.failed = 1 AND a.at > _since ORDER BY a.at DESC LIMIT _most
        ) AS b ORDER BY b.at
        """,
    ),
    (
        "source_attempts(_sources text[], _since bigint, _most integer)",
        "TABLE (source text, at bigint)",
        """
        SELECT asked.source, a.at FROM unnest(_sources) AS asked (source), LATERAL (
            SELECT b.at FROM code_attempt b WHERE b.source = asked.source AND b.failed = 1 AND b.at > _since
            ORDER BY b.at DESC LIMIT _most
        ) AS a ORDER BY a.at
        """,
    ),
    ("breaker()", "TABLE (value text)", "SELECT s.value FROM site s WHERE s.key = 'guessing_open'"),
    (
        "signals(_share bigint, _side text, _after bigint)",
        "TABLE (id bigint, body text)",
        """
        SELECT g.id, g.body FROM signal g JOIN share s ON s.id = g.share_id AND s.ended_at IS NULL
        WHERE g.share_id = _share AND g.to_side = _side AND g.id > _after ORDER BY g.id
        """,
    ),
    ("schema()", "TABLE (version_num text)", "SELECT v.version_num::text FROM alembic_version v"),
)
CHANGING = (
    (
        "count_code(_code bigint, _most integer)",
        "TABLE (failures smallint)",
        """
        UPDATE code c SET failures = c.failures + 1
        WHERE c.id = _code AND c.state = 'live' AND c.failures < _most RETURNING c.failures
        """,
    ),
    (
        "end_code(_code bigint, _state text, _at bigint)",
        "TABLE (id bigint)",
        """
        UPDATE code c SET state = _state, ended_at = _at,
            failures = c.failures - CASE WHEN _state = 'redeemed' THEN 1 ELSE 0 END
        WHERE c.id = _code AND c.state = 'live' AND _state IN ('redeemed', 'burned', 'expired') RETURNING c.id
        """,
    ),
    (
        "open_share(_code bigint, _token bytea, _browser bytea, _at bigint)",
        "TABLE (id bigint)",
        """
        INSERT INTO share (session_id, code_id, state, page, token_sha256, browser_sha256, opened_at)
        SELECT c.session_id, c.id, 'opened', c.page, _token, _browser, _at FROM code c
        WHERE c.id = _code AND c.state = 'redeemed' AND c.ended_at = _at RETURNING id
        """,
    ),
    (
        "reuse(_share bigint, _at bigint)",
        "TABLE (id bigint)",
        """
        UPDATE share s SET reused_at = _at
        WHERE s.id = _share AND s.ended_at IS NULL AND s.reused_at IS NULL RETURNING s.id
        """,
    ),
    (
        "consent(_share bigint, _kind text, _answer text, _at bigint, _version integer, _sha256 bytea)",
        "void",
        """
        INSERT INTO consent (session_id, kind, answer, at, channel, recorded_by, text_version, text_sha256)
        SELECT s.session_id, _kind, _answer, _at, 'page', '', _version, _sha256 FROM share s
        WHERE s.id = _share AND s.state = 'opened'
            AND ((_kind IN ('early_start', 'early_start_waiver') AND _answer = 'yes')
                OR (_kind = 'screen_sharing' AND _answer IN ('yes', 'no')))
        """,
    ),
    (
        "answer(_share bigint, _words text, _right integer, _at bigint)",
        "void",
        """
        UPDATE share s SET state = 'waiting', words = _words, right_pair = _right, seen_at = _at
        WHERE s.id = _share AND s.state = 'opened'
        """,
    ),
    (
        "move(_share bigint, _from text, _to text)",
        "void",
        """
        UPDATE share s SET state = _to WHERE s.id = _share AND s.state = _from
            AND (_from, _to) IN (('admitted', 'live'), ('live', 'lost'), ('lost', 'live'))
        """,
    ),
    (
        "see(_share bigint, _at bigint, _live bigint)",
        "void",
        """
        UPDATE share s SET seen_at = _at, live_at = coalesce(s.live_at, _live)
        WHERE s.id = _share AND s.ended_at IS NULL
        """,
    ),
    (
        "end_share(_share bigint, _reason text, _at bigint)",
        "void",
        """
        UPDATE share s SET state = 'ended', end_reason = _reason, ended_at = _at,
            page = '', words = '', right_pair = NULL, viewer_sha256 = NULL
        WHERE s.id = _share AND s.ended_at IS NULL
            AND _reason IN ('refused', 'by_customer', 'browser_closed', 'lost', 'too_long', 'unanswered')
        """,
    ),
    (
        "seat(_viewer bytea, _now bigint, _latest bigint)",
        "TABLE (id bigint, session_id bigint, viewer_by text)",
        """
        UPDATE share s SET viewer_sha256 = NULL
        WHERE s.viewer_sha256 = _viewer AND s.ended_at IS NULL AND s.state IN ('admitted', 'live', 'lost')
            AND s.viewer_until > _now AND s.viewer_until <= _latest
        RETURNING s.id, s.session_id, s.viewer_by
        """,
    ),
    (
        "bring_back_shares(_now bigint, _skew bigint)",
        "void",
        """
        UPDATE share s SET opened_at = least(s.opened_at, _now), admitted_at = least(s.admitted_at, _now),
            seen_at = least(s.seen_at, _now)
        WHERE s.ended_at IS NULL AND greatest(s.opened_at, s.admitted_at, s.seen_at) > _now + _skew
        """,
    ),
    (
        "bring_back_attempts(_now bigint, _skew bigint)",
        "void",
        "UPDATE code_attempt a SET at = _now WHERE a.at > _now + _skew",
    ),
    (
        "count(_at bigint, _sources text[], _fresh integer[])",
        "void",
        """
        INSERT INTO code_attempt (at, source, failed, fresh)
        SELECT _at, tried.source, 1, tried.fresh FROM unnest(_sources, _fresh) AS tried (source, fresh)
        """,
    ),
    (
        "give_back(_source text)",
        "void",
        """
        UPDATE code_attempt a SET failed = 0
        WHERE a.id = (SELECT max(b.id) FROM code_attempt b WHERE b.source = _source AND b.failed = 1)
        """,
    ),
    (
        "set_breaker(_value text)",
        "void",
        """
        INSERT INTO site (key, value) VALUES ('guessing_open', _value)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
        """,
    ),
    ("prune_attempts(_before bigint)", "void", "DELETE FROM code_attempt a WHERE a.at < _before"),
    ("prune_signals(_before bigint)", "void", "DELETE FROM signal g WHERE g.at < _before"),
    (
        "signal(_share bigint, _side text, _body text, _at bigint)",
        "TABLE (id bigint)",
        """
        INSERT INTO signal (share_id, to_side, body, at) SELECT s.id, _side, _body, _at FROM share s
        WHERE s.id = _share AND s.ended_at IS NULL AND _side IN ('customer', 'viewer') RETURNING id
        """,
    ),
)
# The same, in PL/pgSQL: what takes a lock before it reads, and what checks before it writes.
LOCKING = (
    (
        "take_code(_locator text)",
        CODE_ROW,
        f"""
        DECLARE held bigint;
        BEGIN
            SELECT c.session_id INTO held FROM code c WHERE c.locator = _locator AND c.state = 'live';
            PERFORM 1 FROM session s WHERE s.id = held FOR UPDATE;
            RETURN QUERY {A_CODE} WHERE c.locator = _locator AND c.state = 'live' AND c.session_id = held;
        END
        """,
    ),
    (
        "take_share(_token bytea)",
        SHARE_ROW,
        f"""
        BEGIN
            PERFORM 1 FROM session e JOIN share s ON s.session_id = e.id WHERE s.token_sha256 = _token FOR UPDATE OF e;
            RETURN QUERY {A_SHARE};
        END
        """,
    ),
    (
        "take_due(_share bigint)",
        DUE_ROW,
        f"""
        BEGIN
            PERFORM 1 FROM session e JOIN share s ON s.session_id = e.id WHERE s.id = _share FOR UPDATE OF e;
            RETURN QUERY {A_DUE} WHERE s.id = _share AND s.ended_at IS NULL;
        END
        """,
    ),
    (
        "head(_chain bigint)",
        "TABLE (seq integer, hash bytea)",
        r"""
        BEGIN
            IF NOT guest_may_tell(_chain) THEN RAISE EXCEPTION 'no code or share there'; END IF;
            INSERT INTO chain (chain, seq, hash, in_checkpoint)
                VALUES (_chain, 0, decode(repeat('00', 32), 'hex'), 0) ON CONFLICT (chain) DO NOTHING;
            RETURN QUERY SELECT c.seq, c.hash FROM chain c WHERE c.chain = _chain FOR UPDATE;
        END
        """,
    ),
    (
        f"append({AN_EVENT})",
        "void",
        """
        BEGIN
            IF NOT guest_may_tell(_chain) OR (_chain = 0) <> (_kind = 'guessing_alarm')
                OR _actor NOT IN ('customer', 'system') OR _kind NOT IN (
                    'guessing_alarm', 'code_redeemed', 'code_failed', 'code_burned', 'code_expired', 'code_reused',
                    'consent_recorded', 'share_joined', 'share_started', 'share_lost', 'share_resumed', 'share_ended'
                )
            THEN RAISE EXCEPTION 'not for a gateway to tell'; END IF;
            UPDATE chain SET seq = _seq, hash = _hash WHERE chain = _chain AND seq = _seq - 1;
            IF NOT FOUND THEN RAISE EXCEPTION 'not the next event of its chain'; END IF;
            INSERT INTO event (chain, seq, kind, at, actor, payload_mac, hash)
                VALUES (_chain, _seq, _kind, _at, _actor, _mac, _hash);
            INSERT INTO payload (chain, seq, key, body) VALUES (_chain, _seq, _key, _body);
        END
        """,
    ),
)
MAY_TELL = """
    SELECT _chain = 0
        OR EXISTS (SELECT 1 FROM code c WHERE c.session_id = _chain AND c.state = 'live')
        OR EXISTS (SELECT 1 FROM share s WHERE s.session_id = _chain AND s.ended_at IS NULL)
"""
# Gateways and desks listen: what changes is told to all at once.
TELLING = (
    """
    CREATE FUNCTION tell_of_share() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('agent_desk_share', concat_ws('/', NEW.id, NEW.state, NEW.end_reason)); RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER share_told AFTER INSERT OR UPDATE OF state ON share
    FOR EACH ROW EXECUTE FUNCTION tell_of_share()
    """,
    """
    CREATE FUNCTION tell_of_signal() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('agent_desk_signal', concat_ws('/', NEW.share_id, NEW.to_side, NEW.id)); RETURN NULL; END $$
    """,
    "CREATE TRIGGER signal_told AFTER INSERT ON signal FOR EACH ROW EXECUTE FUNCTION tell_of_signal()",
)


def upgrade() -> None:
    op.add_column("code", sa.Column("page", sa.Text(), nullable=False, server_default=""))
    create_shares()
    create_attempts_and_signals()
    if op.get_bind().dialect.name == "postgresql":
        for statement in (*guest_functions(), *TELLING):
            op.execute(statement)


def create_shares() -> None:
    op.create_table(
        "share",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("code_id", ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False, server_default=""),
        sa.Column("right_pair", sa.SmallInteger()),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("browser_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("viewer_sha256", sa.LargeBinary()),
        sa.Column("viewer_until", MOMENT),
        sa.Column("viewer_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("admitted_at", MOMENT),
        sa.Column("live_at", MOMENT),
        sa.Column("seen_at", MOMENT),
        sa.Column("reused_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("end_reason", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_share"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_share_session_id"),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name="fk_share_code_id"),
        sa.UniqueConstraint("code_id", name="uq_share_code_id"),
        sa.UniqueConstraint("token_sha256", name="uq_share_token_sha256"),
    )
    op.create_index("ix_share_session_id", "share", ["session_id"])
    unended = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_share_unended", "share", ["session_id"], unique=True, sqlite_where=unended, postgresql_where=unended
    )


def create_attempts_and_signals() -> None:
    op.create_table(
        "code_attempt",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("failed", sa.SmallInteger(), nullable=False),
        sa.Column("fresh", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_code_attempt"),
    )
    op.create_index("ix_code_attempt_at", "code_attempt", ["at"])
    op.create_index("ix_code_attempt_source_at", "code_attempt", ["source", "at"])
    op.create_table(
        "signal",
        sa.Column("id", ID, sa.Identity(), nullable=False),
        sa.Column("share_id", ID, nullable=False),
        sa.Column("to_side", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signal"),
    )
    op.create_index("ix_signal_share_id", "signal", ["share_id"])


def guest_functions() -> list[str]:
    """Return the statements that make each function with its owner's rights, where it finds names, and for nobody yet."""
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    made = [("may_tell(_chain bigint)", "boolean", "sql STABLE", MAY_TELL)]
    made += [(name, returns, "sql STABLE", body) for name, returns, body in READING]
    made += [(name, returns, "sql", body) for name, returns, body in CHANGING]
    made += [(name, returns, "plpgsql", body) for name, returns, body in LOCKING]
    statements = []
    for name, returns, language, body in made:
        rights = f"SECURITY DEFINER SET search_path = {schema}, pg_temp"
        statements += [
            f"CREATE FUNCTION guest_{name} RETURNS {returns} LANGUAGE {language} {rights} AS $${body}$$",
            f"REVOKE ALL ON FUNCTION guest_{name} FROM PUBLIC",
        ]
    return statements
