"""An agent in a process of their own, who works at random: `… agent_child DATABASE_URL SEED DEEDS START`; prints what they did."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from time import time

from sqlalchemy import select

from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.hand_over_session import hand_over_session
from agent_desk.actions.list_receivers import list_receivers
from agent_desk.actions.park_session import park_session
from agent_desk.actions.resume_session import resume_session
from agent_desk.rules.handover import Words
from agent_desk.storage.acting import act_as
from agent_desk.storage.database import Database
from agent_desk.storage.people import who_am_i
from agent_desk.storage.tables import session
from tests.support.desks import NOON, agreed, context, drafted, finished

Deed = Callable[[Context, Random], object]


@dataclass(frozen=True, slots=True)
class NoonClock:
    """A clock that all agents share: it was noon at `start`, in seconds since 1970."""

    start: float

    def now(self) -> datetime:
        return NOON + timedelta(seconds=time() - self.start)


def some_session(ctx: Context, random: Random) -> tuple[int, int]:
    """Return id and version of any session of the team that has not ended; it may be a colleague's."""
    with ctx.database.read() as tx:
        found = tx.execute(select(session.c.id, session.c.version).where(session.c.ended_at.is_(None))).all()
    if not found:
        raise Refusal("not_found")
    row = random.choice(found)
    return row.id, row.version


def hand_over(ctx: Context, random: Random) -> None:
    """Give any session of the team to any team or colleague."""
    to = random.choice(list_receivers(ctx))
    hand_over_session(ctx, *some_session(ctx, random), to, Words("redémarré", "voyant orange"))


# How often, compared with the others.
DEEDS: tuple[tuple[int, str, Deed], ...] = (
    (6, "finish", lambda ctx, _random: finished(ctx)),
    (1, "draft", lambda ctx, _random: drafted(ctx)),
    (1, "agree", lambda ctx, _random: agreed(ctx)),
    (9, "close", lambda ctx, random: close_session(ctx, *some_session(ctx, random))),
    (1, "cancel", lambda ctx, random: cancel_session(ctx, *some_session(ctx, random), "le client rappellera")),
    (2, "park", lambda ctx, random: park_session(ctx, some_session(ctx, random)[0])),
    (2, "hand_over", hand_over),
    (2, "resume", lambda ctx, random: resume_session(ctx, some_session(ctx, random)[0])),
)


def work(ctx: Context, random: Random, deeds: int) -> Counter[str]:
    """Do one thing after the other and return how often each was done or refused."""
    done: Counter[str] = Counter()
    for _ in range(deeds):
        ((_, name, deed),) = random.choices(DEEDS, weights=[often for often, _, _ in DEEDS])
        try:
            deed(ctx, random)
        except Refusal as refused:
            done[refused.code] += 1
        else:
            done[name] += 1
    return done


def main(url: str, seed: int, deeds: int, start: float) -> None:
    """Sign in and work."""
    with closing(Database.open(url)) as database:
        with database.read() as tx:
            me = who_am_i(tx)
        assert me is not None
        act_as(database, me)
        made = context(database, clock=NoonClock(start))
        ctx = replace(made, settings=replace(made.settings, agent_name=me.name))
        sys.stdout.write(json.dumps(work(ctx, Random(seed), deeds)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
