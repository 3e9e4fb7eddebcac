"""Closed sessions whose customer accepted a home visit, and plans for one."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import update

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.look_at_visit import look_at_visit
from agent_desk.actions.views import SessionView
from agent_desk.actions.visit_decisions import visit_inputs, visit_result
from agent_desk.actions.visit_views import VisitSheet
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.session import Customer, HomeVisit, Outcome, Territory
from agent_desk.rules.visit import Plan, Visit, VisitState, VisitTerms, Window, decide_visit
from agent_desk.storage.promises import add_promise
from agent_desk.storage.visit_tables import visit as visit_table
from agent_desk.storage.visits import VisitDecisionRecord, add_visit, add_visit_decision
from tests.support.desks import CLAIRE, DEVICE, NOON, content, finished, type_in

MOBILE = replace(CLAIRE, callback_number="06 12 34 56 78")
TOMORROW = NOON + timedelta(hours=21)  # Tuesday 24 November 2026, 9:00 in Paris


def visited(ctx: Context, customer: Customer = MOBILE) -> SessionView:
    """Return a closed session that was not solved and whose customer wants a technician."""
    view = finished(ctx, content(DEVICE, customer=customer), Outcome.NOT_SOLVED)
    closing = replace(view.content.closing, home_visit=HomeVisit.ACCEPTED)
    view = type_in(ctx, view, replace(view.content, closing=closing))
    return close_session(ctx, view.id, view.version)


def plan(
    begins: datetime = TOMORROW,
    fee_cents: int = 6900,
    territory: Territory = Territory.METROPOLE,
    *,
    hours: float = 2,
    severe_weather: bool = False,
) -> Plan:
    """Return a plan for a visit of two hours."""
    return Plan(Window(begins, begins + timedelta(hours=hours)), territory, fee_cents, severe_weather)


def booked(ctx: Context, session_id: int) -> Visit:
    """Return the session's booked visit."""
    found = look_at_visit(ctx, session_id).booked
    assert found is not None
    return found


def sheet(ctx: Context, session_id: int) -> VisitSheet:
    """Return what the form of a session's visit shows."""
    return look_at_visit(ctx, session_id)


def visit_done(ctx: Context, session_id: int, at: datetime, fee_cents: int) -> None:
    """Write rows of a visit that was done at that moment, without its day, its promise kept or its mails."""
    terms = VisitTerms(Territory.METROPOLE, 6900, 200)
    decided = decide_visit(fee_cents, terms)
    with ctx.database.write() as tx:
        promise_id = add_promise(
            tx, session_id, PromiseKind.VISIT, subject="", at=at, due_at=at, late_at=at, team_id=None
        )
        made = add_visit(
            *(tx, session_id, promise_id, Window(at, at + timedelta(hours=1)), terms, fee_cents),
            at=at,
            asked_at=at,
            accepted_at=at,
            agent="Nadia Leroy",
            severe_weather=False,
        )
        state = {"state": VisitState.DONE, "ended_at": at}
        tx.execute(update(visit_table).where(visit_table.c.id == made).values(**state))
        add_visit_decision(
            tx,
            VisitDecisionRecord(
                visit_id=made,
                session_id=session_id,
                session_number="",
                decided_at=at,
                agent="Nadia Leroy",
                catalogue_version="",
                inputs=visit_inputs(fee_cents, terms),
                result=visit_result(decided),
                total_cents=decided.amount_cents,
                vat_cents=decided.vat_cents,
            ),
        )
