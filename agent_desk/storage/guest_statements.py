"""What the customer's side asks of SQLite; on PostgreSQL functions of migrations do the same."""

from collections.abc import Mapping

_CODE = """
    SELECT id, session_id, mac, issued_at, expires_at, failures, page FROM code
    WHERE locator = :locator AND state = 'live'
"""
_SHARE = """
    SELECT id, session_id, state, end_reason, words, right_pair, page, browser_sha256, opened_at, admitted_at, seen_at
    FROM share WHERE token_sha256 = :token
"""
# The one question of a session is answered whichever of its links was used.
_ANSWERED = "SELECT t.at FROM satisfaction t WHERE t.session_id = personal_link.session_id AND purpose = 'satisfaction'"
_LINK = f"""
    SELECT session_id, purpose, expires_at, coalesce(used_at, ({_ANSWERED})) AS used_at
    FROM personal_link WHERE token_sha256 = :token
"""
_DUE = "SELECT id, session_id, state, opened_at, admitted_at, seen_at FROM share"

# Arguments in the order of PostgreSQL's function, and SQLite's statement.
STATEMENTS: Mapping[str, tuple[str, str]] = {
    "code": ("locator", _CODE),
    "take_code": ("locator", _CODE),
    "used_code": (
        "locator",
        """
        SELECT c.session_id, c.mac, s.id AS share_id FROM share s JOIN code c ON c.id = s.code_id
        WHERE s.ended_at IS NULL AND c.state = 'redeemed' AND c.locator = :locator
        """,
    ),
    "count_code": (
        "code most",
        """
        UPDATE code SET failures = failures + 1 WHERE id = :code AND state = 'live' AND failures < :most
        RETURNING failures
        """,
    ),
    "end_code": (
        "code state at",
        """
        UPDATE code SET state = :state, ended_at = :at,
            failures = failures - CASE WHEN :state = 'redeemed' THEN 1 ELSE 0 END
        WHERE id = :code AND state = 'live' RETURNING id
        """,
    ),
    "open_share": (
        "code token browser at",
        """
        INSERT INTO share (session_id, code_id, state, page, token_sha256, browser_sha256, opened_at)
        SELECT session_id, id, 'opened', page, :token, :browser, :at FROM code
        WHERE id = :code AND state = 'redeemed' AND ended_at = :at RETURNING id
        """,
    ),
    "reuse": (
        "share at",
        """
        UPDATE share SET reused_at = :at WHERE id = :share AND ended_at IS NULL AND reused_at IS NULL RETURNING id
        """,
    ),
    "sms_report": (
        "number envid nonce kind mac at",
        """
        INSERT INTO sms_report (mail_id, nonce, kind, mac, at)
        SELECT m.id, substr(:nonce, 1, 40), :kind, substr(:mac, 1, 64), :at
        FROM mail m JOIN session s ON s.id = m.session_id
        WHERE s.number = :number AND m.envid = :envid AND m.channel = 'sms'
            AND (SELECT count(*) FROM sms_report r WHERE r.mail_id = m.id) < 16
        ON CONFLICT DO NOTHING
        """,
    ),
    "share": ("token", _SHARE),
    "take_share": ("token", _SHARE),
    "consent": (
        "share kind answer at version sha256",
        """
        INSERT INTO consent (session_id, kind, answer, at, channel, recorded_by, text_version, text_sha256)
        SELECT session_id, :kind, :answer, :at, 'page', '', :version, :sha256 FROM share
        WHERE id = :share AND state = 'opened'
        """,
    ),
    "answer": (
        "share words right at",
        """
        UPDATE share SET state = 'waiting', words = :words, right_pair = :right, seen_at = :at
        WHERE id = :share AND state = 'opened'
        """,
    ),
    "move": ("share from to", "UPDATE share SET state = :to WHERE id = :share AND state = :from"),
    "see": (
        "share at live",
        """
        UPDATE share SET seen_at = :at, live_at = coalesce(live_at, :live) WHERE id = :share AND ended_at IS NULL
        """,
    ),
    "end_share": (
        "share reason at",
        """
        UPDATE share SET state = 'ended', end_reason = :reason, ended_at = :at,
            page = '', words = '', right_pair = NULL, viewer_sha256 = NULL
        WHERE id = :share AND ended_at IS NULL
        """,
    ),
    "seat": (
        "viewer now latest",
        """
        UPDATE share SET viewer_sha256 = NULL
        WHERE viewer_sha256 = :viewer AND ended_at IS NULL AND state IN ('admitted', 'live', 'lost')
            AND viewer_until > :now AND viewer_until <= :latest
        RETURNING id, session_id, viewer_by
        """,
    ),
    "due": (
        "lost unanswered longest",
        f"""
        {_DUE} WHERE ended_at IS NULL AND (
            (state IN ('live', 'lost') AND coalesce(seen_at, admitted_at, opened_at) <= :lost)
            OR (state IN ('live', 'lost') AND coalesce(admitted_at, opened_at) <= :longest)
            OR (state NOT IN ('live', 'lost') AND coalesce(admitted_at, opened_at) <= :unanswered)
        ) ORDER BY id LIMIT 1
        """,
    ),
    "take_due": ("share", f"{_DUE} WHERE id = :share AND ended_at IS NULL"),
    "states": (
        "ids",
        "SELECT id, state, end_reason FROM share WHERE id IN (SELECT value FROM json_each(:ids))",
    ),
    "bring_back_shares": (
        "now skew",
        """
        UPDATE share SET opened_at = min(opened_at, :now), admitted_at = min(admitted_at, :now),
            seen_at = min(seen_at, :now)
        WHERE ended_at IS NULL AND max(opened_at, coalesce(admitted_at, 0), coalesce(seen_at, 0)) > :now + :skew
        """,
    ),
    "signal": (
        "share side body at",
        """
        INSERT INTO signal (share_id, to_side, body, at) SELECT id, :side, :body, :at FROM share
        WHERE id = :share AND ended_at IS NULL RETURNING id
        """,
    ),
    "signals": (
        "share side after",
        """
        SELECT g.id, g.body FROM signal g JOIN share s ON s.id = g.share_id AND s.ended_at IS NULL
        WHERE g.share_id = :share AND g.to_side = :side AND g.id > :after ORDER BY g.id
        """,
    ),
    "lapsed": (
        "now",
        "SELECT locator FROM code WHERE state = 'live' AND expires_at <= :now ORDER BY id LIMIT 1",
    ),
    "seen": (
        "mark kind version at",
        """
        INSERT INTO program (mark, kind, version, started_at, seen_at) VALUES (:mark, :kind, :version, :at, :at)
        ON CONFLICT (mark) DO UPDATE SET seen_at = excluded.seen_at
        """,
    ),
    "forget_programs": ("before", "DELETE FROM program WHERE seen_at < :before"),
    "link_keys": ("", "SELECT value FROM site WHERE key = 'public_key'"),
    "link": ("token", _LINK),
    "use_link": (
        "token at",
        f"""
        UPDATE personal_link SET used_at = :at WHERE token_sha256 = :token AND used_at IS NULL AND expires_at > :at
            AND NOT EXISTS ({_ANSWERED})
        RETURNING session_id, purpose, expires_at, used_at
        """,
    ),
    "satisfaction": (
        "token answer at",
        """
        INSERT INTO satisfaction (session_id, answer, at)
        SELECT session_id, :answer, :at FROM personal_link
        WHERE token_sha256 = :token AND purpose = 'satisfaction' AND used_at = :at
        ON CONFLICT DO NOTHING
        """,
    ),
    "withdrawable": (
        "token",
        """
        SELECT s.number, s.state, s.agreed_at,
            coalesce(json_extract(nullif(d.content, ''), '$.customer.territory'), 'metropole') AS territory,
            coalesce(json_extract(nullif(d.content, ''), '$.customer.segment'), 'residential') AS segment,
            (SELECT count(*) FROM visit v WHERE v.session_id = s.id AND v.state = 'booked')
                + (SELECT count(*) FROM promise r WHERE r.session_id = s.id AND r.kind = 'visit' AND r.ended_at IS NULL)
                AS visit,
            w.declared_at, w.answer
        FROM personal_link l JOIN session s ON s.id = l.session_id JOIN draft d ON d.session_id = s.id
            LEFT JOIN withdrawal w ON w.session_id = s.id
        WHERE l.token_sha256 = :token AND l.purpose = 'withdrawal'
        """,
    ),
    "declare_withdrawal": (
        "token answer at",
        """
        INSERT INTO withdrawal (session_id, declared_at, answer)
        SELECT session_id, :at, :answer FROM personal_link
        WHERE token_sha256 = :token AND purpose = 'withdrawal' AND used_at = :at
        ON CONFLICT DO NOTHING RETURNING session_id
        """,
    ),
    "prune_signals": ("before", "DELETE FROM signal WHERE at < :before"),
    "schema": ("", "SELECT version_num FROM alembic_version"),
}
