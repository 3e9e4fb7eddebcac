"""Text messages a session sends, queued in the transaction of what they tell of, like mails."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agent_desk.actions.errors import Refusal
from agent_desk.actions.record import Held
from agent_desk.formats import format_cents
from agent_desk.paths import data_path
from agent_desk.ports import Letter
from agent_desk.rules.billing import Decision
from agent_desk.rules.mail import MailChannel
from agent_desk.rules.session import Customer
from agent_desk.rules.sms import MOST_PARTS, after_quiet_hours, fitting, measure, mobile_number
from agent_desk.settings import Settings
from agent_desk.storage import outbox
from agent_desk.wording import LANGUAGES


def queue_sms(
    held: Held,
    kind: str,
    to_number: str,
    values: Mapping[str, object],
    *,
    not_before: datetime | None = None,
    ordinal: int = 1,
    actor: str = "",
) -> int:
    """Queue the SMS of that kind to a mobile number as people write it, and return its id.

    It leaves at `not_before`, or at once, but never between 20 h and 8 h on the customer's wall. A session has one of a
    kind and ordinal (IntegrityError). Refusal `no_mobile`, or `sms_too_long`.
    """
    recipient = mobile_number(to_number)
    if not recipient:
        raise Refusal("no_mobile")
    customer, now = held.record.content.customer, held.now
    text = render_sms(kind, customer.language, sms_values(held.ctx.settings, held.record.number) | dict(values))
    leaves_at = after_quiet_hours(max(now, not_before or now), customer.territory)
    mark = f"{held.record.number}.{kind}.{secrets.token_hex(16)}"
    letter = Letter(
        sender=held.ctx.settings.sms_sender,
        recipient=recipient,
        subject="",
        text=text,
        html="",
        message_id=mark,
        envid=mark,
        date=now,
        channel=MailChannel.SMS,
    )
    waits = leaves_at if leaves_at > now else None
    return outbox.queue(held.tx, held.id, kind, letter, actor=actor or held.actor, ordinal=ordinal, not_before=waits)


def drop_waiting(held: Held, kind: str, reason: str) -> int:
    """Drop the session's mails and SMS of that kind that have not left, telling why; return how many."""
    return outbox.drop_waiting(held.tx, held.id, kind, reason, at=held.now, actor=held.actor, by=held.by)


def next_ordinal(held: Held, kind: str, channel: MailChannel = MailChannel.SMS) -> int:
    """Return the ordinal of one more message of that kind, after one that was dropped, say."""
    return outbox.next_ordinal(held.tx, held.id, kind, channel)


def mobile_of(customer: Customer) -> str:
    """Return the customer's mobile number as E.164 writes it, "" for one who gave none."""
    return mobile_number(customer.callback_number)


def sms_values(settings: Settings, number: str) -> dict[str, object]:
    """Return the values every SMS may print about the session of that number."""
    return {
        "number": number,
        "company": settings.company,
        "support_phone": settings.support_phone,
        "page_url": settings.page_url,
    }


def confirmed(decision: Decision, language: str) -> dict[str, object]:
    """Return what the SMS of a confirmation adds."""
    return {"total": format_cents(decision.total_cents, language)}


def render_sms(kind: str, language: str, values: Mapping[str, object]) -> str:
    """Return the text as it is sent, within the GSM alphabet where it can be; Refusal `sms_too_long`.

    A value that is missing is an error; what people typed goes on one line. A `reason` is shortened where that makes it one
    message.
    """
    written = language if language in LANGUAGES else LANGUAGES[0]
    lines = {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in values.items()}
    template, reason = _templates().get_template(f"{kind}/{written}.txt"), str(lines.get("reason", ""))

    def write(said: str) -> str:
        return template.render(lines | ({"reason": said} if reason else {})).strip()

    found = measure(write(fitting(write, reason)))
    if found.parts > MOST_PARTS:
        raise Refusal("sms_too_long")
    return found.text


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(data_path("resources", "sms")),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 (a text message has no markup)
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.clear()
    return made
