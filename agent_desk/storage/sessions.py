"""Sessions and their drafts, consents, priced lines and decisions: rows in, frozen facts out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Table, Update, bindparam, delete, func, insert, select, update

from agent_desk.rules.session import Answer, Channel, Consent, ConsentKind, Content, State, Step
from agent_desk.storage.content import from_json, to_json
from agent_desk.storage.tables import code, consent, decision, draft, event, payload, session, session_line

# Built once: building a statement costs more than SQLite takes to run it.
_LAST_EVENT = (
    select(event.c.at)
    .where(event.c.chain == session.c.id)
    .order_by(event.c.seq.desc())
    .limit(1)
    .scalar_subquery()
    .label("last_event_at")
)
_READ = (
    select(session, draft, _LAST_EVENT)
    .select_from(session.join(draft, draft.c.session_id == session.c.id))
    .where(session.c.id == bindparam("of"))
)
_LOCK = select(session.c.id).where(session.c.id == bindparam("of")).with_for_update()
_STAMP = (
    select(
        session.c.version,
        draft.c.revision,
        select(func.count(consent.c.id))
        .where(consent.c.session_id == session.c.id)
        .scalar_subquery()
        .label("consents"),
        select(func.max(code.c.id))
        .where(code.c.session_id == session.c.id, code.c.state == "live")
        .scalar_subquery()
        .label("code"),
    )
    .select_from(session.join(draft, draft.c.session_id == session.c.id))
    .where(session.c.id == bindparam("of"))
)
_CONSENTS = select(consent).where(consent.c.session_id == bindparam("of")).order_by(consent.c.id)
_LINES = select(session_line).where(session_line.c.session_id == bindparam("of")).order_by(session_line.c.position)
_DECIDE_LINE = (
    update(session_line)
    .where(session_line.c.session_id == bindparam("of"), session_line.c.position == bindparam("at"))
    .values(amount_cents=bindparam("amount"), rule=bindparam("why"))
)
_DECISIONS = select(decision, session.c.number.label("session_number")).join(
    session, session.c.id == decision.c.session_id
)
_DECISION = _DECISIONS.where(decision.c.session_id == bindparam("of")).order_by(decision.c.ordinal.desc()).limit(1)
_LOGGED_DECISIONS = (
    select(event.c.chain, payload.c.body)
    .outerjoin(payload, (payload.c.chain == event.c.chain) & (payload.c.seq == event.c.seq))
    .where(event.c.chain.in_(bindparam("of", expanding=True)), event.c.kind == "decision_made")
)
_ADD_CONSENT = insert(consent)
_ADD_DECISION = insert(decision)


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One session with its draft, as stored."""

    id: int
    number: str
    state: State
    version: int
    agent: str
    opened_at: datetime
    agreed_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    parked_at: datetime | None
    revision: int
    step: Step
    field: str
    saved_at: datetime
    content: Content
    last_event_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stamp:
    """Version and revision of a session, how many consents it has, and its live code; equal stamps: equal facts."""

    version: int
    revision: int
    consents: int
    code: int | None


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One agreed line; `amount_cents` and `rule` are None until closing."""

    position: int
    service: str
    quantity: int
    unit_price_cents: int
    amount_cents: int | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision as kept: `inputs` and `result` are canonical JSON."""

    session_id: int
    session_number: str
    ordinal: int
    decided_at: datetime
    agent: str
    catalogue_version: str
    inputs: str
    result: str
    total_cents: int
    vat_cents: int


def add_session(tx: Connection, content: Content, *, agent: str, at: datetime) -> int:
    """Insert a draft session and return its id; its number carries the id, and so never starts again."""
    row = insert(session).values(number=f"new:{uuid4().hex}", state=State.DRAFT, version=1, agent=agent, opened_at=at)
    session_id = int(tx.execute(row.returning(session.c.id)).scalar_one())
    change_session(tx, session_id, number=session_number(session_id, at))
    tx.execute(
        insert(draft).values(
            session_id=session_id, revision=1, step=Step.CUSTOMER, field="", saved_at=at, content=to_json(content)
        )
    )
    return session_id


def session_number(session_id: int, opened_at: datetime) -> str:
    """Return the number people use, such as S-2026-004127."""
    return f"S-{opened_at.year}-{session_id:06d}"


def read_session(tx: Connection, session_id: int, *, lock: bool = False) -> SessionRecord | None:
    """Return the session with its draft, or None; `lock` keeps others from changing it until the transaction ends."""
    if lock:
        lock_session(tx, session_id)
    row = tx.execute(_READ, {"of": session_id}).one_or_none()
    return None if row is None else _record(row)


def lock_session(tx: Connection, session_id: int) -> None:
    """Keep others from changing the session until the transaction ends; on SQLite whoever writes is alone anyway.

    A statement of its own: joined to the read, PostgreSQL would show other tables as they were before the wait.
    """
    if tx.dialect.name != "sqlite":
        tx.execute(_LOCK, {"of": session_id})


def read_stamp(tx: Connection, session_id: int) -> Stamp | None:
    """Return what tells whether anything a closing depends on has changed, or None without such a session."""
    row = tx.execute(_STAMP, {"of": session_id}).one_or_none()
    return None if row is None else Stamp(row.version, row.revision, row.consents, row.code)


def find_session_id(tx: Connection, number: str) -> int | None:
    """Return the id behind a session number, or None."""
    return tx.execute(select(session.c.id).where(session.c.number == number)).scalar_one_or_none()


def change_session(tx: Connection, session_id: int, **columns: Any) -> None:
    """Set columns of the session row."""
    tx.execute(
        _set(session, "id", tuple(columns)), {"of": session_id} | {f"to_{name}": columns[name] for name in columns}
    )


def write_draft(tx: Connection, session_id: int, content: Content, **columns: Any) -> None:
    """Replace the draft's content and set other draft columns (`revision`, `step`, `field`, `saved_at`)."""
    columns["content"] = to_json(content)
    tx.execute(
        _set(draft, "session_id", tuple(columns)),
        {"of": session_id} | {f"to_{name}": columns[name] for name in columns},
    )


def add_consent(tx: Connection, session_id: int, given: Consent) -> None:
    """Insert one answer; none is ever changed."""
    tx.execute(
        _ADD_CONSENT,
        {
            "session_id": session_id,
            "kind": given.kind,
            "answer": given.answer,
            "at": given.at,
            "channel": given.channel,
            "recorded_by": given.recorded_by,
            "text_version": given.text_version,
            "text_sha256": bytes.fromhex(given.text_sha256),
            "covers": given.covers,
        },
    )


def read_consents(tx: Connection, session_id: int) -> tuple[Consent, ...]:
    """Return the session's answers in the order they were recorded."""
    rows = tx.execute(_CONSENTS, {"of": session_id})
    return tuple(
        Consent(
            kind=ConsentKind(row.kind),
            answer=Answer(row.answer),
            at=row.at,
            channel=Channel(row.channel),
            recorded_by=row.recorded_by,
            text_version=row.text_version,
            text_sha256=bytes(row.text_sha256).hex(),
            covers=row.covers,
        )
        for row in rows
    )


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
    tx.execute(_DECIDE_LINE, rows)


def read_lines(tx: Connection, session_id: int) -> tuple[PricedLine, ...]:
    """Return the priced lines, in order."""
    rows = tx.execute(_LINES, {"of": session_id})
    return tuple(
        PricedLine(row.position, row.service, row.quantity, row.unit_price_cents, row.amount_cents, row.rule)
        for row in rows
    )


def add_decision(tx: Connection, kept: DecisionRecord) -> None:
    """Insert a decision; the same ordinal twice for one session is refused by the database."""
    tx.execute(
        _ADD_DECISION,
        {
            "session_id": kept.session_id,
            "ordinal": kept.ordinal,
            "decided_at": kept.decided_at,
            "agent": kept.agent,
            "catalogue_version": kept.catalogue_version,
            "inputs": kept.inputs,
            "result": kept.result,
            "total_cents": kept.total_cents,
            "vat_cents": kept.vat_cents,
        },
    )


def read_decision(tx: Connection, session_id: int) -> DecisionRecord | None:
    """Return the session's latest decision, or None."""
    row = tx.execute(_DECISION, {"of": session_id}).one_or_none()
    return None if row is None else _decision(row)


def read_decisions(tx: Connection, after_id: int, limit: int) -> tuple[tuple[int, DecisionRecord], ...]:
    """Return up to `limit` decisions with their ids, ids above `after_id`, oldest first."""
    query = _DECISIONS.where(decision.c.id > after_id).order_by(decision.c.id).limit(limit)
    return tuple((row.id, _decision(row)) for row in tx.execute(query))


def logged_decisions(tx: Connection, session_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Return the fingerprints of the decisions the log names, by session; sessions with an erased one are left out."""
    found: dict[int, set[str | None]] = {session_id: set() for session_id in session_ids}
    for row in tx.execute(_LOGGED_DECISIONS, {"of": list(session_ids)}):
        found[row.chain].add(None if row.body is None else json.loads(row.body)["sha256"])
    return {of: frozenset(name for name in named if name) for of, named in found.items() if None not in named}


def count_sessions(tx: Connection) -> int:
    """Return how many sessions there are, from the highest id: sessions are never deleted."""
    return int(tx.execute(select(func.coalesce(func.max(session.c.id), 0))).scalar_one())


@cache
def _set(table: Table, key: str, columns: tuple[str, ...]) -> Update:
    return (
        update(table).where(table.c[key] == bindparam("of")).values({name: bindparam(f"to_{name}") for name in columns})
    )


def _decision(row: Row[Any]) -> DecisionRecord:
    return DecisionRecord(
        session_id=row.session_id,
        session_number=row.session_number,
        ordinal=row.ordinal,
        decided_at=row.decided_at,
        agent=row.agent,
        catalogue_version=row.catalogue_version,
        inputs=row.inputs,
        result=row.result,
        total_cents=row.total_cents,
        vat_cents=row.vat_cents,
    )


def _record(row: Row[Any]) -> SessionRecord:
    return SessionRecord(
        id=row.id,
        number=row.number,
        state=State(row.state),
        version=row.version,
        agent=row.agent,
        opened_at=row.opened_at,
        agreed_at=row.agreed_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        parked_at=row.parked_at,
        revision=row.revision,
        step=Step(row.step),
        field=row.field,
        saved_at=row.saved_at,
        content=from_json(row.content),
        last_event_at=row.last_event_at,
    )
