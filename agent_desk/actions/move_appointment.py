"""A call-back goes to another hour or another agent: the customer is told why, and their calendar follows."""

from agent_desk.actions.appointments import Series, end_booked, find_booked, tell_customer, write_appointment
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.record import take
from agent_desk.rules.appointment import Appointment, AppointmentState, Wish
from agent_desk.rules.people import Role
from agent_desk.rules.promise import short_reason
from agent_desk.storage.acting import signed_in
from agent_desk.storage.appointments import SlotTaken


def move_appointment(ctx: Context, appointment_id: int, version: int, wish: Wish, reason: str) -> Appointment:
    """End the call-back as moved and return the one in its place, by the same 72 hours; `version` is the one seen.

    Refusal `reason_needed`, `appointment_gone`, `appointment_over`, `appointment_changed`, and those of booking.
    """
    said = short_reason(reason)
    if not said:
        raise Refusal("reason_needed")
    who = signed_in(ctx.database)
    lock = who is None or who.role is not Role.SUPERVISOR  # who looks after a team cannot lock its sessions
    try:
        with ctx.database.write() as tx:
            before = find_booked(tx, appointment_id, version)
            held = take(ctx, tx, before.session_id, lock=lock)
            end_booked(held, before, AppointmentState.MOVED, "promise_moved", said)
            series = Series(before.accepted_at, before.booked_at, before.uid, before.sequence + 1)
            made = write_appointment(held, wish, series, "appointment_moved", said)
            if made.starts_at != before.starts_at:
                tell_customer(held, made, "appointment_moved", said, before.starts_at)
            return made
    except SlotTaken as taken:
        raise Refusal("slot_taken") from taken
