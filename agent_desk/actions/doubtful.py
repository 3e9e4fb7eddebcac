"""What was agreed with a customer for a day that has become a non-working one since: Today says so, whoever sees to it."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from agent_desk.actions.agenda_views import Doubtful
from agent_desk.actions.context import Context
from agent_desk.actions.look_at_agenda import entry, looked_after
from agent_desk.rules.appointment import Doubt
from agent_desk.rules.holidays import is_off
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import midnight
from agent_desk.storage.appointments import booked_between
from agent_desk.storage.promises import visits_between

# A day begins up to three hours sooner in the Indian Ocean than on the mainland, and ends up to six later in the Antilles.
SOONER, LATER = timedelta(hours=4), timedelta(days=1, hours=7)
MOST_DOUBTFUL = 500  # of one day and team: Today names some, and counts the others


def doubtful(ctx: Context, tx: Connection, now: datetime) -> tuple[Doubtful, ...]:
    """Return the coming call-backs and visits of the team, or teams looked after, on such days, in order.

    Asked with Today, so nothing is read but what lies on days a site has added; mostly there are none.
    """
    days = [day for day in ctx.settings.extra_holidays if day >= now.astimezone().date()]
    found: set[Doubtful] = set()
    for team_id in looked_after(ctx, tx) if days else []:
        for day in days:
            begins = midnight(day, Territory.METROPOLE)
            since, until = max(begins - SOONER, now), begins + LATER
            found |= set(_call_backs(ctx, tx, since, until, team_id, now))
            found |= set(_visits(ctx, tx, since, until, team_id))
    return tuple(sorted(found, key=lambda one: (one.at, one.number)))


def _call_backs(
    ctx: Context, tx: Connection, since: datetime, until: datetime, team_id: int, now: datetime
) -> list[Doubtful]:
    booked = (entry(ctx, one, now, {}) for one in booked_between(tx, since, until, team_id, most=MOST_DOUBTFUL))
    return [
        Doubtful(PromiseKind.CALL_BACK, one.appointment.number, one.appointment.starts_at, one.doubts)
        for one in booked
        if Doubt.DAY_OFF in one.doubts
    ]


def _visits(ctx: Context, tx: Connection, since: datetime, until: datetime, team_id: int) -> list[Doubtful]:
    return [
        Doubtful(PromiseKind.VISIT, number, begins, (Doubt.DAY_OFF,))
        for number, begins, territory in visits_between(tx, since, until, team_id, MOST_DOUBTFUL)
        if is_off(begins, territory, ctx.settings.extra_holidays)
    ]
