"""Tries of codes are counted, all of a moment in one transaction, before any is compared (4.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent_desk.actions.door import Door
from agent_desk.rules.guessing import (
    ALLOW,
    MINUTE,
    REMEMBERED,
    SITE_WINDOW,
    SOURCE_LIMITS,
    Counts,
    Verdict,
    is_open,
    verdict,
)
from agent_desk.storage.attempts import (
    count,
    lock_counting,
    read_breaker,
    site_failures,
    source_failures,
    write_breaker,
)
from agent_desk.storage.events import SITE_CHAIN, Entry
from agent_desk.storage.guest import tell

MOST_OF_SOURCE = max(most for most, _ in SOURCE_LIMITS)


@dataclass(slots=True)
class _Tally:
    """The counts as they grow while tries of one moment are judged one after the other."""

    now: datetime
    sources: dict[str, list[datetime]]
    site: list[datetime]
    fresh: list[datetime]
    known: list[datetime]
    open: bool

    def judge(self, source: str) -> Verdict:
        counts = Counts(self.now, self.sources[source], self.site, self.fresh, self.known, self.open)
        found = verdict(counts)
        if found.answer is ALLOW:
            for counted in (self.sources[source], self.site, self.fresh if found.fresh else self.known):
                counted.append(self.now)
            self.open = is_open(len(self.site), before=self.open)
        return found


def count_attempts(door: Door, sources: Sequence[str]) -> tuple[Verdict, ...]:
    """Return for each source whether its try may be compared; what is allowed is committed as a failure first.

    Where the counts cannot be read or written nobody gets in: DatabaseFault. An alarm is told once for each opening of
    the site's breaker.
    """
    with door.database.write() as tx:
        lock_counting(tx)
        now = door.clock.now()
        since = read_breaker(tx)
        site = site_failures(tx, now - SITE_WINDOW)
        recent = [(at, fresh) for at, fresh in site if at > now - MINUTE]
        tally = _Tally(
            now=now,
            sources=dict(source_failures(tx, set(sources), now - REMEMBERED, MOST_OF_SOURCE)),
            site=[at for at, _ in site],
            fresh=[at for at, fresh in recent if fresh],
            known=[at for at, fresh in recent if not fresh],
            open=is_open(len(site), before=since is not None),
        )
        was_open = tally.open
        verdicts = tuple(tally.judge(source) for source in sources)
        allowed = zip(sources, verdicts, strict=True)
        count(tx, now, [(source, found.fresh) for source, found in allowed if found.answer is ALLOW])
        if tally.open and not was_open:
            said = {"failures": len(tally.site), "minutes": SITE_WINDOW // MINUTE}
            tell(tx, SITE_CHAIN, Entry("guessing_alarm", said, "system"), at=now)
        if tally.open != was_open or was_open != (since is not None):
            write_breaker(tx, now if tally.open else None)
    return verdicts
