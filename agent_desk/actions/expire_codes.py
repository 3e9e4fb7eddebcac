"""Codes whose ten minutes are over end, though nobody typed them."""

from agent_desk.actions.door import Door
from agent_desk.rules.clocks import CODE_LIFE
from agent_desk.storage.events import Entry
from agent_desk.storage.guest import ask, find_code, tell
from agent_desk.storage.types import microseconds

LIFE_MINUTES = int(CODE_LIFE.total_seconds()) // 60


def expire_codes(door: Door) -> int:
    """End every live code whose time is over, a transaction each; return how many."""
    ended = 0
    while (locator := _one_lapsed(door)) is not None:
        with door.database.write() as tx:
            now = door.clock.now()
            code = find_code(tx, locator, lock=True)
            if code is None or code.expires_at > now:
                continue
            tell(tx, code.session_id, Entry("code_expired", {"minutes": LIFE_MINUTES}, "system"), at=now)
            ask(tx, "end_code", code=code.id, state="expired", at=microseconds(now))
            ended += 1
    return ended


def _one_lapsed(door: Door) -> str | None:
    with door.database.read() as tx:
        found = ask(tx, "lapsed", now=microseconds(door.clock.now()))
    return found[0].locator if found else None
