"""What was agreed at which price, and what was decided: priced lines and decisions."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from agent_desk.storage.ready import Ready
from agent_desk.storage.tables import decision, event, payload, session, session_line

_LINES = Ready(
    select(session_line).where(session_line.c.session_id == bindparam("of")).order_by(session_line.c.position)
)
_DECIDE_LINE = Ready(
    update(session_line)
    .where(session_line.c.session_id == bindparam("of"), session_line.c.position == bindparam("at"))
    .values(amount_cents=bindparam("amount"), rule=bindparam("why"))
)
_DECISIONS = select(decision, session.c.number.label("session_number")).join(
    session, session.c.id == decision.c.session_id
)
_OF_SESSION = _DECISIONS.where(decision.c.session_id == bindparam("of"))
_DECISION = _OF_SESSION.order_by(decision.c.ordinal.desc()).limit(1)
_LOGGED_DECISIONS = (
    select(event.c.chain, payload.c.body)
    .outerjoin(payload, (payload.c.chain == event.c.chain) & (payload.c.seq == event.c.seq))
    .where(event.c.chain.in_(bindparam("of", expanding=True)), event.c.kind == bindparam("kind"))
)
_ADD_DECISION = Ready(insert(decision))


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One agreed line; `amount_cents` and `rule` are None until closing."""

    position: int
    service: str
    quantity: int
    unit_price_cents: int
    amount_cents: int | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of any decision: `inputs` and `result` are canonical JSON."""

    session_id: int
    session_number: str
    decided_at: datetime
    agent: str
    catalogue_version: str
    inputs: str
    result: str
    total_cents: int
    vat_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord(Kept):
    """A decision on a session's lines, as kept; corrections count on."""

    ordinal: int


KeptKind = TypeVar("KeptKind", bound=Kept)


def columns_of(kept: Kept) -> dict[str, Any]:
    """Return the columns of a decision's row; the session's number stands with the session."""
    return {one.name: getattr(kept, one.name) for one in fields(kept) if one.name != "session_number"}


def kept_in(row: Row[Any], kind: type[KeptKind]) -> KeptKind:
    """Return the decision a row holds, read with its session's number."""
    return kind(**{one.name: getattr(row, one.name) for one in fields(kind)})


def write_lines(tx: Connection, session_id: int, lines: Sequence[PricedLine]) -> None:
    """Replace the session's priced lines."""
    tx.execute(delete(session_line).where(session_line.c.session_id == session_id))
    rows = [
        {
            "session_id": session_id,
            "position": line.position,
            "service": line.service,
            "quantity": line.quantity,
            "unit_price_cents": line.unit_price_cents,
            "amount_cents": line.amount_cents,
            "rule": line.rule,
        }
        for line in lines
    ]
    if rows:
        tx.execute(insert(session_line), rows)


def decide_lines(tx: Connection, session_id: int, decided: Sequence[tuple[int, str]]) -> None:
    """Write amount and rule of each priced line, in their order."""
    rows = [{"of": session_id, "at": at, "amount": amount, "why": rule} for at, (amount, rule) in enumerate(decided)]
    _DECIDE_LINE.run(tx, *rows)


def read_lines(tx: Connection, session_id: int) -> tuple[PricedLine, ...]:
    """Return the priced lines, in order."""
    rows = _LINES.all(tx, {"of": session_id})
    return tuple(
        PricedLine(row.position, row.service, row.quantity, row.unit_price_cents, row.amount_cents, row.rule)
        for row in rows
    )


def add_decision(tx: Connection, kept: DecisionRecord) -> None:
    """Insert a decision; the same ordinal twice for one session is refused by the database."""
    _ADD_DECISION.run(tx, columns_of(kept))


def read_decision(tx: Connection, session_id: int) -> DecisionRecord | None:
    """Return the session's latest decision, or None."""
    row = tx.execute(_DECISION, {"of": session_id}).one_or_none()
    return None if row is None else kept_in(row, DecisionRecord)


def session_decisions(tx: Connection, session_id: int) -> tuple[DecisionRecord, ...]:
    """Return all the session's decisions, the first one first."""
    return tuple(
        kept_in(row, DecisionRecord) for row in tx.execute(_OF_SESSION.order_by(decision.c.ordinal), {"of": session_id})
    )


def read_decisions(tx: Connection, after_id: int, limit: int) -> tuple[tuple[int, DecisionRecord], ...]:
    """Return up to `limit` decisions with their ids, ids above `after_id`, oldest first."""
    query = _DECISIONS.where(decision.c.id > after_id).order_by(decision.c.id).limit(limit)
    return tuple((row.id, kept_in(row, DecisionRecord)) for row in tx.execute(query))


def logged_decisions(
    tx: Connection, session_ids: Sequence[int], kind: str = "decision_made"
) -> dict[int, frozenset[str]]:
    """Return the fingerprints of the decisions the log names by events of `kind`, by session.

    Sessions with an erased one are left out.
    """
    found: dict[int, set[str | None]] = {session_id: set() for session_id in session_ids}
    for row in tx.execute(_LOGGED_DECISIONS, {"of": list(session_ids), "kind": kind}):
        found[row.chain].add(None if row.body is None else json.loads(row.body)["sha256"])
    return {of: frozenset(name for name in named if name) for of, named in found.items() if None not in named}
