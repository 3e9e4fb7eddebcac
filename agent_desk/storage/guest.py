"""All that the customer's side asks of the database: each statement for one code, token or share, none of them a list.

On PostgreSQL each is a function of migration 0002, which a gateway may call without a right to any table; on SQLite,
where gateway and desk are one program, it is the same statement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, TextClause, text

from agent_desk.storage.database import Database
from agent_desk.storage.events import Entry, append_many, linked
from agent_desk.storage.types import microseconds, moment

_CODE = """
    SELECT id, session_id, mac, issued_at, expires_at, failures, page FROM code
    WHERE locator = :locator AND state = 'live'
"""
_SHARE = """
    SELECT id, session_id, state, end_reason, words, right_pair, page, browser_sha256, opened_at, admitted_at, seen_at
    FROM share WHERE token_sha256 = :token
"""
_DUE = "SELECT id, session_id, state, opened_at, admitted_at, seen_at FROM share"

# Arguments in the order of PostgreSQL's function, and SQLite's statement.
_STATEMENTS: Mapping[str, tuple[str, str]] = {
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
    "prune_signals": ("before", "DELETE FROM signal WHERE at < :before"),
    "schema": ("", "SELECT version_num FROM alembic_version"),
}
FUNCTIONS = "guest\\_%"  # as LIKE wants it


@dataclass(frozen=True, slots=True)
class GuestCode:
    """A live code, as far as the customer's side may know it."""

    id: int
    locator: str
    session_id: int
    mac: bytes
    issued_at: datetime
    expires_at: datetime
    failures: int
    page: str


@dataclass(frozen=True, slots=True)
class GuestRow:
    """One share, as far as the customer's side may know it; found by its browser's token only."""

    id: int
    session_id: int
    state: str
    end_reason: str
    words: str
    right_pair: int | None
    page: str
    browser_sha256: bytes
    opened_at: datetime
    admitted_at: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueRow:
    """What tells whether a share is to be ended, and nothing else of it."""

    id: int
    session_id: int
    state: str
    opened_at: datetime
    admitted_at: datetime | None
    seen_at: datetime | None


def ask(tx: Connection, name: str, /, **values: Any) -> Sequence[Row[Any]]:
    """Run one of the statements; moments go in and come out as microseconds."""
    arguments, on_sqlite = _STATEMENTS[name]
    return run(tx, name, arguments, on_sqlite, values)


def run(tx: Connection, name: str, arguments: str, on_sqlite: str, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """Run a statement on SQLite, or the function called after it on PostgreSQL; return its rows, if it has any."""
    found = tx.execute(_clause(name, arguments, on_sqlite, tx.dialect.name), values)
    return found.all() if found.returns_rows else ()


@cache
def _clause(name: str, arguments: str, on_sqlite: str, dialect: str) -> TextClause:
    if dialect == "sqlite":
        return text(on_sqlite)
    places = ", ".join(f":{argument}" for argument in arguments.split())
    return text(f"SELECT * FROM guest_{name}({places})")


def find_code(tx: Connection, locator: str, *, lock: bool) -> GuestCode | None:
    """Return the live code with that locator; `lock` keeps others from its session until the transaction ends."""
    rows = ask(tx, "take_code" if lock else "code", locator=locator)
    if not rows:
        return None
    row = rows[0]
    return GuestCode(
        id=row.id,
        locator=locator,
        session_id=row.session_id,
        mac=bytes(row.mac),
        issued_at=moment(row.issued_at),
        expires_at=moment(row.expires_at),
        failures=row.failures,
        page=row.page,
    )


def find_share(tx: Connection, token_sha256: bytes, *, lock: bool) -> GuestRow | None:
    """Return the share of that token, ended or not; `lock` keeps others from its session until the transaction ends."""
    rows = ask(tx, "take_share" if lock else "share", token=token_sha256)
    if not rows:
        return None
    row = rows[0]
    return GuestRow(
        id=row.id,
        session_id=row.session_id,
        state=row.state,
        end_reason=row.end_reason,
        words=row.words,
        right_pair=row.right_pair,
        page=row.page,
        browser_sha256=bytes(row.browser_sha256),
        opened_at=moment(row.opened_at),
        admitted_at=_moment(row.admitted_at),
        seen_at=_moment(row.seen_at),
    )


def find_due(tx: Connection, *, lost: datetime, unanswered: datetime, longest: datetime) -> int | None:
    """Return one share nobody has heard of, answered or ended since those moments, or None."""
    rows = ask(
        tx,
        "due",
        lost=microseconds(lost),
        unanswered=microseconds(unanswered),
        longest=microseconds(longest),
    )
    return rows[0].id if rows else None


def take_due(tx: Connection, share_id: int) -> DueRow | None:
    """Return a share that has not ended, kept from others until the transaction ends."""
    rows = ask(tx, "take_due", share=share_id)
    if not rows:
        return None
    row = rows[0]
    seen = _moment(row.seen_at)
    return DueRow(row.id, row.session_id, row.state, moment(row.opened_at), _moment(row.admitted_at), seen)


def states(tx: Connection, share_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return state and end reason of the shares asked for."""
    ids: Any = list(share_ids) if tx.dialect.name == "postgresql" else str(list(share_ids))
    return {row.id: (row.state, row.end_reason) for row in ask(tx, "states", ids=ids)}


def tell(tx: Connection, chain: int, *entries: Entry, at: datetime) -> None:
    """Append events to a session's chain while its code is live or its share has not ended, or an alarm to the site's."""
    if tx.dialect.name == "sqlite":
        append_many(tx, chain, entries, at=at)
        return
    head = tx.execute(text("SELECT * FROM guest_head(:of)"), {"of": chain}).one()
    for row, payload in zip(*linked(chain, entries, at, head.seq, bytes(head.hash)), strict=True):
        tx.execute(_APPEND, row | payload | {"at": microseconds(at)})


_APPEND = text(
    "SELECT guest_append(:chain, :seq, :kind, :at, :actor, :payload_mac, :hash, :key, :body)",
)


def grant(database: Database, role: str) -> None:
    """Let a role of PostgreSQL do what a gateway does, and nothing else."""
    with database.write() as tx:
        name = tx.execute(text("SELECT quote_ident(rolname) FROM pg_roles WHERE rolname = :role"), {"role": role})
        quoted = name.scalar_one_or_none()
        if quoted is None:
            raise LookupError(role)
        functions = tx.execute(
            text("SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE :like"), {"like": FUNCTIONS}
        ).scalars()
        schema = tx.execute(text("SELECT quote_ident(current_schema())")).scalar_one()
        tx.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {quoted}"))
        for function in functions:
            tx.execute(text(f"GRANT EXECUTE ON FUNCTION {function} TO {quoted}"))


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else moment(micros)
