"""The customer opens the page behind "withdraw here"; looking changes nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from agent_desk.actions.door import Door
from agent_desk.actions.errors import Refusal
from agent_desk.actions.look_at_link import look_at_link
from agent_desk.actions.personal_links import fingerprint
from agent_desk.rules.clocks import PUBLISHED_DAYS
from agent_desk.rules.links import Purpose
from agent_desk.rules.territories import local
from agent_desk.rules.withdrawal import WithdrawalAnswer, answer_to
from agent_desk.storage.withdrawals import GuestWithdrawal, guest_withdrawal


@dataclass(frozen=True, slots=True)
class WithdrawalSeen:
    """What the page says: the answer, and, once declared, when, on the customer's wall."""

    number: str
    answer: WithdrawalAnswer
    declared_at: datetime | None = None


def look_at_withdrawal(
    door: Door, token: str, extra_days: Collection[date] = (), published_days: int = PUBLISHED_DAYS
) -> WithdrawalSeen:
    """Return what a withdrawal would be answered now, or was; Refusal `link_gone`. It changes nothing."""
    look_at_link(door, token, Purpose.WITHDRAWAL)
    with door.database.read() as tx:
        found = guest_withdrawal(tx, fingerprint(token))
    if found is None:
        raise Refusal("link_gone")
    return seen_now(found, door.clock.now(), extra_days, published_days)


def seen_now(
    found: GuestWithdrawal, now: datetime, extra_days: Collection[date], published_days: int
) -> WithdrawalSeen:
    """Return what the customer is told of a session: what was declared, or would be answered now."""
    if found.answer is not None and found.declared_at is not None:
        return WithdrawalSeen(found.number, found.answer, local(found.declared_at, found.found.territory))
    return WithdrawalSeen(found.number, answer_to(found.found, now, extra_days, published_days))
