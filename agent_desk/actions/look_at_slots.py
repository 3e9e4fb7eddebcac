"""When a customer can be called back: free time of the team, the 72 hours step by step, and what is booked already."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_desk.actions.appointments import search_for
from agent_desk.actions.bookable import candidates
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.resume_session import may_resume
from agent_desk.rules.appointment import (
    Agent,
    Appointment,
    Doubt,
    Search,
    Slot,
    base_of,
    doubts,
    free_slots,
    quarter,
)
from agent_desk.rules.clocks import CountedDay, callback_limit, explain_callback
from agent_desk.rules.people import Role
from agent_desk.rules.session import Territory
from agent_desk.rules.written import Way, way_of
from agent_desk.storage.acting import signed_in
from agent_desk.storage.appointments import booked_in, busy, team_of_session
from agent_desk.storage.sessions import read_session

ALWAYS = -1  # busy in every quarter


@dataclass(frozen=True, slots=True)
class Slots:
    """Free time for one session's call; `counted` are the days of the 72 hours that end at `limit`.

    `booked` is the call-back it waits for, `doubts` why that should be looked at again, `me` who looks, where bookable;
    `told` how the customer hears of it, an SMS beside a mail apart; `may_book` whether who looks agrees one: on a server
    a supervisor only moves, makes or calls off what is booked. An auditor does nothing of it: then `may_act` is False.
    """

    session_id: int
    now: datetime
    territory: Territory
    accepted_at: datetime
    limit: datetime
    counted: tuple[CountedDay, ...]
    length: timedelta
    search: Search
    busy: Mapping[int, int]  # who can be booked, and when they are not free, as `rules.appointment` counts
    people: tuple[Agent, ...]
    me: int | None
    booked: Appointment | None = None
    doubts: tuple[Doubt, ...] = ()
    told: Way = Way.EMAIL
    may_book: bool = True
    may_act: bool = True

    def slots_of(self, person_id: int | None = None) -> tuple[Slot, ...]:
        """Return when that person is free for this call, or anybody, in order."""
        asked = self.busy if person_id is None else {person_id: self.busy.get(person_id, ALWAYS)}
        return free_slots(self.search, asked, self.me)


def look_at_slots(ctx: Context, session_id: int) -> Slots:
    """Return when the customer of a session can be called back, in the next four weeks; Refusal `not_found`."""
    now, days = ctx.clock.now(), ctx.settings.extra_holidays
    with ctx.database.read() as tx:
        record = read_session(tx, session_id)
        if record is None:
            raise Refusal("not_found")
        booked = booked_in(tx, session_id)
        accepted = booked.accepted_at if booked is not None else record.parked_at or now
        team_id = team_of_session(tx, session_id)
        search = search_for(ctx, tx, team_id, record.content, now, accepted)
        people = candidates(ctx, tx, team_id)
        who = signed_in(ctx.database)
        me = next((one.id for one in people if one.mark == (who.mark if who is not None else "")), None)
        taken = busy(tx, team_id, people, base_of(search), (search.now, search.until))
    if booked is not None:  # its own time is free for it to be moved
        taken.without(booked.person_id, quarter(booked.starts_at), quarter(booked.ends_at))
    territory = search.territory
    limit = callback_limit(accepted, territory, days)
    return Slots(
        session_id=session_id,
        now=now,
        territory=territory,
        accepted_at=accepted,
        limit=limit,
        counted=explain_callback(accepted, territory, days),
        length=search.length,
        search=search,
        busy=taken,
        people=people,
        me=me,
        booked=booked,
        doubts=doubts(booked, now, territory, limit, days) if booked is not None else (),
        told=way_of(record.content.customer),
        may_book=may_resume(ctx),
        may_act=who is None or who.role is not Role.AUDITOR,
    )
