"""The call-backs of some days: one agent's, or a team's, each with what makes it doubtful."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from agent_desk.actions.agenda_views import Agenda, Entry
from agent_desk.actions.bookable import candidates
from agent_desk.actions.context import Context
from agent_desk.rules.appointment import Appointment, doubts
from agent_desk.rules.clocks import callback_limit
from agent_desk.rules.session import Territory
from agent_desk.storage.acting import signed_in
from agent_desk.storage.appointments import booked_between, territories_now
from agent_desk.storage.promises import team_of, teams


def look_at_agenda(ctx: Context, since: datetime, until: datetime) -> Agenda:
    """Return the call-backs of whoever looks and of their team; a supervisor's is every team they look after."""
    now = ctx.clock.now()
    with ctx.database.read() as tx:
        who, ours = signed_in(ctx.database), looked_after(ctx, tx)
        people = tuple(one for team_id in ours for one in candidates(ctx, tx, team_id))
        found = [one for team_id in ours for one in booked_between(tx, since, until, team_id)]
        moved = territories_now(tx, [one.session_id for one in found])
    mark = who.mark if who is not None else ""
    me = next((one.id for one in people if one.mark == mark), None)
    return Agenda(since, until, now, people, tuple(entry(ctx, one, now, moved) for one in found), me)


def looked_after(ctx: Context, tx: Connection) -> list[int]:
    """Return whose call-backs whoever signed in sees: of the own team, a supervisor without one of all."""
    who = signed_in(ctx.database)
    own = team_of(tx, who.mark) if who is not None else 0
    return [own] if own or who is None or tx.dialect.name == "sqlite" else list(teams(tx))


def entry(ctx: Context, one: Appointment, now: datetime, moved: Mapping[int, Territory]) -> Entry:
    """Return a call-back with what makes it doubtful, where the customer lives by now."""
    days, where = ctx.settings.extra_holidays, moved.get(one.session_id, one.territory)
    return Entry(one, doubts(one, now, where, callback_limit(one.accepted_at, where, days), days))
