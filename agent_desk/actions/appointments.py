"""What actions on call-backs at an agreed hour have in common: free time, writing one, ending it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from agent_desk.actions.bookable import candidates
from agent_desk.actions.call_back_words import tell_customer
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.promises import end_promise, make_promise
from agent_desk.actions.record import Held, take
from agent_desk.rules.agent_hours import hours_of
from agent_desk.rules.appointment import (
    HORIZON,
    Agent,
    Appointment,
    AppointmentState,
    Search,
    Wish,
    base_of,
    call_length,
    free_at,
    late_from,
    slot_refusal,
)
from agent_desk.rules.clocks import callback_limit
from agent_desk.rules.people import Role
from agent_desk.rules.promise import PromiseKind, short_reason
from agent_desk.rules.report import day_of
from agent_desk.rules.session import Content, State
from agent_desk.storage import appointments
from agent_desk.storage.acting import signed_in, under_rights
from agent_desk.storage.call_backs import add_call_back
from agent_desk.storage.promises import read_promise, team_of

HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Series:
    """What a call-back keeps through all moves."""

    accepted_at: datetime
    booked_at: datetime
    uid: str
    sequence: int = 0


def search_for(
    ctx: Context, tx: Connection, team_id: int, content: Content, now: datetime, accepted_at: datetime
) -> Search:
    """Return what free time of a team for this call depends on: four weeks from now, the 72 hours from `accepted_at`."""
    territory = content.customer.territory
    days = ctx.settings.extra_holidays
    return Search(
        now=now,
        until=now + HORIZON,
        limit=callback_limit(accepted_at, territory, days),
        territory=territory,
        length=call_length(ctx.reference.call_minutes(line.service for line in content.lines)),
        extra_days=days,
        hours=hours_of(ctx.settings.agent_hours, appointments.team_name(tx, team_id)),
    )


def write_appointment(held: Held, wish: Wish, series: Series, event: str, reason: str = "") -> Appointment:
    """Book a call, promise it, tell log and customer; SlotTaken, Refusal `slot_*`."""
    team_id = appointments.team_of_session(held.tx, held.id)
    search = search_for(held.ctx, held.tx, team_id, held.record.content, held.now, series.accepted_at)
    why = short_reason(wish.beyond)
    refused = slot_refusal(search, wish.starts_at, beyond=bool(why))
    if refused:
        raise Refusal(refused)
    whom = _whom(held, team_id, search, wish)
    ends_at = wish.starts_at + search.length
    customer = held.record.content.customer
    promise = make_promise(
        *(held, PromiseKind.CALL_BACK, wish.starts_at),
        subject=_services(held),
        late_at=late_from(ends_at, search.limit),
        team_id=team_id,
        person=(whom.mark, whom.name),
    )
    made = appointments.add_appointment(
        held.tx,
        session_id=held.id,
        promise_id=promise,
        number=held.record.number,
        customer=" ".join(filter(None, (customer.first_name, customer.surname))) or customer.company,
        phone=customer.callback_number,
        team_id=team_id,
        person_id=whom.id,
        person_mark=whom.mark,
        person=whom.name,
        starts_at=wish.starts_at,
        ends_at=ends_at,
        territory=customer.territory,
        booked_at=series.booked_at,
        accepted_at=series.accepted_at,
        limit_at=search.limit,
        next_at=wish.starts_at,
        uid=series.uid,
        sequence=series.sequence,
    )
    told = {"reason": reason, "beyond": why, "to": whom.name}
    due = wish.starts_at.isoformat(timespec="minutes")
    held.note(event, appointment=made, due=due, **{name: text for name, text in told.items() if text})
    return _found(held.tx, made)


def end_booked(held: Held, one: Appointment, state: AppointmentState, step: str, reason: str = "") -> Appointment:
    """Let a booked call-back end, and its promise by `step`; Refusal `appointment_changed` where somebody was first."""
    if not appointments.end_appointment(held.tx, one, state, held.now, reason):
        raise Refusal("appointment_changed")
    promise = read_promise(held.tx, one.promise_id)
    if promise is not None and promise.ended_at is None:
        end_promise(held, promise, step, reason)
    return _found(held.tx, one.id)


def reached(held: Held, one: Appointment) -> None:
    """The customer has been called back: the promise is kept, and how long it took is counted (3.2)."""
    end_booked(held, one, AppointmentState.DONE, "promise_kept")
    limit = callback_limit(one.accepted_at, held.record.content.customer.territory, held.ctx.settings.extra_holidays)
    add_call_back(held.tx, held.id, promised_at=one.booked_at, limit=limit, called_at=held.now)


def settle_with_session(held: Held, *, spoken: bool, reason: str = "") -> None:
    """End the call-back of a session that goes on or ends: kept where the customer is on the telephone, else cancelled."""
    one = appointments.booked_in(held.tx, held.id)
    if one is None:
        return
    if spoken:
        reached(held, one)
    else:
        ended = end_booked(held, one, AppointmentState.CANCELLED, "promise_cancelled", reason)
        tell_customer(held, ended, "appointment_cancelled", reason)


def held_state(held: Held, *, booked: bool) -> State | None:
    """Return what the session's state becomes when a call-back is booked, or is no more; None where it stays."""
    if booked:
        return State.SCHEDULED if held.record.state is State.AGREED else None
    return State.AGREED if held.record.state is State.SCHEDULED else None


def take_booked(ctx: Context, tx: Connection, appointment_id: int, version: int) -> tuple[Held, Appointment]:
    """Take the session of a booked call-back, as its team or a supervisor of that team has seen it.

    Refusal `appointment_gone`, `_over`, `_changed`, `no_rights` to who only reads, `promise_not_yours` to another team's.
    """
    one, who = _find_booked(tx, appointment_id, version), signed_in(ctx.database)
    if who is not None and who.role is Role.AUDITOR:
        raise Refusal("no_rights")
    watched = is_watched(tx)
    if watched and who is not None and team_of(tx, who.mark) not in (0, one.team_id):
        raise Refusal("promise_not_yours")
    return take(ctx, tx, one.session_id, lock=not watched), one


def is_watched(tx: Connection) -> bool:
    """Tell whether somebody acts for a team they look after: on a server they read its sessions, and lock or change none."""
    who = under_rights(tx)
    return who is not None and who.role is Role.SUPERVISOR


def let_go_on(held: Held, state: State | None, *, taken_up: bool = False) -> None:
    """Let the session go on without its call-back: in another state, or `taken_up` where it was put aside."""
    if taken_up and held.record.parked_at is not None:
        held.note("session_resumed")
    if is_watched(held.tx):
        seconds = max(held.time_at_step().values(), default=0)
        appointments.go_on(held.tx, held.id, held.record.step, seconds, taken_up=taken_up)
        return
    if taken_up:
        held.take_up()
    if state is not None:
        held.move(state)


def _find_booked(tx: Connection, appointment_id: int, version: int) -> Appointment:
    one = appointments.read_appointment(tx, appointment_id)
    if one is None:
        raise Refusal("appointment_gone")
    if one.state is not AppointmentState.BOOKED:
        raise Refusal("appointment_over")
    if one.version != version:
        raise Refusal("appointment_changed")
    return one


def _services(held: Held) -> str:
    """Return what the call is about, in the agent's language."""
    services = held.ctx.reference.catalogue_on(day_of(held.now)).services
    codes = dict.fromkeys(line.service for line in held.record.content.lines)
    return ", ".join(services[code].short(held.ctx.settings.language) if code in services else code for code in codes)


def _found(tx: Connection, appointment_id: int) -> Appointment:
    one = appointments.read_appointment(tx, appointment_id)
    if one is None:
        raise Refusal("appointment_gone")
    return one


def _whom(held: Held, team_id: int, search: Search, wish: Wish) -> Agent:
    """Return who makes the call: as wished, else who of the team is free then and has the fewest; Refusal `slot_taken`."""
    people = {one.id: one for one in candidates(held.ctx, held.tx, team_id)}
    if wish.person_id is not None and wish.person_id not in people:
        raise Refusal("slot_nobody")
    asked = [people[wish.person_id]] if wish.person_id is not None else list(people.values())
    span = (wish.starts_at - HALF_A_DAY, wish.starts_at + HALF_A_DAY)  # whose day it is
    taken = appointments.busy(held.tx, team_id, asked, base_of(search), span)
    free = free_at(search, wish.starts_at, taken)
    if not free:
        raise Refusal("slot_taken" if people else "slot_nobody")
    return people[free[0]]
