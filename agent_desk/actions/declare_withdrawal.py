"""The customer withdraws through the link in their mail (L221-21), by confirming: once, with its date and hour."""

from collections.abc import Collection
from datetime import date

from agent_desk.actions.door import Door
from agent_desk.actions.errors import Refusal
from agent_desk.actions.look_at_withdrawal import WithdrawalSeen, look_at_withdrawal, seen_now
from agent_desk.actions.personal_links import fingerprint
from agent_desk.rules.clocks import PUBLISHED_DAYS
from agent_desk.rules.withdrawal import STOPS
from agent_desk.storage.events import Entry
from agent_desk.storage.guest import tell
from agent_desk.storage.links import use_link
from agent_desk.storage.withdrawals import declare, guest_withdrawal


def declare_withdrawal(
    door: Door, token: str, extra_days: Collection[date] = (), published_days: int = PUBLISHED_DAYS
) -> WithdrawalSeen:
    """Write the withdrawal with its event, once a session; where there is no right to it, nothing. Refusal `link_gone`."""
    seen = look_at_withdrawal(door, token, extra_days, published_days)
    if seen.declared_at is not None or seen.answer not in STOPS:
        return seen
    now, mark = door.clock.now(), fingerprint(token)
    with door.database.write() as tx:
        if use_link(tx, mark, now) is not None:
            session_id = declare(tx, mark, seen.answer, now)
            if session_id is not None:
                tell(tx, session_id, Entry("withdrawal_declared", {"answer": seen.answer}, "customer"), at=now)
        found = guest_withdrawal(tx, mark)
    if found is None:
        raise Refusal("link_gone")
    return seen_now(found, now, extra_days, published_days)
