"""The home visit of one session, as its form shows it."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.prices import session_catalogue
from agent_desk.actions.queue_sms import mobile_of
from agent_desk.actions.site_catalogue import price_day, reference_of
from agent_desk.actions.visit_views import VisitSheet
from agent_desk.rules.holidays import is_off
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.session import Territory
from agent_desk.rules.visit import VisitState, first_window, visit_terms
from agent_desk.storage.promises import session_promises
from agent_desk.storage.sessions import read_session
from agent_desk.storage.visits import session_visits


def look_at_visit(ctx: Context, session_id: int) -> VisitSheet:
    """Return where the visit of this session stands; Refusal `not_found`."""
    with ctx.database.read() as tx:
        record = read_session(tx, session_id)
        if record is None:
            raise Refusal("not_found")
        visits = session_visits(tx, session_id)
        waiting = [one for one in session_promises(tx, session_id, open_only=True) if one.kind is PromiseKind.VISIT]
        now, customer = ctx.clock.now(), record.content.customer
        day = price_day(record.agreed_at or now, customer.territory)
        catalogue = session_catalogue(reference_of(ctx, tx), day)
    by_state = {one.state: one for one in visits}
    booked, last = by_state.get(VisitState.BOOKED), visits[-1] if visits else None
    kept = {booked.terms.territory: booked.terms} if booked is not None else {}
    unbooked = [one.due_at for one in waiting if all(one.id != visit.promise_id for visit in visits)]
    failed = last.reason if waiting and last is not None and last.state is VisitState.NOT_DONE else ""
    return VisitSheet(
        session_id=session_id,
        number=record.number,
        now=now,
        customer=customer,
        mobile=mobile_of(customer),
        terms={territory: visit_terms(catalogue, territory) for territory in Territory} | kept,
        booked=booked,
        done=by_state.get(VisitState.DONE),
        failed=failed,
        book_by=min(unbooked, default=None),
        day_off=booked is not None
        and is_off(booked.window.begins, booked.terms.territory, ctx.settings.extra_holidays),
        wished_at=record.content.closing.visit_at,
        first=first_window(now, customer.territory, ctx.settings.extra_holidays),
    )
