"""What a customer reads about a call-back: an SMS, a mail with its calendar file, or a letter to who has neither."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from agent_desk.actions.gate import standing
from agent_desk.actions.outgoing import mail_facts, queue_mail
from agent_desk.actions.queue_sms import drop_waiting, mobile_of, next_ordinal, queue_sms
from agent_desk.actions.record import Held
from agent_desk.actions.render_mail import Rendered, render_appointment
from agent_desk.formats import format_hour, format_short_moment
from agent_desk.ports import Attachment
from agent_desk.rules import ics
from agent_desk.rules.appointment import Appointment, AppointmentState
from agent_desk.rules.mail import MailChannel
from agent_desk.rules.session import Customer
from agent_desk.rules.territories import local
from agent_desk.rules.written import Way, way_of
from agent_desk.wording import LANGUAGES, load_wording

# Each mail about a call-back, and the SMS that says the same.
SMS_OF = {
    "appointment": "call_back",
    "appointment_moved": "call_back_moved",
    "appointment_cancelled": "call_back_cancelled",
}


def tell_customer(held: Held, one: Appointment, kind: str, reason: str = "", before: datetime | None = None) -> None:
    """Queue an SMS to a customer with a mobile number, to one with an address the mail with its calendar file.

    Who has neither gets a letter at home. `before` is when it was to be. What waits, for the morning or to be printed, is dropped when
    another one takes its place.
    """
    ground, customer = standing(held), held.record.content.customer
    facts = mail_facts(held, ground.catalogue, ground.consents)
    mobile, address = mobile_of(customer), customer.email.strip()
    if one.sequence or kind != "appointment":
        _drop_earlier(held, kind, letters=not address)
    if mobile:
        sms = SMS_OF[kind]
        said = call_back_values(customer, one.starts_at, one.ends_at, reason)
        queue_sms(held, sms, mobile, said, ordinal=next_ordinal(held, sms))
    if way_of(customer) in (Way.EMAIL, Way.LETTER):
        rendered = render_appointment(facts, one, kind, reason, before)
        papers = (_calendar(held, one, rendered),) if address else ()
        ordinal = next_ordinal(held, kind, MailChannel.MAIL)
        queue_mail(held, facts, replace(rendered, attachments=papers), ordinal)


def call_back_values(customer: Customer, starts_at: datetime, ends_at: datetime, reason: str) -> dict[str, object]:
    """Return what an SMS about a call-back prints, on the customer's clock."""
    language = customer.language if customer.language in LANGUAGES else LANGUAGES[0]
    begins, ends = (local(moment, customer.territory) for moment in (starts_at, ends_at))
    return {
        "day": format_short_moment(begins, language),
        "until": format_hour(ends, language),
        "reason": reason,
    }


def _drop_earlier(held: Held, kind: str, *, letters: bool) -> None:
    why = load_wording(held.ctx.settings.language).text(f"mail_kinds.{kind}")
    for earlier in (*SMS_OF.values(), *(SMS_OF if letters else ())):
        drop_waiting(held, earlier, why)


def _calendar(held: Held, one: Appointment, rendered: Rendered) -> Attachment:
    """Return the file that puts the call into the customer's calendar, changes it there, or takes it out."""
    mailbox, cancelled = held.ctx.settings.sender_address, one.state is AppointmentState.CANCELLED
    entry = ics.CalendarEntry(
        uid=one.uid,
        sequence=one.sequence + cancelled,
        written_at=held.now,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        title=rendered.subject,
        text=rendered.text,
        organiser=mailbox,
        organiser_name=held.ctx.settings.company,
        attendee=held.record.content.customer.email.strip(),
        cancelled=cancelled,
    )
    file = ics.calendar(entry).encode()
    media = f"text/calendar; charset=utf-8; method={ics.method(entry)}"
    return Attachment(f"{one.number}.ics", media, file, sha256(file).hexdigest())
