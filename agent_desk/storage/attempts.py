"""Tries of codes, counted before anything is compared: moments and sources, never what was typed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from agent_desk.rules.guessing import SITE_FAILURES
from agent_desk.storage.guest import run
from agent_desk.storage.types import microseconds, moment

# Any number, as long as all programs take the same one: only one counts at a time.
_COUNTING = text("SELECT pg_advisory_xact_lock(4185072612)")
SITE_MOST = 2 * SITE_FAILURES  # more than the limits let through in a window
_SOURCE = """
    SELECT :source AS source, at FROM code_attempt WHERE source = :source AND failed = 1 AND at > :since
    ORDER BY at DESC LIMIT :most
"""
_SITE = "SELECT at, fresh FROM code_attempt WHERE failed = 1 AND at > :since ORDER BY at DESC LIMIT :most"
_COUNT = "INSERT INTO code_attempt (at, source, failed, fresh) VALUES (:at, :source, 1, :fresh)"
_GIVE_BACK = """
    UPDATE code_attempt SET failed = 0
    WHERE id = (SELECT max(id) FROM code_attempt WHERE source = :source AND failed = 1)
"""
_BREAKER = "SELECT value FROM site WHERE key = 'guessing_open'"
_SET_BREAKER = """
    INSERT INTO site (key, value) VALUES ('guessing_open', :value)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
_BRING_BACK = "UPDATE code_attempt SET at = :now WHERE at > :now + :skew"
_PRUNE = "DELETE FROM code_attempt WHERE at < :before"


def lock_counting(tx: Connection) -> None:
    """Keep others from counting until the transaction ends; on SQLite whoever writes is alone anyway."""
    if tx.dialect.name != "sqlite":
        tx.execute(_COUNTING)


def site_failures(tx: Connection, since: datetime, most: int = SITE_MOST) -> tuple[tuple[datetime, bool], ...]:
    """Return moment and lane (fresh or not) of the newest failures of the whole site since then, oldest first."""
    rows = run(tx, "site_attempts", "since most", _SITE, {"since": microseconds(since), "most": most})
    return tuple(sorted((moment(row.at), bool(row.fresh)) for row in rows))


def source_failures(
    tx: Connection, sources: Collection[str], since: datetime, most: int
) -> Mapping[str, list[datetime]]:
    """Return for each source the moments of its newest failures since then, oldest first."""
    found: dict[str, list[datetime]] = {source: [] for source in sources}
    values = {"since": microseconds(since), "most": most}
    if tx.dialect.name == "postgresql":
        rows = run(tx, "source_attempts", "sources since most", "", values | {"sources": list(found)})
        for row in rows:
            found[row.source].append(moment(row.at))
        return found
    for source in found:
        rows = run(tx, "source_attempts", "", _SOURCE, values | {"source": source})
        found[source] = [moment(row.at) for row in reversed(rows)]
    return found


def count(tx: Connection, at: datetime, tries: Sequence[tuple[str, bool]]) -> None:
    """Count tries as failures: the source of each, and whether it came in the lane of the fresh."""
    micros = microseconds(at)
    if tx.dialect.name == "postgresql":
        sources, fresh = [source for source, _ in tries], [int(lane) for _, lane in tries]
        run(tx, "count", "at sources fresh", "", {"at": micros, "sources": sources, "fresh": fresh})
    elif tries:
        rows = [{"at": micros, "source": source, "fresh": int(lane)} for source, lane in tries]
        tx.execute(text(_COUNT), rows)


def give_back(tx: Connection, source: str) -> None:
    """Uncount the latest failure of a source, for it was none."""
    run(tx, "give_back", "source", _GIVE_BACK, {"source": source})


def read_breaker(tx: Connection) -> datetime | None:
    """Return since when the site's breaker is open, None while it is closed."""
    rows = run(tx, "breaker", "", _BREAKER, {})
    return moment(int(rows[0].value)) if rows and rows[0].value else None


def write_breaker(tx: Connection, since: datetime | None) -> None:
    """Note since when the site's breaker is open, None for closed."""
    value = "" if since is None else str(microseconds(since))
    run(tx, "set_breaker", "value", _SET_BREAKER, {"value": value})


def bring_back(tx: Connection, now: datetime, skew: timedelta) -> None:
    """Take failures from after a clock that was set back as of now: else they would count until it comes there again."""
    values = {"now": microseconds(now), "skew": skew // timedelta(microseconds=1)}
    run(tx, "bring_back_attempts", "now skew", _BRING_BACK, values)


def prune(tx: Connection, before: datetime) -> None:
    """Forget tries older than that."""
    run(tx, "prune_attempts", "before", _PRUNE, {"before": microseconds(before)})
