"""The reaper: ends what nobody ended, and forgets tries and signals that are over."""

from datetime import timedelta

from agent_desk.actions.door import Door
from agent_desk.rules.guessing import REMEMBERED
from agent_desk.rules.share import LONGEST, LOST_AFTER, UNANSWERED, ShareFacts, ShareState, end_due
from agent_desk.storage import attempts, guest
from agent_desk.storage.codes import SKEW
from agent_desk.storage.events import Entry
from agent_desk.storage.types import microseconds

SIGNAL_LIFE = timedelta(minutes=1)


def end_due_shares(door: Door) -> int:
    """End every share that is due and return how many; to be called every few seconds.

    Moments that lie ahead, because a clock was set back, become now: no share and no failure outlives its time by that.
    """
    _tidy(door)
    ended = 0
    while (share_id := _one_due(door)) is not None and _end(door, share_id):
        ended += 1
    return ended


def _tidy(door: Door) -> None:
    now = door.clock.now()
    skew = SKEW // timedelta(microseconds=1)
    with door.database.write() as tx:
        guest.ask(tx, "bring_back_shares", now=microseconds(now), skew=skew)
        guest.ask(tx, "prune_signals", before=microseconds(now - SIGNAL_LIFE))
        attempts.bring_back(tx, now, SKEW)
        attempts.prune(tx, now - REMEMBERED)


def _one_due(door: Door) -> int | None:
    now = door.clock.now()
    with door.database.read() as tx:
        return guest.find_due(tx, lost=now - LOST_AFTER, unanswered=now - UNANSWERED, longest=now - LONGEST)


def _end(door: Door, share_id: int) -> bool:
    """End it if it still is due; others may have moved or ended it meanwhile."""
    with door.database.write() as tx:
        now = door.clock.now()
        row = guest.take_due(tx, share_id)
        if row is None:
            return True
        reason = end_due(ShareFacts(ShareState(row.state), row.opened_at, row.admitted_at, row.seen_at), now)
        if reason is None:
            return False
        guest.tell(tx, row.session_id, Entry("share_ended", {"end": reason}, "system"), at=now)
        guest.ask(tx, "end_share", share=row.id, reason=reason, at=microseconds(now))
        return True
