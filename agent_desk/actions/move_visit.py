"""A visit gets another day, or another price: what changes the price is accepted again before it holds."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.visits import (
    FEE,
    MOVED,
    REMINDER,
    catalogue_of,
    check_plan,
    end_booked,
    note_acceptance,
    place,
    step_promise_of,
    take_booked,
    take_visited,
    tell_customer,
)
from agent_desk.rules.promise import short_reason
from agent_desk.rules.visit import Plan, VisitState, visit_terms


def move_visit(
    ctx: Context,
    session_id: int,
    visit_id: int,
    plan: Plan,
    reason: str,
    *,
    accepted: bool = False,
    customer_wish: bool = False,
) -> None:
    """Put another visit in the place of the one that is booked, and tell the customer.

    By the `customer_wish` what had been offered in time stays so; else the new day is what counts for the 72 hours.
    `accepted` says that the price was told again and accepted: needed where it, or the territory it follows from, is another
    (Refusal `visit_price_again`, `visit_territory_again`). Refusal `visit_over`, `reason_missing`, or a VisitFault.
    """
    why = short_reason(reason)
    if not why:
        raise Refusal("reason_missing")
    with ctx.database.write() as tx:
        held = take_visited(ctx, tx, session_id)
        before = take_booked(held, visit_id)
        same_place = plan.territory is before.terms.territory
        terms = before.terms if same_place else visit_terms(catalogue_of(held), plan.territory)
        check_plan(held, plan, terms)
        same_price = same_place and plan.fee_cents == before.fee_cents
        if not (same_price or accepted):
            raise Refusal("visit_price_again" if same_place else "visit_territory_again")
        if not same_price:
            note_acceptance(held, plan, terms)
        end_booked(
            *(held, before, VisitState.MOVED, why), severe_weather=plan.severe_weather, customer_wish=customer_wish
        )
        step_promise_of(held, before, "promise_moved", why)
        accepted_at = before.accepted_at if same_price else held.now
        place(held, plan, terms, asked_at=before.asked_at, accepted_at=accepted_at, after=before)
        for kind in (MOVED, REMINDER) if same_price else (MOVED, FEE, REMINDER):
            tell_customer(held, kind, plan, terms)
