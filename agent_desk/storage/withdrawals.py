"""Withdrawals declared through a link: written by a gateway, acknowledged and settled by who sends mails; each once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, select, text, update

from agent_desk.rules.session import Content, Segment, State, Territory
from agent_desk.rules.withdrawal import Withdrawable, WithdrawalAnswer
from agent_desk.storage.acting import under_rights
from agent_desk.storage.content import from_json
from agent_desk.storage.guest import ask
from agent_desk.storage.tables import draft, session
from agent_desk.storage.types import microseconds, moment
from agent_desk.storage.withdrawal_tables import withdrawal

AT_ONCE = 50
_DECLARED = text("SELECT * FROM desk_declared(:most)")


@dataclass(frozen=True, slots=True)
class GuestWithdrawal:
    """What the page behind the link may know: the session's number, what the answer depends on, and what was declared."""

    number: str
    found: Withdrawable
    declared_at: datetime | None
    answer: WithdrawalAnswer | None


@dataclass(frozen=True, slots=True)
class Declared:
    """A withdrawal whose receipt has not been queued."""

    session_id: int
    number: str
    content: Content
    declared_at: datetime
    answer: WithdrawalAnswer


def guest_withdrawal(tx: Connection, fingerprint: bytes) -> GuestWithdrawal | None:
    """Return where the session of that link stands, or None."""
    for row in ask(tx, "withdrawable", token=fingerprint):
        found = Withdrawable(
            state=State(row.state),
            segment=Segment(row.segment),
            territory=Territory(row.territory),
            agreed_at=None if row.agreed_at is None else moment(row.agreed_at),
            visit_owed=row.visit > 0,
        )
        declared = None if row.declared_at is None else moment(row.declared_at)
        return GuestWithdrawal(row.number, found, declared, WithdrawalAnswer(row.answer) if row.answer else None)
    return None


def declare(tx: Connection, fingerprint: bytes, answer: WithdrawalAnswer, at: datetime) -> int | None:
    """Write a withdrawal declared through a link just used; its session's id, None where one was declared before."""
    rows = ask(tx, "declare_withdrawal", token=fingerprint, answer=answer, at=microseconds(at))
    return rows[0].session_id if rows else None


def without_receipt(tx: Connection) -> tuple[Declared, ...]:
    """Return withdrawals whose receipt is not queued yet; who sends mails for others is given those sessions alone."""
    if under_rights(tx) is not None:
        return tuple(
            Declared(row.id, row.number, from_json(row.content), moment(row.declared_at), WithdrawalAnswer(row.answer))
            for row in tx.execute(_DECLARED, {"most": AT_ONCE})
        )
    query = (
        select(session.c.id, session.c.number, draft.c.content, withdrawal.c.declared_at, withdrawal.c.answer)
        .join(session, session.c.id == withdrawal.c.session_id)
        .join(draft, draft.c.session_id == session.c.id)
        .where(withdrawal.c.receipt_at.is_(None))
        .order_by(withdrawal.c.session_id)
        .limit(AT_ONCE)
    )
    return tuple(
        Declared(row.id, row.number, from_json(row.content), row.declared_at, WithdrawalAnswer(row.answer))
        for row in tx.execute(query)
    )


def take_receipt(tx: Connection, session_id: int, at: datetime) -> bool:
    """Note that the receipt is queued; False where somebody was first."""
    mine = update(withdrawal).where(withdrawal.c.session_id == session_id, withdrawal.c.receipt_at.is_(None))
    return tx.execute(mine.values(receipt_at=at)).rowcount == 1


def unsettled(tx: Connection) -> tuple[int, ...]:
    """Return the sessions whose withdrawal was not settled, some dozens at most."""
    query = select(withdrawal.c.session_id).where(withdrawal.c.settled_at.is_(None)).order_by(withdrawal.c.session_id)
    return tuple(tx.execute(query.limit(AT_ONCE)).scalars())


def hold_withdrawal(tx: Connection, session_id: int) -> bool:
    """Keep a withdrawal from others until the transaction ends; False where it has been settled."""
    mine = select(withdrawal.c.session_id).where(
        withdrawal.c.session_id == session_id, withdrawal.c.settled_at.is_(None)
    )
    return tx.execute(mine.with_for_update()).first() is not None


def note_settled(tx: Connection, session_id: int, at: datetime) -> None:
    """Note that a withdrawal held is settled."""
    tx.execute(update(withdrawal).where(withdrawal.c.session_id == session_id).values(settled_at=at))


def is_declared(tx: Connection, session_id: int) -> bool:
    """Tell whether the customer has declared a withdrawal that is not settled yet."""
    waits = exists().where(withdrawal.c.session_id == session_id, withdrawal.c.settled_at.is_(None))
    return bool(tx.execute(select(waits)).scalar_one())
