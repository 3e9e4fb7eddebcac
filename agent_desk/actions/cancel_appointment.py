"""A call-back is called off, by a person and with a reason; the session stays, and so do its 72 hours."""

from agent_desk.actions.appointments import end_booked, held_state, let_go_on, take_booked
from agent_desk.actions.call_back_words import tell_customer
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.rules.appointment import Appointment, AppointmentState
from agent_desk.rules.promise import short_reason


def cancel_appointment(ctx: Context, appointment_id: int, version: int, reason: str) -> Appointment:
    """End the call-back as cancelled and tell the customer; `version` is the one seen.

    Refusal `reason_needed` and those of `take_booked`.
    """
    said = short_reason(reason)
    if not said:
        raise Refusal("reason_needed")
    with ctx.database.write() as tx:
        held, before = take_booked(ctx, tx, appointment_id, version)
        ended = end_booked(held, before, AppointmentState.CANCELLED, "promise_cancelled", said)
        held.note("appointment_cancelled", appointment=before.id, reason=said)
        tell_customer(held, ended, "appointment_cancelled", said)
        let_go_on(held, held_state(held, booked=False))
        return ended
