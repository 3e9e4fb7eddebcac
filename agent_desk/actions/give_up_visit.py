"""A visit that does not take place: called off beforehand, or nobody could work there; nothing is billed for it."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.record import Held
from agent_desk.actions.visits import (
    CANCELLED,
    end_booked,
    end_unbooked,
    step_promise_of,
    take_booked,
    take_visited,
    tell_customer,
)
from agent_desk.rules.promise import short_reason
from agent_desk.rules.visit import Plan, Visit, VisitState


def give_up_visit(
    ctx: Context,
    session_id: int,
    visit_id: int,
    state: VisitState,
    reason: str,
    *,
    severe_weather: bool = False,
    customer_wish: bool = False,
) -> None:
    """End a booked visit as `cancelled`, which the customer is told, or as `not_done`, which stays on top until it is made good.

    `visit_id` 0 gives up one that has no day: not booked yet, or not done and still to be made good. Refusal `visit_over`, `visit_not_yet` for one
    that has not begun, `reason_missing`.
    """
    why = short_reason(reason)
    if not why:
        raise Refusal("reason_missing")
    with ctx.database.write() as tx:
        held = take_visited(ctx, tx, session_id)
        if not visit_id:
            if not end_unbooked(held, "promise_cancelled", why):
                raise Refusal("visit_over")
            return
        visit = take_booked(held, visit_id)
        if state is VisitState.CANCELLED:
            cancel_booked(held, visit, why, severe_weather=severe_weather, customer_wish=customer_wish)
            return
        if held.now < visit.window.begins:
            raise Refusal("visit_not_yet")
        end_booked(held, visit, VisitState.NOT_DONE, why, severe_weather=severe_weather)
        held.note("visit_not_done", reason=why)
        step_promise_of(held, visit, "promise_failed", why)


def cancel_booked(
    held: Held, visit: Visit, why: str, *, severe_weather: bool = False, customer_wish: bool = False
) -> None:
    """Call a booked visit off within an action's own transaction, and tell the customer."""
    end_booked(held, visit, VisitState.CANCELLED, why, severe_weather=severe_weather, customer_wish=customer_wish)
    held.note("visit_cancelled", reason=why)
    step_promise_of(held, visit, "promise_cancelled", why)
    plan = Plan(visit.window, visit.terms.territory, visit.fee_cents, severe_weather)
    tell_customer(held, CANCELLED, plan, visit.terms, reason=why)
