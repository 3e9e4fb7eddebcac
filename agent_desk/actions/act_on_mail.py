"""What a person decides about a mail or SMS: send it again, call it sent, print it, or let it be."""

from typing import Any

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.rules.identity import is_email
from agent_desk.rules.mail import ALLOWED, NEVER, MailAction, MailChannel, MailState, MailView, after
from agent_desk.rules.sms import mobile_number
from agent_desk.storage.acting import is_confined
from agent_desk.storage.mails import act_by_right, lock_mail, move, read_mail, show_on_session

_EVENT = {
    MailAction.RESEND: "mail_resent",
    MailAction.SETTLE_ACCEPTED: "mail_settled",
    MailAction.PRINT: "mail_printed",
    MailAction.DROP: "mail_dropped",
}


def act_on_mail(ctx: Context, mail_id: int, action: str, recipient: str = "") -> MailView:
    """Apply a `MailAction` and return the mail; `recipient` corrects the address or number of one sent again.

    Refusal `mail_not_found`, `mail_action`, `sms_not_printed`, `no_recipient`, `email` for an address that cannot be right,
    or `no_mobile` for a number.
    """
    wanted = MailAction(action)
    with ctx.database.write() as tx:
        by_right = is_confined(ctx.database)
        row: Any = read_mail(tx, mail_id) if by_right else lock_mail(tx, mail_id)
        if row is None:
            raise Refusal("mail_not_found")
        if row.state not in ALLOWED[wanted]:
            raise Refusal("mail_action")
        channel = MailChannel(row.channel)
        if wanted in NEVER[channel]:
            raise Refusal("sms_not_printed")
        columns = _sent_again(row.recipient, recipient.strip(), channel) if wanted is MailAction.RESEND else {}
        if by_right:
            act_by_right(tx, mail_id, wanted, str(columns.get("recipient", "")))
            show_on_session(tx, row.session_id)
        else:
            state, by = after(wanted, MailState(row.state)), ctx.settings.agent_name
            move(tx, row, state, _EVENT[wanted], at=ctx.clock.now(), actor="agent", columns=columns, by=by)
        view = read_mail(tx, mail_id)
    assert view is not None  # noqa: S101 - locked above
    return view


def _sent_again(known: str, corrected: str, channel: MailChannel) -> dict[str, object]:
    """Return what changes for another attempt; the Message-ID stays, so that a second copy is known as one."""
    if not (corrected or known):
        raise Refusal("no_recipient")
    if channel is MailChannel.SMS:
        corrected = mobile_number(corrected or known)
        if not corrected:
            raise Refusal("no_mobile")
    elif corrected and not is_email(corrected):
        raise Refusal("email")
    return {"recipient": corrected or known, "attempts": 0, "retry_at": None, "last_reply": ""}
