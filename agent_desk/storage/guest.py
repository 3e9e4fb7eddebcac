"""All that the customer's side asks of the database: each statement for one code, token or share, none of them a list.

On PostgreSQL each is a function of migration 0002, which a gateway may call without a right to any table; on SQLite,
where gateway and desk are one program, it is the same statement.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import InternalError

from agent_desk.rules.people import Role
from agent_desk.storage.database import Database
from agent_desk.storage.events import Entry, append_many, linked
from agent_desk.storage.facts import Fact, note
from agent_desk.storage.groups import group, make_groups
from agent_desk.storage.guest_statements import STATEMENTS
from agent_desk.storage.types import microseconds, moment

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


def ask(tx: Connection, name: str, /, **values: Any) -> Sequence[Any]:
    """Run one of the statements; moments go in and come out as microseconds."""
    arguments, on_sqlite = STATEMENTS[name]
    return run(tx, name, arguments, on_sqlite, values)


def run(tx: Connection, name: str, arguments: str, on_sqlite: str, values: Mapping[str, Any]) -> Sequence[Any]:
    """Run a statement on SQLite, or the function called after it on PostgreSQL; return its rows, if it has any."""
    if tx.dialect.name == "sqlite":
        return _run_on_sqlite(tx, on_sqlite, values)
    found = tx.execute(_clause(name, arguments), values)
    return found.all() if found.returns_rows else ()


def _run_on_sqlite(tx: Connection, statement: str, values: Mapping[str, Any]) -> Sequence[Any]:
    """Let the driver run it: SQLAlchemy's results cost several times the statement, and guessers send many."""
    driver: Any = tx.connection.driver_connection
    cursor = driver.execute(statement, values)
    if cursor.description is None:
        return ()
    # All are fetched: a statement left halfway would hold the transaction open.
    return [*map(_row(tuple(column[0] for column in cursor.description)), cursor.fetchall())]


@cache
def _row(names: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    # Its names are known at run time only, which neither ruff nor mypy expects.
    row: Any = namedtuple("row", names)  # type: ignore[misc]  # noqa: PYI024
    make: Callable[[Sequence[Any]], Any] = row._make
    return make


@cache
def _clause(name: str, arguments: str) -> TextClause:
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
    head = tx.execute(_HEAD, {"of": chain}).one()
    for row, payload in zip(*linked(chain, entries, at, head.seq, bytes(head.hash)), strict=True):
        tx.execute(_APPEND, row | payload | {"at": microseconds(at)})
        note(tx, Fact(partial(_stands, chain, row["hash"])))


def _stands(chain: int, digest: bytes, tx: Connection) -> bool:
    """Tell whether this event is the chain's last: a gateway sees no other, and what it asks twice happens once."""
    try:
        head = tx.execute(_HEAD, {"of": chain}).one()
    except InternalError:  # no code or share to speak of any more
        return False
    return bytes(head.hash) == digest


_HEAD = text("SELECT * FROM guest_head(:of)")
_APPEND = text(
    "SELECT guest_append(:chain, :seq, :kind, :at, :actor, :payload_mac, :hash, :key, :body)",
)


def grant(database: Database, role: str) -> None:
    """Let a role of PostgreSQL do what a gateway does, and nothing else: as one of their group, which is made if need be.

    Whoever may not make a group gives the role each function by itself.
    """
    with database.write() as tx:
        name = tx.execute(text("SELECT quote_ident(rolname) FROM pg_roles WHERE rolname = :role"), {"role": role})
        quoted = name.scalar_one_or_none()
        if quoted is None:
            raise LookupError(role)
        functions = tx.execute(
            text("SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE :like"), {"like": FUNCTIONS}
        ).scalars()
        schema = tx.execute(text("SELECT quote_ident(current_schema())")).scalar_one()
        to = _group_with(tx, quoted) or quoted
        tx.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {to}"))
        for function in functions:
            tx.execute(text(f"GRANT EXECUTE ON FUNCTION {function} TO {to}"))


def _group_with(tx: Connection, member: str) -> str | None:
    """Return the gateways' group with a role in it; None for who may not make groups."""
    if not tx.execute(text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")).scalar_one():
        return None
    make_groups(tx, (Role.GATEWAY,))
    name = group(Role.GATEWAY)
    if member != name:
        tx.execute(text(f"GRANT {name} TO {member}"))
    return name


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else moment(micros)
