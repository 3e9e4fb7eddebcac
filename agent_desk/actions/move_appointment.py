"""A call-back goes to another hour or another agent: the customer is told why, and their calendar follows."""

from agent_desk.actions.appointments import Series, end_booked, take_booked, write_appointment
from agent_desk.actions.call_back_words import tell_customer
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.rules.appointment import Appointment, AppointmentState, Wish
from agent_desk.rules.promise import short_reason
from agent_desk.storage.appointments import SlotTaken


def move_appointment(ctx: Context, appointment_id: int, version: int, wish: Wish, reason: str) -> Appointment:
    """End the call-back as moved and return the one in its place, by the same 72 hours; `version` is the one seen.

    Refusal `reason_needed`, those of `take_booked`, and those of booking.
    """
    said = short_reason(reason)
    if not said:
        raise Refusal("reason_needed")
    try:
        with ctx.database.write() as tx:
            held, before = take_booked(ctx, tx, appointment_id, version)
            end_booked(held, before, AppointmentState.MOVED, "promise_moved", said)
            series = Series(before.accepted_at, before.booked_at, before.uid, before.sequence + 1)
            made = write_appointment(held, wish, series, "appointment_moved", said)
            if made.starts_at != before.starts_at:
                tell_customer(held, made, "appointment_moved", said, before.starts_at)
            return made
    except SlotTaken as taken:
        raise Refusal("slot_taken") from taken
