"""One-time codes: the locator, and the whole sealed to a door; the digits themselves are never here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from agent_desk.storage.ready import Ready
from agent_desk.storage.tables import code

# Desks and gateway never agree to the second; a code from further in the future was issued before a clock moved back.
SKEW = timedelta(minutes=1)


_LATEST = Ready(select(code).where(code.c.session_id == bindparam("of")).order_by(code.c.id.desc()).limit(1))
_LIVE = Ready(select(code).where(code.c.session_id == bindparam("of"), code.c.state == "live"))


@dataclass(frozen=True, slots=True)
class CodeRecord:
    """One code; `failures` counts attempts that were not right, and those under way."""

    id: int
    session_id: int
    locator: str
    mac: bytes
    issued_at: datetime
    expires_at: datetime
    failures: int
    state: str  # live, redeemed, burned, expired, replaced, revoked

    def is_open(self, now: datetime) -> bool:
        """Tell whether the code's ten minutes run; a clock moved back does not lengthen them."""
        return is_open(self.issued_at, self.expires_at, now)


def is_open(issued_at: datetime, expires_at: datetime, now: datetime) -> bool:
    """Tell whether a code issued and ending then can be used now, should its clock have been moved back or not."""
    return issued_at - SKEW <= now < expires_at


def add_code(
    tx: Connection, session_id: int, locator: str, mac: bytes, issued_at: datetime, expires_at: datetime, page: str
) -> bool:
    """Insert a live code; False when another desk took the locator meanwhile."""
    row = insert(code).values(
        session_id=session_id,
        locator=locator,
        mac=mac,
        issued_at=issued_at,
        expires_at=expires_at,
        state="live",
        page=page,
    )
    try:
        with tx.begin_nested():
            tx.execute(row)
    except IntegrityError:
        return False
    return True


def latest_code(tx: Connection, session_id: int) -> CodeRecord | None:
    """Return the session's last code, or None."""
    return _record(_LATEST.first(tx, {"of": session_id}))


def live_by_locator(tx: Connection, locator: str) -> CodeRecord | None:
    """Return the live code with that locator, or None."""
    query = select(code).where(code.c.locator == locator, code.c.state == "live")
    return _record(tx.execute(query).one_or_none())


def live_of_session(tx: Connection, session_id: int) -> CodeRecord | None:
    """Return the session's live code, or None; there is at most one."""
    return _record(_LIVE.first(tx, {"of": session_id}))


def live_codes(tx: Connection) -> tuple[CodeRecord, ...]:
    """Return all live codes; few, for none lives longer than ten minutes unnoticed."""
    rows = tx.execute(select(code).where(code.c.state == "live").order_by(code.c.id))
    return tuple(one for one in map(_record, rows) if one is not None)


def count_attempt(tx: Connection, code_id: int) -> None:
    """Count one attempt, right or wrong, before it is compared."""
    tx.execute(update(code).where(code.c.id == code_id).values(failures=code.c.failures + 1))


def end_code(tx: Connection, code_id: int, state: str, at: datetime) -> bool:
    """End a live code and return True; False when it was not live any more. The right attempt is no failure."""
    columns: dict[str, Any] = {"state": state, "ended_at": at}
    if state == "redeemed":
        columns["failures"] = code.c.failures - 1
    return bool(tx.execute(update(code).where(code.c.id == code_id, code.c.state == "live").values(columns)).rowcount)


def _record(row: Row[Any] | None) -> CodeRecord | None:
    if row is None:
        return None
    return CodeRecord(
        id=row.id,
        session_id=row.session_id,
        locator=row.locator,
        mac=bytes(row.mac),
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        failures=row.failures,
        state=row.state,
    )
