"""A confirmation is sent once more: the very same words and the very same papers, in a mail of its own."""

import secrets
from dataclasses import replace

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.record import EVERY_STATE, check_works, take
from agent_desk.actions.render_mail import CONFIRMING
from agent_desk.rules.mail import DUPLICATE, MailChannel, MailView
from agent_desk.storage.mails import read_letter, read_mail
from agent_desk.storage.outbox import next_ordinal, queue, session_mails


def send_duplicate(ctx: Context, session_id: int) -> MailView:
    """Queue the session's last confirmation, or its correction, once more and return that mail; printed where it was.

    It goes to where the customer reads mails now. Refusal `no_confirmation`.
    """
    with ctx.database.write() as tx:
        check_works(tx)
        held = take(ctx, tx, session_id, states=EVERY_STATE, lock=False)
        found = [
            one for one in session_mails(tx, session_id) if one.kind in CONFIRMING and one.channel == MailChannel.MAIL
        ]
        letter = read_letter(tx, found[-1].id) if found else None
        if letter is None:
            raise Refusal("no_confirmation")
        closing, address = held.record.content.closing, held.record.content.customer.email.strip()
        mark = f"{held.record.number}.{DUPLICATE}.{secrets.token_hex(6)}"
        again = replace(
            letter,
            recipient=address or letter.recipient if closing.confirmation == "email" else letter.recipient,
            message_id=f"<{mark}@{letter.message_id.rpartition('@')[2]}",
            envid=mark,
            date=held.now,
        )
        ordinal = next_ordinal(tx, session_id, DUPLICATE, MailChannel.MAIL)
        made = queue(tx, session_id, DUPLICATE, again, actor="agent", ordinal=ordinal)
        held.note("duplicate_sent", mail=made, of=found[-1].id, kind=found[-1].kind, ordinal=ordinal)
        view = read_mail(tx, made)
    assert view is not None  # noqa: S101 - queued above
    return view
