"""Goodwill credits as rows: given, settled by a second person, and added up; on PostgreSQL functions of the server see to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from agent_desk.rules.credit import Credit, CreditState
from agent_desk.storage import events
from agent_desk.storage.acting import under_rights
from agent_desk.storage.credit_tables import credit
from agent_desk.storage.refused import RefusedByRights, refusals
from agent_desk.storage.tables import session
from agent_desk.storage.types import microseconds

_GIVE = text("SELECT desk_give_credit(:session, :amount, :reason, :promise)")
_SETTLE = text("SELECT desk_settle_credit(:of, :version, :granted, :reason)")
_SUMS = text("SELECT customer, mine FROM desk_credit_sums(:session, :since, :until)")
# What happened to a credit, as the log tells it.
EVENTS: Mapping[str, str] = {
    CreditState.GRANTED: "credit_granted",
    CreditState.PROPOSED: "credit_proposed",
    CreditState.REFUSED: "credit_refused",
}
APPROVED = "credit_approved"
_SHOWN = select(credit, session.c.number).join(session, session.c.id == credit.c.session_id).order_by(credit.c.id)


def add_credit(
    tx: Connection,
    session_id: int,
    *,
    customer_number: str,
    amount_cents: int,
    reason: str,
    by: tuple[str, str],
    at: datetime,
    promise_id: int | None,
) -> int:
    """Insert a credit with its event and return its id; proposed where a decision of it was promised, granted without.

    `by` is the mark and name of who gives it. RefusedByRights where the server's own reckoning comes out otherwise.
    """
    if under_rights(tx) is not None:
        values = {"session": session_id, "amount": amount_cents, "reason": reason, "promise": promise_id}
        with refusals():
            return int(tx.execute(_GIVE, values).scalar_one())
    state = CreditState.PROPOSED if promise_id is not None else CreditState.GRANTED
    row = {
        "session_id": session_id,
        "customer_number": customer_number,
        "amount_cents": amount_cents,
        "reason": reason,
        "by_mark": by[0],
        "by_name": by[1],
        "at": at,
        "state": state,
        "settled_at": at if state is CreditState.GRANTED else None,
        "promise_id": promise_id,
    }
    made = int(tx.execute(insert(credit).values(**row).returning(credit.c.id)).scalar_one())
    told = {"amount_cents": amount_cents, "by": by[1], "credit": made, "reason": reason}
    events.append(tx, session_id, EVENTS[state], told, at=at, actor="agent")
    return made


def write_settlement(
    tx: Connection, before: Credit, *, granted: bool, reason: str, by: tuple[str, str], at: datetime
) -> None:
    """Grant or refuse what was proposed, with its event; RefusedByRights `credit_settled` where somebody was first."""
    if under_rights(tx) is not None:
        values = {"of": before.id, "version": before.version, "granted": granted, "reason": reason}
        with refusals():
            tx.execute(_SETTLE, values)
        return
    state = CreditState.GRANTED if granted else CreditState.REFUSED
    same = credit.c.id == before.id, credit.c.version == before.version, credit.c.state == CreditState.PROPOSED
    settled = {"state": state, "approved_mark": by[0], "approved_by": by[1], "settled_at": at}
    if tx.execute(update(credit).where(*same).values(**settled, version=before.version + 1)).rowcount != 1:
        raise RefusedByRights("credit_settled")
    told = {"amount_cents": before.amount_cents, "by": by[1], "credit": before.id} | (
        {"reason": reason} if reason else {}
    )
    events.append(tx, before.session_id, APPROVED if granted else EVENTS[state], told, at=at, actor="agent")


def read_credit(tx: Connection, credit_id: int) -> Credit | None:
    """Return one credit as far as whoever asks may see it, or None."""
    row = tx.execute(_SHOWN.where(credit.c.id == credit_id)).one_or_none()
    return None if row is None else _credit(row)


def session_credits(tx: Connection, session_id: int) -> tuple[Credit, ...]:
    """Return the session's credits, oldest first."""
    return tuple(map(_credit, tx.execute(_SHOWN.where(credit.c.session_id == session_id))))


def month_sums(
    tx: Connection, session_id: int, customer_number: str, mark: str, month: tuple[datetime, datetime]
) -> tuple[int, int]:
    """Return what the session's customer was credited in that month, in every team, and what `mark` has given; refused apart."""
    since, until = month
    if under_rights(tx) is not None:
        values = {"session": session_id, "since": microseconds(since), "until": microseconds(until)}
        row = tx.execute(_SUMS, values).one()
        return int(row.customer), int(row.mine)
    counted = select(func.coalesce(func.sum(credit.c.amount_cents), 0)).where(
        credit.c.state != CreditState.REFUSED, credit.c.at >= since, credit.c.at < until
    )
    of_customer = tx.execute(counted.where(credit.c.customer_number == customer_number)).scalar_one()
    return of_customer, tx.execute(counted.where(credit.c.by_mark == mark)).scalar_one()


def _credit(row: Any) -> Credit:
    return Credit(
        id=row.id,
        session_id=row.session_id,
        number=row.number,
        customer_number=row.customer_number,
        amount_cents=row.amount_cents,
        reason=row.reason,
        by=row.by_name,
        by_mark=row.by_mark,
        at=row.at,
        state=CreditState(row.state),
        version=row.version,
        approved_by=row.approved_by,
        settled_at=row.settled_at,
        promise_id=row.promise_id,
    )
