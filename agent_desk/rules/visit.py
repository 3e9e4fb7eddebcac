"""A technician's visit after unsolved work (4.8, document 000): when it may be, what it may cost, what it costs once done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from agent_desk.rules.catalogue import Catalogue
from agent_desk.rules.clocks import WORK_BEGINS, WORK_ENDS, add_working_days
from agent_desk.rules.holidays import day_off
from agent_desk.rules.money import vat_included
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local, on_wall, utc
from agent_desk.rules.visit_rule import VisitRule

WINDOW_LEAST = timedelta(minutes=30)
WINDOW_MOST = timedelta(hours=4)
FURTHEST = timedelta(days=60)
# Document 000: 85 % of appointments within 72 hours, severe weather apart.
SOON_ENOUGH = timedelta(hours=72)
BOOKED_BY = time(18)  # of the next working day: accepted, a visit has its day by then
REMINDED_AT = time(17)  # the day before: people are home, and messages may still leave
ARTICLE = "4.8"


class VisitState(StrEnum):
    """How a visit stands; also the key of its wording (`visit_states.<state>`)."""

    BOOKED = "booked"
    MOVED = "moved"  # another one stands in its place
    DONE = "done"
    NOT_DONE = "not_done"
    CANCELLED = "cancelled"


class VisitFault(StrEnum):
    """Why a visit is refused; a key of the wording table `errors`."""

    FEE = "visit_fee"
    FEE_HIGH = "visit_fee_high"
    PAST = "visit_past"
    FAR = "visit_far"
    HOURS = "visit_hours"
    WINDOW = "visit_window"
    DAY_OFF = "visit_day_off"


@dataclass(frozen=True, slots=True)
class VisitTerms:
    """What holds where the customer lives: the most travel may cost, and the VAT in it."""

    territory: Territory
    ceiling_cents: int
    vat_permille: int


@dataclass(frozen=True, slots=True)
class Window:
    """Between which moments the technician comes."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What an agent proposes: when, where, and for how much."""

    window: Window
    territory: Territory
    fee_cents: int
    severe_weather: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit as agreed; `after_id` is the one it was moved from, `accepted_at` when the customer said yes to its fee."""

    id: int
    session_id: int
    promise_id: int
    after_id: int | None
    state: VisitState
    window: Window
    terms: VisitTerms
    fee_cents: int
    asked_at: datetime
    accepted_at: datetime
    booked_at: datetime
    agent: str
    severe_weather: bool
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class VisitDecision:
    """What a visit that was done adds to the bill, VAT included."""

    rule: VisitRule
    article: str
    amount_cents: int
    vat_cents: int


def visit_terms(catalogue: Catalogue, territory: Territory) -> VisitTerms:
    """Return the ceiling and the VAT of visits in a territory (document 000)."""
    return VisitTerms(territory, catalogue.travel_ceilings[territory], catalogue.visit_vat_permille[territory])


def fee_fault(fee_cents: int, terms: VisitTerms) -> VisitFault | None:
    """Return why a fee may not be told to the customer, or None; 0 is a visit that is offered."""
    if fee_cents < 0:
        return VisitFault.FEE
    return VisitFault.FEE_HIGH if fee_cents > terms.ceiling_cents else None


def window_fault(
    window: Window, now: datetime, territory: Territory, extra_days: Collection[date] = ()
) -> VisitFault | None:
    """Return why nobody may be sent then, or None: between 8 and 21 h of one day that is no Sunday and no holiday.

    Lengths are of hours that really pass; raises ValueError for a time without offset.
    """
    begins, ends = local(window.begins, territory), local(window.ends, territory)
    if not WINDOW_LEAST <= utc(window.ends) - utc(window.begins) <= WINDOW_MOST:
        return VisitFault.WINDOW
    if window.begins <= now:
        return VisitFault.PAST
    if window.begins - now > FURTHEST:
        return VisitFault.FAR
    if begins.date() != ends.date() or begins.time() < WORK_BEGINS or ends.time() > WORK_ENDS:
        return VisitFault.HOURS
    return VisitFault.DAY_OFF if day_off(begins.date(), territory, extra_days) else None


def first_window(now: datetime, territory: Territory, extra_days: Collection[date] = ()) -> Window:
    """Return the first morning after today on which a technician may come, from 9 to 11 h: what a form begins with."""
    day = local(now, territory).date() + timedelta(days=1)
    while day_off(day, territory, extra_days):
        day += timedelta(days=1)
    return Window(*(on_wall(day, time(hour), territory) for hour in (9, 11)))


def book_by(accepted: datetime, territory: Territory, extra_days: Collection[date] = ()) -> datetime:
    """Return by when a visit that was accepted gets its day, in UTC: 18:00 of the next working day on the customer's wall."""
    day = add_working_days(local(accepted, territory).date(), 1, territory, extra_days)
    return on_wall(day, BOOKED_BY, territory)


def reminder_at(window: Window, now: datetime, territory: Territory) -> datetime | None:
    """Return when the customer is reminded, in UTC: at 17 h of the day before on their wall; None where that is over."""
    day = local(window.begins, territory).date() - timedelta(days=1)
    at = on_wall(day, REMINDED_AT, territory)
    return at if at > now else None


def decide_visit(fee_cents: int, terms: VisitTerms) -> VisitDecision:
    """Return what a visit that was done costs: the travel agreed, and nothing else (4.8); ValueError above the ceiling."""
    if fee_fault(fee_cents, terms) is not None:
        raise ValueError("a fee between nothing and the ceiling")
    rule = VisitRule.TRAVEL if fee_cents else VisitRule.OFFERED
    return VisitDecision(rule, ARTICLE, fee_cents, vat_included(fee_cents, terms.vat_permille))
