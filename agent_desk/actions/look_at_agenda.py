"""The call-backs of some days: one agent's, or a team's, each with what makes it doubtful."""

from datetime import datetime

from sqlalchemy import Connection

from agent_desk.actions.agenda_views import Agenda, Entry
from agent_desk.actions.appointments import candidates
from agent_desk.actions.context import Context
from agent_desk.rules.appointment import HORIZON, Appointment, Doubt, doubts
from agent_desk.rules.clocks import callback_limit
from agent_desk.storage.acting import signed_in
from agent_desk.storage.appointments import booked_between
from agent_desk.storage.promises import team_of, teams


def look_at_agenda(ctx: Context, since: datetime, until: datetime) -> Agenda:
    """Return the call-backs of whoever looks and of their team; a supervisor's is every team they look after."""
    now = ctx.clock.now()
    with ctx.database.read() as tx:
        who = signed_in(ctx.database)
        own = team_of(tx, who.mark) if who is not None else 0
        looked_after = [own] if own or who is None or tx.dialect.name == "sqlite" else list(teams(tx))
        people = tuple(one for team_id in looked_after for one in candidates(ctx, tx, team_id))
        found = [one for team_id in looked_after for one in booked_between(tx, since, until, team_id)]
    mark = who.mark if who is not None else ""
    me = next((one.id for one in people if one.mark == mark), None)
    return Agenda(since, until, now, people, tuple(Entry(one, _doubts(ctx, one, now)) for one in found), me)


def doubtful(ctx: Context, tx: Connection, now: datetime) -> tuple[Entry, ...]:
    """Return the coming call-backs of whoever looks, or their team, that fall on a day off, too late, or out of hours."""
    who = signed_in(ctx.database)
    team_id = team_of(tx, who.mark) if who is not None else 0
    if who is not None and not team_id and tx.dialect.name != "sqlite":
        return ()
    found = (Entry(one, _doubts(ctx, one, now)) for one in booked_between(tx, now, now + HORIZON, team_id))
    return tuple(one for one in found if one.doubts)


def _doubts(ctx: Context, one: Appointment, now: datetime) -> tuple[Doubt, ...]:
    days = ctx.settings.extra_holidays
    limit = callback_limit(one.accepted_at, one.territory, days)
    return doubts(one, now, one.territory, limit, days)
