"""An attempt to call a customer back, and how it ended: reached, no answer, or cut off."""

from datetime import timedelta

from agent_desk.actions.appointments import is_watched, let_go_on, reached, take_booked
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.promises import end_promise
from agent_desk.actions.record import Held
from agent_desk.rules.appointment import Appointment, Attempt, CallEnd, in_vain, next_attempt
from agent_desk.storage import appointments
from agent_desk.storage.acting import acting
from agent_desk.storage.promises import read_promise
from agent_desk.storage.sessions import change_session

EARLY = timedelta(minutes=1)  # clocks and fingers are not that exact


def log_attempt(ctx: Context, appointment_id: int, version: int, end: CallEnd) -> Appointment:
    """Note the attempt and return the call-back as it is then; `version` is the one seen.

    Reached: it is done, its promise kept, the session taken up. Nobody answered: again in a quarter of an hour, the third
    time it goes on top of the team's list, as at once when cut off. It is never cancelled by itself.
    Refusal `attempt_early` for one that nobody answered before its time, and those of `take_booked`.
    """
    with ctx.database.write() as tx:
        held, one = take_booked(ctx, tx, appointment_id, version)
        if end is CallEnd.NO_ANSWER and held.now < one.next_at - EARLY:
            raise Refusal("attempt_early")
        who = acting(tx)
        by = (who.mark if who is not None else "", ctx.settings.agent_name)
        appointments.add_attempt(tx, one.id, held.now, end, by)
        attempts = (*one.attempts, Attempt(held.now, end, by[1]))
        held.note("call_attempted", appointment=one.id, call_end=end, attempt=len(attempts))
        if end is CallEnd.REACHED:
            reached(held, one)
            let_go_on(held, None, taken_up=True)
        else:
            _try_again(held, one, attempts)
        after = appointments.read_appointment(tx, one.id)
        if after is None:
            raise Refusal("appointment_gone")
        return after


def _try_again(held: Held, one: Appointment, attempts: tuple[Attempt, ...]) -> None:
    """Say when to call again; what a colleague or supervisor must look after goes on top.

    The session rests meanwhile; in which somebody works while their supervisor calls is left to them.
    """
    following = next_attempt(attempts)
    if not appointments.call_again(held.tx, one, following or held.now):
        raise Refusal("appointment_changed")
    cut = attempts[-1].end is CallEnd.CUT_OFF
    if cut or following is None:
        promise = read_promise(held.tx, one.promise_id)
        if promise is not None and promise.ended_at is None:
            said = {"call_end": attempts[-1].end, "attempts": in_vain(attempts)}
            end_promise(held, promise, "promise_failed", "", said)
    if not cut and held.record.parked_at is None and not is_watched(held.tx):
        change_session(held.tx, held.id, parked_at=held.now)
        held.note("session_parked")
