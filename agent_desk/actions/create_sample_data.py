"""Sample data: a desk with a past and a present, the same for the same seed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from agent_desk.actions.context import Context
from agent_desk.actions.sample_bulk import add_in_bulk
from agent_desk.actions.sample_mails import TROUBLES, settle_mails
from agent_desk.actions.sample_people import AGENTS, sample_customer
from agent_desk.actions.sample_requests import request_for, sample_requests
from agent_desk.actions.sample_story import Plot, tell
from agent_desk.rules.session import Customer, Segment, Territory
from agent_desk.rules.territories import local

SEED = 2026
# Under way, the last first: how far each has come, and what it is about.
LIVE = (
    ("in_progress", ("security.virus-removal", "livebox.connect-device")),
    ("agreed", ("mail.software",)),
    ("feasibility", ("network.router",)),
    ("parked", ("tv.advanced-use",)),
    ("draft", ("help.usage",)),
)
ENDINGS = {
    "solved": 66,
    "not_solved": 9,
    "visit": 7,
    "interrupted": 5,
    "access_lost": 3,
    "cancelled": 6,
    "withdrawn": 4,
}
FIRST_HOUR, LAST_HOUR = 9, 19
REPEAT = 0.15


def create_sample_data(ctx: Context, count: int, *, bulk: bool = False, seed: int = SEED) -> int:
    """Add `count` sample sessions and return how many; the last few are under way, their mails settled, none sent.

    `bulk`: for measurements, closed sessions written straight into the tables, without consents, events or mails.
    """
    if bulk:
        return add_in_bulk(ctx, count, seed)
    chance = Random(seed)  # noqa: S311 - the same seed must give the same people
    for number, plot in enumerate(_plots(ctx, count, chance)):
        # One transaction each: the outbox must never see a sample mail that waits, not even after a crash.
        with ctx.database.write() as tx:
            joined = replace(ctx, database=ctx.database.joined(tx))
            view = tell(joined, plot)
            settle_mails(joined, view, place=count - number, at=plot.begins + timedelta(hours=1))
    return count


def _plots(ctx: Context, count: int, chance: Random) -> Iterator[Plot]:
    """Yield the sessions, oldest first, so that numbers follow time."""
    moments = _moments(ctx.clock.now(), count, chance)
    own = ctx.settings.agent_name or AGENTS[0]
    known: list[Customer] = []
    live = LIVE[: max(0, count - 1)]
    for number, begins in enumerate(moments):
        customer = chance.choice(known) if known and chance.random() < REPEAT else sample_customer(chance)
        if not FIRST_HOUR <= local(begins, customer.territory).hour < LAST_HOUR:
            customer = replace(customer, territory=Territory.METROPOLE, postcode="75011", city="Paris")
        known.append(customer)
        requests = sample_requests(chance, customer.segment)
        ending = chance.choices([*ENDINGS], [*ENDINGS.values()])[0]
        agent = own if chance.random() < 0.6 else chance.choice(AGENTS)
        rest = count - number
        if rest <= len(live):
            ending, services = live[rest - 1]
            requests, agent = tuple(request_for(service) for service in services), own
            customer = replace(customer, segment=Segment.RESIDENTIAL, company="")
            if ending == "feasibility":  # asked, because nobody has asked about this one before
                requests = tuple(replace(one, equipment="Netgear Nighthawk R7000") for one in requests)
        elif rest in TROUBLES:
            ending, customer = "solved", replace(customer, email=f"{customer.login}@example.org", no_email_reason="")
        elif ending == "withdrawn" and customer.segment is Segment.PRO:
            ending = "solved"
        yield Plot(customer, requests, begins, ending, agent, chance.getrandbits(32))


def _moments(now: datetime, count: int, chance: Random) -> list[datetime]:
    """Return the beginnings, oldest first: every 20 minutes or so backwards from now, within opening hours in Paris."""
    moments = []
    moment = now - timedelta(minutes=35)
    for _ in range(count):
        moment = _opening(moment)
        moments.append(moment)
        moment -= timedelta(minutes=chance.randint(8, 45), seconds=chance.randint(0, 59))
    return moments[::-1]


def _opening(moment: datetime) -> datetime:
    """Return `moment`, or the last one before it at which work may begin."""
    clock = local(moment, Territory.METROPOLE)
    if clock.hour < FIRST_HOUR:
        clock = (clock - timedelta(days=1)).replace(hour=LAST_HOUR - 1, minute=50)
    elif clock.hour >= LAST_HOUR:
        clock = clock.replace(hour=LAST_HOUR - 1, minute=50)
    return clock.astimezone(moment.tzinfo)
