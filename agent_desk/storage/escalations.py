"""Cases sent to other levels of support: rows in, frozen facts out; who may is seen to by actions, and by the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from agent_desk.rules.escalation import Escalation, EscalationState, ReturnReason
from agent_desk.storage.asking_tables import escalation
from agent_desk.storage.tables import team

_FROM, _TO = team.alias("from_team"), team.alias("to_team")
_SHOWN = (
    select(escalation, _FROM.c.name.label("from_team"), _TO.c.name.label("to_team"))
    .outerjoin(_FROM, _FROM.c.id == escalation.c.from_team_id)
    .join(_TO, _TO.c.id == escalation.c.to_team_id)
    .order_by(escalation.c.id)
)


def add_escalation(tx: Connection, values: dict[str, object]) -> int:
    """Insert one that was just sent and return its id."""
    row = values | {"state": EscalationState.SENT}
    return int(tx.execute(insert(escalation).values(**row).returning(escalation.c.id)).scalar_one())


def session_escalations(tx: Connection, session_id: int) -> tuple[Escalation, ...]:
    """Return the session's path, in order."""
    return tuple(map(_escalation, tx.execute(_SHOWN.where(escalation.c.session_id == session_id))))


def open_escalation(tx: Connection, session_id: int) -> Any | None:
    """Return the row of the stretch the session is on now, or None."""
    rows = _SHOWN.where(escalation.c.session_id == session_id, escalation.c.ended_at.is_(None))
    return tx.execute(rows).first()


def move_escalation(
    tx: Connection,
    row: Any,
    state: EscalationState,
    *,
    at: datetime | None = None,
    reason: ReturnReason | None = None,
    said: str = "",
) -> bool:
    """Put one into `state`, over `at` that moment; False where somebody has ended it meanwhile."""
    changed = update(escalation).where(escalation.c.id == row.id, escalation.c.ended_at.is_(None))
    return tx.execute(changed.values(state=state, ended_at=at, reason=reason or "", said=said)).rowcount == 1


def _escalation(row: Any) -> Escalation:
    return Escalation(
        id=row.id,
        session_id=row.session_id,
        at=row.at,
        from_team=row.from_team or "",
        to_team=row.to_team,
        duty=row.duty,
        by=row.by_name,
        state=EscalationState(row.state),
        promised_at=row.promised_at,
        contact=row.contact,
        reason=ReturnReason(row.reason) if row.reason else None,
        said=row.said,
        ended_at=row.ended_at,
    )
