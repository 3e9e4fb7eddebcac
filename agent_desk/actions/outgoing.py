"""The mails a session sends, written with what they confirm; rendering may be done before the transaction."""

from dataclasses import replace
from datetime import datetime

from agent_desk.actions.bounds import shortened
from agent_desk.actions.mail_values import MailFacts
from agent_desk.actions.record import Held
from agent_desk.actions.render_mail import Rendered, address_letter
from agent_desk.rules.catalogue import Catalogue
from agent_desk.rules.mail import MailChannel
from agent_desk.rules.session import Consent, Content
from agent_desk.storage.outbox import next_ordinal, queue, session_mails


def mail_facts(
    held: Held,
    catalogue: Catalogue,
    consents: tuple[Consent, ...],
    *,
    agreed_at: datetime | None = None,
    content: Content | None = None,
) -> MailFacts:
    """Return what a mail about the held session depends on, as things stand now."""
    record = held.record
    return MailFacts(
        number=record.number,
        content=shortened(content or record.content),
        consents=consents,
        agent=held.signature,
        agreed_at=agreed_at or record.agreed_at,
        worked_at=record.started_at,
        at=held.now,
        catalogue=catalogue,
        settings=held.ctx.settings,
    )


def queue_mail(
    held: Held, facts: MailFacts, rendered: Rendered, ordinal: int = 1, not_before: datetime | None = None
) -> int:
    """Queue the mail, or hold it to be printed where it has no address; return its id. With `not_before` it waits until then.

    Only an offer and a correction exist more than once, one for each agreement and each decision after the first.
    """
    if rendered.kind == "offer":
        ordinal += sum(
            mail.kind == "offer" and mail.channel == MailChannel.MAIL for mail in session_mails(held.tx, held.id)
        )
    letter = address_letter(facts, rendered)
    return queue(held.tx, held.id, rendered.kind, letter, actor=held.actor, ordinal=ordinal, not_before=not_before)


def queue_matter(held: Held, facts: MailFacts, rendered: Rendered, *, by_letter: bool = False) -> int:
    """Queue a mail about what followed the session, of whose kind there may be any number, or hold it to be printed."""
    letter = address_letter(facts, rendered)
    ordinal = next_ordinal(held.tx, held.id, rendered.kind, MailChannel.MAIL)
    letter = replace(letter, recipient="") if by_letter else letter
    return queue(held.tx, held.id, rendered.kind, letter, actor="agent", ordinal=ordinal)


def has_mail(held: Held, kind: str) -> bool:
    """Tell whether the session has a mail of that kind."""
    return any(mail.kind == kind and mail.channel == MailChannel.MAIL for mail in session_mails(held.tx, held.id))
