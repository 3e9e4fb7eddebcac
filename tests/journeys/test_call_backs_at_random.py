"""Random deeds on call-backs: nobody is booked twice, nothing lies outside the hours, nothing is late without an alarm."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import insert

from agent_desk.actions.book_appointment import book_appointment
from agent_desk.actions.cancel_appointment import cancel_appointment
from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.load_session import load_session
from agent_desk.actions.log_attempt import log_attempt
from agent_desk.actions.look_at_slots import look_at_slots
from agent_desk.actions.move_appointment import move_appointment
from agent_desk.actions.raise_promises import raise_promises
from agent_desk.actions.verify_log import verify_log
from agent_desk.rules.appointment import Appointment, AppointmentState, CallEnd, Wish
from agent_desk.rules.holidays import day_off
from agent_desk.rules.people import Role
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local
from agent_desk.storage.appointments import session_appointments
from agent_desk.storage.promises import session_promises
from agent_desk.storage.tables import person
from tests.support.desks import CLAIRE, DEVICE, NOON, VIRUS, agreed, clock, content

DEEDS = int(os.environ.get("AGENT_DESK_DEEDS", "25"))  # in a row
SESSIONS = 4
QUARTER = timedelta(minutes=15)
# Noon on a Monday; before a Sunday on which the clocks change, the New Year, and a 29 February.
BEGINNINGS = [
    NOON,
    *(datetime.fromisoformat(f"{day}T11:00+00:00") for day in ("2026-10-23", "2026-12-30", "2028-02-26")),
]
REFUSED = frozenset(
    {
        *("slot_taken", "slot_past", "slot_hours", "slot_after_limit", "slot_nobody", "attempt_early"),
        *("appointment_already", "appointment_over", "already_ended"),
    }
)
which = st.integers(0, SESSIONS - 1)
quarters = st.integers(0, 5 * 96)
persons = st.integers(0, 2)  # anybody, or one of two agents


class Deeds(RuleBasedStateMachine):
    """Two agents, some customers in several territories, and a clock that only goes on."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.ids: list[int] = []

    @initialize(
        beginning=st.sampled_from(BEGINNINGS),
        where=st.lists(st.sampled_from(Territory), min_size=SESSIONS, max_size=SESSIONS),
    )
    def begin(self, beginning: datetime, where: list[Territory]) -> None:
        clock(self.ctx).time = beginning
        for place, territory in enumerate(where):
            line = (DEVICE, VIRUS)[place % 2]
            self.ids.append(agreed(self.ctx, content(line, customer=replace(CLAIRE, territory=territory))).id)

    def attempt(self, deed: Callable[[], object]) -> None:
        try:
            deed()
        except Refusal as refused:
            if refused.code not in REFUSED:
                raise

    def wish(self, later: int, who: int, *, beyond: bool) -> Wish:
        now = self.ctx.clock.now()
        start = now - (now - NOON) % QUARTER + later * QUARTER
        people = look_at_slots(self.ctx, self.ids[0]).people
        chosen = people[who - 1].id if who else None
        return Wish(start, chosen, "le client" if beyond else "")

    def booked(self, place: int) -> Appointment | None:
        return look_at_slots(self.ctx, self.ids[place]).booked

    @rule(place=which, later=quarters, who=persons, beyond=st.booleans())
    def book(self, place: int, later: int, who: int, beyond: bool) -> None:
        self.attempt(lambda: book_appointment(self.ctx, self.ids[place], self.wish(later, who, beyond=beyond)))

    @rule(place=which, slot=st.integers(0, 200))
    def book_what_is_offered(self, place: int, slot: int) -> None:
        offered = [one for one in look_at_slots(self.ctx, self.ids[place]).slots_of() if not one.late]
        if offered and self.booked(place) is None and load_session(self.ctx, self.ids[place]).ended_at is None:
            book_appointment(self.ctx, self.ids[place], Wish(offered[slot % len(offered)].starts_at))

    @rule(place=which, later=quarters, who=persons, beyond=st.booleans())
    def move(self, place: int, later: int, who: int, beyond: bool) -> None:
        one = self.booked(place)
        if one is not None:
            wish = self.wish(later, who, beyond=beyond)
            self.attempt(lambda: move_appointment(self.ctx, one.id, one.version, wish, "le client"))

    @rule(place=which)
    def call_off(self, place: int) -> None:
        one = self.booked(place)
        if one is not None:
            self.attempt(lambda: cancel_appointment(self.ctx, one.id, one.version, "le client"))

    @rule(place=which, end=st.sampled_from(CallEnd))
    def call(self, place: int, end: CallEnd) -> None:
        one = self.booked(place)
        if one is not None:
            self.attempt(lambda: log_attempt(self.ctx, one.id, one.version, end))

    @rule(place=which)
    def give_up(self, place: int) -> None:
        view = load_session(self.ctx, self.ids[place])
        if view.ended_at is None:
            cancel_session(self.ctx, view.id, view.version, "le client")

    @rule(minutes=st.integers(1, 3 * 24 * 60))
    def wait(self, minutes: int) -> None:
        clock(self.ctx).move(minutes=minutes)

    @invariant()
    def holds(self) -> None:
        now, told = self.ctx.clock.now(), self.ctx.database.dialect == "sqlite"
        if told:  # the worker looks every few seconds; on PostgreSQL by the server's own clock
            raise_promises(self.ctx)
        with self.ctx.database.read() as tx:
            found = [one for session_id in self.ids for one in session_appointments(tx, session_id)]
            promises = {one.id: one for of in self.ids for one in session_promises(tx, of, open_only=True)}
        waiting = [one for one in found if one.state is AppointmentState.BOOKED]
        nobody_is_double(waiting)
        all_lie_within_hours(found)
        assert {one.promise_id for one in waiting} == promises.keys()
        for one in waiting:
            promise = promises[one.promise_id]
            assert (promise.due_at, promise.person) == (one.starts_at, one.person)
            assert promise.on_top or not told or now < min(one.ends_at, one.limit_at)  # missed, or after the 72 hours

    def teardown(self) -> None:
        for session_id in self.ids:
            view = load_session(self.ctx, session_id)
            if view.ended_at is None:
                cancel_session(self.ctx, view.id, view.version, "fini")
        assert verify_log(self.ctx).fault is None


def nobody_is_double(waiting: list[Appointment]) -> None:
    by_person = sorted(waiting, key=lambda one: (one.person_id, one.starts_at))
    for before, after in pairwise(by_person):
        assert before.person_id != after.person_id or before.ends_at <= after.starts_at


def all_lie_within_hours(every: list[Appointment]) -> None:
    for one in every:
        begins, ends = local(one.starts_at, one.territory), local(one.ends_at, one.territory)
        assert time(8) <= begins.time()
        assert ends.time() <= time(21)
        assert begins.date() == ends.date()
        assert day_off(begins.date(), one.territory) == ""


def settled(chosen: int, deeds: int) -> settings:
    """Return how often and how long; the suite's deeds are the same each time, and few."""
    return settings(
        max_examples=chosen,
        stateful_step_count=deeds,
        deadline=None,
        phases=[Phase.generate],
        derandomize="AGENT_DESK_DEEDS" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )


def test_whatever_is_done_with_call_backs_nobody_is_double_and_nothing_is_forgotten(ctx: Context) -> None:
    with ctx.database.write() as tx:
        for number, name in enumerate(("Nadia Leroy", "Karim Benali"), 1):
            values = {"login": f"agent{number}", "name": name, "email": "", "role": Role.AGENT, "mark": f"{number:08x}"}
            tx.execute(insert(person).values(active=True, joined_at=NOON, **values))

    class Machine(Deeds):
        def __init__(self) -> None:
            super().__init__(ctx)

    run_state_machine_as_test(Machine, settings=settled(max(8, DEEDS // 4), DEEDS))
