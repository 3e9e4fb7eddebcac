"""Whether what professional customers asked for took effect by the next day (document 001), with the cases that did not."""

from dataclasses import dataclass
from datetime import datetime

from agent_desk.actions.context import Context
from agent_desk.rules.pro import in_time
from agent_desk.storage.presence import shared_now
from agent_desk.storage.pro_acts import ProAct, pro_acts


@dataclass(frozen=True, slots=True)
class ProActs:
    """How many acts are decided, how many of them took effect in time, and the others; `open` still may."""

    total: int
    kept: int
    open: int
    missed: tuple[ProAct, ...]


def look_at_pro_acts(ctx: Context, since: datetime, until: datetime) -> ProActs:
    """Return the acts of professional customers' sessions that ended from `since` to before `until`, measured."""
    with ctx.database.reports() as tx:
        now = shared_now(tx, ctx.clock.now())
        judged = [(one, in_time(one.act, one.territory, now)) for one in pro_acts(tx, since, until)]
    kept = sum(held is True for _, held in judged)
    missed = tuple(one for one, held in judged if held is False)
    return ProActs(kept + len(missed), kept, sum(held is None for _, held in judged), missed)
