"""Batches for the bill: numbered without gaps, each decision in exactly one, never changed once they are there."""

from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text

from agent_desk.rules.credit import CreditState
from agent_desk.storage.credit_tables import billed_credit, credit
from agent_desk.storage.site_tables import billed_decision, billing_batch, billing_file
from agent_desk.storage.tables import decision, session
from agent_desk.storage.visit_tables import billed_visit

# Any number, as long as all programs take the same one: only one makes a batch at a time.
_MAKING = text("SELECT pg_advisory_xact_lock(4185072616)")
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Unbilled:
    """A decision in no batch yet; inputs and results are canonical JSON, `before` those of the one it corrects."""

    decision_id: int
    session_number: str
    customer_number: str
    ordinal: int
    decided_at: datetime
    catalogue_version: str
    inputs: str
    result: str
    before: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class UnbilledCredit:
    """A goodwill credit that was granted and is in no batch yet."""

    credit_id: int
    session_number: str
    customer_number: str
    granted_at: datetime
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch; `until` is the moment before which its decisions were made."""

    number: int
    made_at: datetime
    until: datetime
    decisions: int
    lines: int
    zeros: int
    total_cents: int
    vat_cents: int
    manifest_sha256: str
    credits: int = 0


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A file of a batch."""

    name: str
    sha256: str
    content: bytes


def lock_batches(tx: Connection) -> None:
    """Keep others from making a batch until the transaction ends; on SQLite whoever writes is alone anyway."""
    if tx.dialect.name != "sqlite":
        tx.execute(_MAKING)


def last_batch(tx: Connection) -> Batch | None:
    """Return the latest batch, or None before the first."""
    return next(iter(_batches(tx, limit=1)), None)


def list_batches(tx: Connection) -> tuple[Batch, ...]:
    """Return all batches, the latest first."""
    return _batches(tx)


def unbilled(tx: Connection, until: datetime, most: int) -> Generator[Unbilled, None, None]:
    """Yield up to `most` decisions made before `until` that are in no batch, oldest first; to be closed by the asker."""
    earlier = decision.alias("earlier")
    query = (
        select(
            decision,
            session.c.number,
            session.c.customer_number,
            earlier.c.inputs.label("inputs_before"),
            earlier.c.result.label("result_before"),
        )
        .join(session, session.c.id == decision.c.session_id)
        .outerjoin(
            earlier,
            (earlier.c.session_id == decision.c.session_id) & (earlier.c.ordinal == decision.c.ordinal - 1),
        )
        .outerjoin(billed_decision, billed_decision.c.decision_id == decision.c.id)
        .where(decision.c.decided_at < until, billed_decision.c.decision_id.is_(None))
        .order_by(decision.c.id)
        .limit(most)
    )
    with tx.execute(query.execution_options(yield_per=AT_ONCE)) as found:
        for row in found:
            yield _unbilled(row)


def unbilled_credits(tx: Connection, until: datetime, most: int) -> tuple[UnbilledCredit, ...]:
    """Return up to `most` credits granted before `until` that are in no batch, oldest first."""
    query = (
        select(credit.c.id, session.c.number, credit.c.customer_number, credit.c.settled_at, credit.c.amount_cents)
        .join(session, session.c.id == credit.c.session_id)
        .outerjoin(billed_credit, billed_credit.c.credit_id == credit.c.id)
        .where(credit.c.state == CreditState.GRANTED, credit.c.settled_at < until, billed_credit.c.credit_id.is_(None))
        .order_by(credit.c.id)
        .limit(most)
    )
    return tuple(UnbilledCredit(*row) for row in tx.execute(query))


def add_batch(
    tx: Connection,
    made: Batch,
    files: Sequence[BatchFile],
    decision_ids: Collection[int],
    credit_ids: Collection[int] = (),
    visit_ids: Collection[int] = (),
) -> None:
    """Write a batch; a number, or a decision, credit or visit that is in one already, is refused by the database."""
    tx.execute(
        insert(billing_batch).values(
            number=made.number,
            made_at=made.made_at,
            until=made.until,
            decisions=made.decisions,
            lines=made.lines,
            zeros=made.zeros,
            total_cents=made.total_cents,
            vat_cents=made.vat_cents,
            manifest_sha256=bytes.fromhex(made.manifest_sha256),
            credits=made.credits,
        )
    )
    tx.execute(
        insert(billing_file),
        [
            {
                "batch": made.number,
                "position": position,
                "name": one.name,
                "sha256": bytes.fromhex(one.sha256),
                "content": one.content,
            }
            for position, one in enumerate(files)
        ],
    )
    for table, column, ids in (
        (billed_decision, "decision_id", decision_ids),
        (billed_credit, "credit_id", credit_ids),
        (billed_visit, "decision_id", visit_ids),
    ):
        if ids:
            tx.execute(insert(table), [{column: one, "batch": made.number} for one in ids])


def read_files(tx: Connection, number: int) -> tuple[BatchFile, ...]:
    """Return a batch's files as they were made, none for a number there is not; ValueError where one was changed."""
    rows = tx.execute(select(billing_file).where(billing_file.c.batch == number).order_by(billing_file.c.position))
    files = tuple(BatchFile(row.name, bytes(row.sha256).hex(), bytes(row.content)) for row in rows)
    for one in files:
        if sha256(one.content).hexdigest() != one.sha256:
            raise ValueError(one.name)
    return files


def _unbilled(row: Row[Any]) -> Unbilled:
    return Unbilled(
        decision_id=row.id,
        session_number=row.number,
        customer_number=row.customer_number,
        ordinal=row.ordinal,
        decided_at=row.decided_at,
        catalogue_version=row.catalogue_version,
        inputs=row.inputs,
        result=row.result,
        before=(row.inputs_before, row.result_before) if row.inputs_before is not None else None,
    )


def _batches(tx: Connection, limit: int | None = None) -> tuple[Batch, ...]:
    rows = tx.execute(select(billing_batch).order_by(billing_batch.c.number.desc()).limit(limit))
    return tuple(
        Batch(
            number=row.number,
            made_at=row.made_at,
            until=row.until,
            decisions=row.decisions,
            lines=row.lines,
            zeros=row.zeros,
            total_cents=row.total_cents,
            vat_cents=row.vat_cents,
            manifest_sha256=bytes(row.manifest_sha256).hex(),
            credits=row.credits,
        )
        for row in rows
    )
