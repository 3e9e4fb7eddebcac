"""Complaints as rows: received, given more time, answered, and taken to the next level; who may is seen to by rights."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from agent_desk.rules.complaint import Complaint, ComplaintChannel, ComplaintState, Level
from agent_desk.storage.complaint_tables import complaint
from agent_desk.storage.tables import decision


def add_complaint(
    tx: Connection,
    session_id: int,
    *,
    channel: ComplaintChannel,
    received_at: datetime,
    text: str,
    contested: tuple[int, ...],
    by: tuple[str, str],
    at: datetime,
    due_at: datetime,
    promise_id: int,
) -> int:
    """Insert a complaint that the customer service has to answer, and return its id; `by` is a mark and a name."""
    row = {
        "session_id": session_id,
        "channel": channel,
        "received_at": received_at,
        "text": text,
        "contested": ",".join(map(str, contested)),
        "by_mark": by[0],
        "by_name": by[1],
        "recorded_at": at,
        "level": Level.SERVICE,
        "level_at": received_at,
        "state": ComplaintState.OPEN,
        "due_at": due_at,
        "promise_id": promise_id,
    }
    return int(tx.execute(insert(complaint).values(**row).returning(complaint.c.id)).scalar_one())


def read_complaint(tx: Connection, complaint_id: int) -> Complaint | None:
    """Return one complaint as far as whoever asks may see it, or None."""
    row = tx.execute(select(complaint).where(complaint.c.id == complaint_id)).one_or_none()
    return None if row is None else _complaint(row)


def session_complaints(tx: Connection, session_id: int) -> tuple[Complaint, ...]:
    """Return the session's complaints, oldest first."""
    query = select(complaint).where(complaint.c.session_id == session_id).order_by(complaint.c.id)
    return tuple(map(_complaint, tx.execute(query)))


def change_complaint(tx: Connection, before: Complaint, **columns: Any) -> bool:
    """Change a complaint that is still as it was seen, and tell whether it was."""
    same = complaint.c.id == before.id, complaint.c.version == before.version
    return tx.execute(update(complaint).where(*same).values(**columns, version=before.version + 1)).rowcount == 1


def correction_since(tx: Connection, session_id: int, since: datetime) -> int | None:
    """Return the ordinal of the last correction of the session decided since then, None where there is none."""
    query = (
        select(decision.c.ordinal)
        .where(decision.c.session_id == session_id, decision.c.ordinal > 1, decision.c.decided_at >= since)
        .order_by(decision.c.ordinal.desc())
        .limit(1)
    )
    return tx.execute(query).scalar_one_or_none()


def _complaint(row: Any) -> Complaint:
    return Complaint(
        id=row.id,
        session_id=row.session_id,
        channel=ComplaintChannel(row.channel),
        received_at=row.received_at,
        text=row.text,
        contested=tuple(map(int, filter(None, row.contested.split(",")))),
        by=row.by_name,
        recorded_at=row.recorded_at,
        level=Level(row.level),
        level_at=row.level_at,
        state=ComplaintState(row.state),
        due_at=row.due_at,
        promise_id=row.promise_id,
        version=row.version,
        answer=row.answer,
        reason=row.reason,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        credit_id=row.credit_id,
        correction=row.correction,
    )
