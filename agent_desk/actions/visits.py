"""What all steps of a home visit share: the closed session it follows, its promise, and what the customer is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.gate import standing
from agent_desk.actions.outgoing import mail_facts, queue_mail
from agent_desk.actions.promises import add_promise, end_promise, make_promise
from agent_desk.actions.queue_sms import drop_waiting, mobile_of, next_ordinal, queue_sms
from agent_desk.actions.record import Held, take
from agent_desk.actions.visit_mail import render_visit_notice
from agent_desk.actions.visit_words import visit_values
from agent_desk.formats import format_cents
from agent_desk.rules.catalogue import Catalogue
from agent_desk.rules.mail import MailChannel
from agent_desk.rules.promise import Promise, PromiseKind, short_reason
from agent_desk.rules.session import HomeVisit, State
from agent_desk.rules.visit import Plan, Visit, VisitState, VisitTerms, book_by, fee_fault, reminder_at, window_fault
from agent_desk.storage import visits
from agent_desk.storage.acting import signed_in
from agent_desk.storage.events import Entry
from agent_desk.storage.promises import read_promise, session_promises
from agent_desk.storage.refused import RefusedByRights
from agent_desk.wording import load_wording

BOOKED, MOVED, FEE, REMINDER, CANCELLED = (
    "visit_booked",
    "visit_moved",
    "visit_fee",
    "visit_reminder",
    "visit_cancelled",
)


def take_visited(ctx: Context, tx: Connection, session_id: int) -> Held:
    """Take a closed session whose customer accepted a visit; Refusal `visit_not_accepted`, `wrong_state`, `promise_not_yours`."""
    who = signed_in(ctx.database)
    if who is not None and not visits.is_theirs(tx, session_id, who.mark):
        raise Refusal("promise_not_yours")
    # Who signed in cannot lock a closed session; the visit's own row and index keep two from going on at once.
    held = take(ctx, tx, session_id, states={State.CLOSED}, lock=who is None)
    if held.record.content.closing.home_visit is not HomeVisit.ACCEPTED:
        raise Refusal("visit_not_accepted")
    return held


def take_booked(held: Held, visit_id: int) -> Visit:
    """Return the session's booked visit; Refusal `visit_over` where that one has ended."""
    found = visits.booked_visit(held.tx, held.id)
    if found is None or found.id != visit_id:
        raise Refusal("visit_over")
    return found


def catalogue_of(held: Held) -> Catalogue:
    """Return the catalogue of the agreement, which has the ceilings the customer was told."""
    return standing(held).catalogue


def check_plan(held: Held, plan: Plan, terms: VisitTerms) -> None:
    """Refuse what may not be told to a customer: a fee above the ceiling, or a time at which nobody comes."""
    fault = fee_fault(plan.fee_cents, terms) or window_fault(
        plan.window, held.now, plan.territory, held.ctx.settings.extra_holidays
    )
    if fault is not None:
        raise Refusal(fault, values={"ceiling": format_cents(terms.ceiling_cents, held.ctx.settings.language)})


def place(
    held: Held,
    plan: Plan,
    terms: VisitTerms,
    *,
    asked_at: datetime,
    accepted_at: datetime,
    after: Visit | None = None,
) -> None:
    """Book a visit with its promise; Refusal `visit_there` where somebody was first."""
    window = plan.window
    day = visit_values("fr", window, terms, plan.fee_cents)
    made = make_promise(
        held,
        PromiseKind.VISIT,
        window.begins,
        subject=f"{day['short_day']}, {day['begins']} – {day['ends']}",
        late_at=window.ends,
    )
    try:
        visits.add_visit(
            *(held.tx, held.id, made, window, terms, plan.fee_cents),
            at=held.now,
            asked_at=asked_at,
            accepted_at=accepted_at,
            agent=held.ctx.settings.agent_name,
            severe_weather=plan.severe_weather,
            after_id=None if after is None else after.id,
        )
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused
    held.note(MOVED if after else BOOKED, **facts_of(plan, terms))


def facts_of(plan: Plan, terms: VisitTerms) -> dict[str, Any]:
    """Return what an event says of a visit."""
    said: dict[str, Any] = {
        "begins": plan.window.begins.isoformat(timespec="minutes"),
        "ends": plan.window.ends.isoformat(timespec="minutes"),
        "territory": terms.territory,
        "total_cents": plan.fee_cents,
    }
    return said | ({"severe_weather": True} if plan.severe_weather else {})


def note_acceptance(held: Held, plan: Plan, terms: VisitTerms) -> None:
    """Write down that the price was told before, and accepted (4.8)."""
    held.note(
        "visit_accepted",
        total_cents=plan.fee_cents,
        ceiling_cents=terms.ceiling_cents,
        vat_permille=terms.vat_permille,
        territory=terms.territory,
    )


def end_booked(
    held: Held,
    visit: Visit,
    state: VisitState,
    reason: str = "",
    *,
    severe_weather: bool = False,
    customer_wish: bool = False,
) -> None:
    """End the booked visit; what was to remind of it is sent no more. Refusal `visit_over` where somebody was first."""
    why, parts = short_reason(reason), {"severe_weather": severe_weather, "customer_wish": customer_wish}
    if not visits.end_visit(held.tx, visit.id, state, at=held.now, reason=why, **parts):
        raise Refusal("visit_over")
    if state is not VisitState.DONE:
        for kind in (BOOKED, MOVED, FEE, REMINDER):
            drop_waiting(held, kind, why)


def step_promise_of(held: Held, visit: Visit, event: str, reason: str = "") -> None:
    """Let the visit's promise end, or come before all others; one that has ended stays as it is."""
    one = read_promise(held.tx, visit.promise_id)
    if one is not None and one.ended_at is None:
        end_promise(held, one, event, reason)


def promise_booking(held: Held) -> Entry:
    """Promise that the visit just accepted gets its day, whoever books it; return the event, which is to be appended."""
    customer, days = held.record.content.customer, held.ctx.settings.extra_holidays
    due = book_by(held.now, customer.territory, days)
    return add_promise(held, PromiseKind.VISIT, due, subject=load_wording("fr").text("visits.to_book"))[1]


def unbooked(held: Held) -> Sequence[Promise]:
    """Return open promises of visits that are not booked: none yet, or none any more."""
    return [one for one in session_promises(held.tx, held.id, open_only=True) if one.kind is PromiseKind.VISIT]


def end_unbooked(held: Held, event: str, reason: str) -> bool:
    """End those promises; True where there was one."""
    waiting = unbooked(held)
    for one in waiting:
        end_promise(held, one, event, reason)
    return bool(waiting)


def tell_customer(held: Held, kind: str, plan: Plan, terms: VisitTerms, *, reason: str = "") -> None:
    """Queue an SMS of that kind, or to who has no mobile number a mail, which is a letter without an address.

    The fee's own SMS is part of the mail. A reminder leaves the day before; where that has begun already there is none.
    """
    customer = held.record.content.customer
    waits = reminder_at(plan.window, held.now, terms.territory) if kind == REMINDER else None
    mobile = mobile_of(customer)
    if kind == REMINDER and (waits is None or not (mobile or customer.email.strip())):
        return
    values = visit_values(customer.language, plan.window, terms, plan.fee_cents) | {"reason": reason}
    if mobile:
        queue_sms(
            *(held, kind, mobile, values | {"questions_url": held.ctx.settings.questions_url}),
            not_before=waits,
            ordinal=next_ordinal(held, kind),
        )
    elif kind != FEE:
        ground = standing(held)
        facts = mail_facts(held, ground.catalogue, ground.consents)
        ordinal = next_ordinal(held, kind, MailChannel.MAIL)
        queue_mail(held, facts, render_visit_notice(facts, kind, values), ordinal, not_before=waits)
