"""A technician's visit is agreed (4.8): the customer was told the price before, said yes, and gets date and price by SMS."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.promises import end_promise
from agent_desk.actions.visits import (
    BOOKED,
    FEE,
    REMINDER,
    catalogue_of,
    check_plan,
    note_acceptance,
    place,
    take_visited,
    tell_customer,
    unbooked,
)
from agent_desk.rules.visit import Plan, VisitState, visit_terms
from agent_desk.storage.visits import session_visits


def book_visit(ctx: Context, session_id: int, plan: Plan) -> None:
    """Book the visit the customer has just accepted at this price.

    Refusal `visit_not_accepted`, `visit_there` where one is booked, `visit_was_done`, `visit_elsewhere` for another
    territory than the customer's, or one of `rules.visit.VisitFault`.
    """
    with ctx.database.write() as tx:
        held = take_visited(ctx, tx, session_id)
        before = session_visits(tx, session_id)
        states = {one.state for one in before}
        if VisitState.DONE in states:
            raise Refusal("visit_was_done")
        if VisitState.BOOKED in states:
            raise Refusal("visit_there")
        if plan.territory is not held.record.content.customer.territory:
            raise Refusal("visit_elsewhere")
        terms = visit_terms(catalogue_of(held), plan.territory)
        check_plan(held, plan, terms)
        note_acceptance(held, plan, terms)
        waiting, failed = unbooked(held), {one.promise_id for one in before}
        # Of the first one the customer has been waiting since the session was closed.
        asked_at = held.now if before else held.record.ended_at or held.now
        place(held, plan, terms, asked_at=asked_at, accepted_at=held.now)
        # That it would be booked is kept; one that was not done has got another day.
        for one in waiting:
            end_promise(held, one, "promise_moved" if one.id in failed else "promise_kept")
        for kind in (BOOKED, FEE, REMINDER):
            tell_customer(held, kind, plan, terms)
