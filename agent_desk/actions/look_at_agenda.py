"""The call-backs of some days: one agent's, or a team's, each with what makes it doubtful."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from agent_desk.actions.agenda_views import Agenda, Entry
from agent_desk.actions.bookable import candidates
from agent_desk.actions.context import Context
from agent_desk.rules.appointment import HORIZON, Appointment, Doubt, doubts
from agent_desk.rules.clocks import callback_limit
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import midnight
from agent_desk.storage.acting import signed_in
from agent_desk.storage.appointments import booked_between, territories_now
from agent_desk.storage.promises import team_of, teams

# A day begins up to three hours sooner in the Indian Ocean than on the mainland, and ends up to six later in the Antilles.
SOONER, LATER = timedelta(hours=4), timedelta(days=1, hours=7)
MOST_DOUBTFUL = 500  # of one day and team: Today names some, and counts the others


def look_at_agenda(ctx: Context, since: datetime, until: datetime) -> Agenda:
    """Return the call-backs of whoever looks and of their team; a supervisor's is every team they look after."""
    now = ctx.clock.now()
    with ctx.database.read() as tx:
        who, looked_after = signed_in(ctx.database), _looked_after(ctx, tx)
        people = tuple(one for team_id in looked_after for one in candidates(ctx, tx, team_id))
        found = [one for team_id in looked_after for one in booked_between(tx, since, until, team_id)]
        moved = territories_now(tx, [one.session_id for one in found])
    mark = who.mark if who is not None else ""
    me = next((one.id for one in people if one.mark == mark), None)
    return Agenda(since, until, now, people, tuple(_entry(ctx, one, now, moved) for one in found), me)


def doubtful(ctx: Context, tx: Connection, now: datetime) -> tuple[Entry, ...]:
    """Return the coming call-backs of the team, or teams looked after, on days that have become non-working ones.

    Asked with Today, so nothing is read but what lies on such days; mostly there are none.
    """
    today = now.astimezone().date()
    days = [day for day in ctx.settings.extra_holidays if today <= day <= today + HORIZON]
    teams_seen = _looked_after(ctx, tx) if days else []
    found: list[Entry] = []
    for day in days:
        begins = midnight(day, Territory.METROPOLE)
        for team_id in teams_seen:
            booked = booked_between(tx, max(begins - SOONER, now), begins + LATER, team_id, most=MOST_DOUBTFUL)
            found += (_entry(ctx, one, now, {}) for one in booked)
    off = {one.appointment.id: one for one in found if Doubt.DAY_OFF in one.doubts}
    return tuple(off.values())


def _looked_after(ctx: Context, tx: Connection) -> list[int]:
    """Return whose call-backs whoever signed in sees: of the own team, a supervisor without one of all."""
    who = signed_in(ctx.database)
    own = team_of(tx, who.mark) if who is not None else 0
    return [own] if own or who is None or tx.dialect.name == "sqlite" else list(teams(tx))


def _entry(ctx: Context, one: Appointment, now: datetime, moved: Mapping[int, Territory]) -> Entry:
    """Return a call-back with what makes it doubtful, where the customer lives by now."""
    days, where = ctx.settings.extra_holidays, moved.get(one.session_id, one.territory)
    return Entry(one, doubts(one, now, where, callback_limit(one.accepted_at, where, days), days))
