"""A call-back is agreed with the customer for an hour: one agent's, promised, told by mail, and the session put aside."""

from uuid import uuid4

from agent_desk.actions.appointments import Series, held_state, write_appointment
from agent_desk.actions.call_back_words import tell_customer
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.live_codes import end_live_code
from agent_desk.actions.record import take
from agent_desk.actions.shares import end_session_share
from agent_desk.rules.appointment import Appointment, Wish
from agent_desk.rules.share import ShareEnd
from agent_desk.storage.appointments import SlotTaken, booked_in

TRIES = 3


def book_appointment(ctx: Context, session_id: int, wish: Wish) -> Appointment:
    """Book the call and return it; the session waits for it, `scheduled` where it was agreed, and is put aside.

    Refusal `appointment_already`, `slot_taken` where somebody was first, `slot_nobody`, `slot_past`, `slot_hours`,
    `slot_after_limit` where it ends after the 72 hours and no reason is given.
    """
    for _ in range(TRIES if wish.person_id is None else 1):
        try:
            return _book(ctx, session_id, wish)
        except SlotTaken:
            continue  # another agent may be free
    raise Refusal("slot_taken")


def _book(ctx: Context, session_id: int, wish: Wish) -> Appointment:
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        if booked_in(tx, session_id) is not None:
            raise Refusal("appointment_already")
        parked = held.record.parked_at
        series = Series(accepted_at=parked or held.now, booked_at=parked or held.now, uid=uuid4().hex)
        end_live_code(held, "revoked")
        end_session_share(held, ShareEnd.BY_AGENT)  # nobody looks at a screen meanwhile
        made = write_appointment(held, wish, series, "appointment_booked")
        tell_customer(held, made, "appointment")
        state = held_state(held, booked=True)
        if state is not None:
            held.note("session_scheduled", due=made.starts_at.isoformat(timespec="minutes"))
        if parked is None:
            held.note("session_parked")
        held.move(state, parked_at=parked or held.now)
        return made
