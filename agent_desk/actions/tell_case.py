"""The customer reads where their case is, who calls them about it, and until when: what they were told on the telephone."""

from datetime import datetime
from enum import StrEnum

from agent_desk.actions.complaints import by_when, facts_of
from agent_desk.actions.outgoing import queue_matter
from agent_desk.actions.queue_sms import drop_waiting, next_ordinal, queue_sms
from agent_desk.actions.record import Held
from agent_desk.actions.render_mail import render_matter
from agent_desk.formats import format_short_moment
from agent_desk.rules.session import Customer
from agent_desk.rules.territories import local
from agent_desk.rules.written import Way, way_of
from agent_desk.wording import load_wording

NAME_IN_SMS = 40


class News(StrEnum):
    """What a customer is told of their case; also the kind of mail or SMS, key of its wording (`mail_kinds.<kind>`)."""

    SENT = "escalation"
    BACK = "escalation_back"
    MOVED = "escalation_moved"


def tell_case(
    held: Held, news: News, team: str, contact: str, due: datetime, *, before: datetime | None = None, reason: str = ""
) -> Way:
    """Queue it by mail, else by SMS, else as a letter, and return which way.

    `contact` may be "" where the whole team calls; `before` is when the call was promised for until now. An SMS that waits
    for the morning is dropped when another one takes its place.
    """
    customer = held.record.content.customer
    way = way_of(customer)
    if way is Way.SMS:
        why = load_wording(held.ctx.settings.language).text(f"mail_kinds.{news}")
        for earlier in News:
            drop_waiting(held, earlier, why)
        said = said_of(customer, team, contact, due)
        queue_sms(held, news, customer.callback_number, said, ordinal=next_ordinal(held, news))
    elif way is not Way.NONE:
        facts = facts_of(held)
        told = {
            "news": news.value,
            "team": team,
            "contact": contact,
            "due": by_when(facts, due),
            "before": by_when(facts, before) if before is not None else "",
            "reason": reason,
        }
        queue_matter(held, facts, render_matter(facts, news, **told))
    return way


def said_of(customer: Customer, team: str, contact: str, due: datetime) -> dict[str, object]:
    """Return what an SMS about a case says beside what all say."""
    day = format_short_moment(local(due, customer.territory), customer.language)
    return {"team": team[:NAME_IN_SMS], "contact": contact[:NAME_IN_SMS], "due": day}
