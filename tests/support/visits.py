"""Closed sessions whose customer accepted a home visit, and plans for one."""

from dataclasses import replace
from datetime import datetime, timedelta

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.look_at_visit import look_at_visit
from agent_desk.actions.views import SessionView
from agent_desk.actions.visit_views import VisitSheet
from agent_desk.rules.session import Customer, HomeVisit, Outcome, Territory
from agent_desk.rules.visit import Plan, Visit, Window
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
