"""What actions do with complaints inside their own transactions: take one, promise its answer, and write about it."""

from datetime import date, datetime

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.gate import standing
from agent_desk.actions.mail_values import MailFacts
from agent_desk.actions.outgoing import mail_facts
from agent_desk.actions.promises import end_promise, make_promise
from agent_desk.actions.record import EVERY_STATE, Held, check_works, take
from agent_desk.formats import format_date, format_day, format_hour
from agent_desk.rules.complaint import ACKNOWLEDGED, Complaint, ComplaintChannel, ComplaintState
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.session import Customer
from agent_desk.rules.written import Way, way_of
from agent_desk.storage.complaints import change_complaint, read_complaint
from agent_desk.storage.promises import read_promise

RECEIVED = "complaint_received"  # the acknowledgement, as mail and as SMS


def take_complaint(
    ctx: Context, tx: Connection, complaint_id: int, version: int, *, is_open: bool
) -> tuple[Held, Complaint]:
    """Return the complaint as it was seen, with its session; Refusal `complaint_gone`, `complaint_changed`."""
    check_works(tx)
    found = read_complaint(tx, complaint_id)
    if found is None:
        raise Refusal("complaint_gone")
    if found.version != version or (found.state is ComplaintState.OPEN) != is_open:
        raise Refusal("complaint_changed")
    return take(ctx, tx, found.session_id, states=EVERY_STATE, lock=False), found


def promise_answer(held: Held, due_at: datetime, subject: str) -> int:
    """Promise an answer until then, to be kept by the session's team, and return the promise's id."""
    return make_promise(held, PromiseKind.COMPLAINT, due_at, subject=subject)


def end_answer(held: Held, before: Complaint, event: str, reason: str = "") -> None:
    """Let the promised answer be kept or moved, unless somebody has ended the promise."""
    promised = read_promise(held.tx, before.promise_id)
    if promised is not None and promised.ended_at is None:
        end_promise(held, promised, event, reason)


def write(held: Held, before: Complaint, **columns: object) -> Complaint:
    """Change the complaint and return it; Refusal `complaint_changed` where somebody was first."""
    if not change_complaint(held.tx, before, **columns):
        raise Refusal("complaint_changed")
    after = read_complaint(held.tx, before.id)
    assert after is not None  # noqa: S101 - changed above
    return after


def facts_of(held: Held) -> MailFacts:
    """Return what a mail about the session's complaint depends on."""
    ground = standing(held)
    return mail_facts(held, ground.catalogue, ground.consents)


def acknowledged_by(channel: ComplaintChannel, customer: Customer) -> str:
    """Return how receipt is acknowledged: by mail, by SMS where there is no address, "none" without either, or not ("")."""
    if channel not in ACKNOWLEDGED:
        return ""
    way = way_of(customer)
    return way if way in (Way.EMAIL, Way.SMS) else Way.NONE


def acknowledgement(facts: MailFacts, received: datetime, due: datetime) -> dict[str, str]:
    """Return what an acknowledgement prints."""
    return {"received_on": received_on(facts, received), "due": by_when(facts, due)}


def received_on(facts: MailFacts, received: datetime) -> str:
    """Return the day of receipt on the customer's calendar, in words."""
    return format_date(facts.local(received).date(), facts.language)


def by_when(facts: MailFacts, due: datetime) -> str:
    """Return until when an answer comes, in words; midnight is said as the day that ends with it."""
    local = facts.local(due)
    if not local.hour and not local.minute:
        return format_day(facts.local(due - (due.resolution)).date(), facts.language)
    return f"{format_day(local.date(), facts.language)}, {format_hour(local, facts.language)}"


def on_day(facts: MailFacts, day: date) -> str:
    """Return a day in words."""
    return format_date(day, facts.language)
