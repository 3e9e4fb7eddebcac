"""What a person decides about a mail: send it again, call it sent, print it, or let it be."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.rules.identity import is_email
from agent_desk.rules.mail import ALLOWED, MailAction, MailState, MailView, after
from agent_desk.storage.mails import lock_mail, move, read_mail

_EVENT = {
    MailAction.RESEND: "mail_resent",
    MailAction.SETTLE_ACCEPTED: "mail_settled",
    MailAction.PRINT: "mail_printed",
    MailAction.DROP: "mail_dropped",
}


def act_on_mail(ctx: Context, mail_id: int, action: str, recipient: str = "") -> MailView:
    """Apply a `MailAction` and return the mail; `recipient` corrects the address of one sent again.

    Refusal `mail_not_found`, `mail_action`, `no_recipient`, or `email` for an address that cannot be right.
    """
    wanted = MailAction(action)
    with ctx.database.write() as tx:
        row = lock_mail(tx, mail_id)
        if row is None:
            raise Refusal("mail_not_found")
        if row.state not in ALLOWED[wanted]:
            raise Refusal("mail_action")
        move(
            tx,
            row,
            after(wanted, MailState(row.state)),
            _EVENT[wanted],
            at=ctx.clock.now(),
            actor="agent",
            columns=_sent_again(row.recipient, recipient.strip()) if wanted is MailAction.RESEND else {},
            by=ctx.settings.agent_name,
        )
        view = read_mail(tx, mail_id)
    assert view is not None  # noqa: S101 - locked above
    return view


def _sent_again(known: str, corrected: str) -> dict[str, object]:
    """Return what changes for another attempt; the Message-ID stays, so that a second copy is known as one."""
    if not (corrected or known):
        raise Refusal("no_recipient")
    if corrected and not is_email(corrected):
        raise Refusal("email")
    return {"recipient": corrected or known, "attempts": 0, "retry_at": None, "last_reply": ""}
