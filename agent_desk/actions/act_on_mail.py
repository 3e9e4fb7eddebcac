"""What a person decides about a mail: send it again, call it sent, print it, or let it be."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.rules.mail import ALLOWED, MailAction, MailState, MailView, after
from agent_desk.storage.mails import lock_mail, move, read_mail

_EVENT = {
    MailAction.RESEND: "mail_resent",
    MailAction.SETTLE_ACCEPTED: "mail_settled",
    MailAction.PRINT: "mail_printed",
    MailAction.DROP: "mail_dropped",
}


def act_on_mail(ctx: Context, mail_id: int, action: str) -> MailView:
    """Apply a `MailAction` and return the mail; Refusal `mail_not_found`, `mail_action` or `no_recipient`."""
    wanted = MailAction(action)
    with ctx.database.write() as tx:
        row = lock_mail(tx, mail_id)
        if row is None:
            raise Refusal("mail_not_found")
        if row.state not in ALLOWED[wanted]:
            raise Refusal("mail_action")
        if wanted is MailAction.RESEND and not row.recipient:
            raise Refusal("no_recipient")
        # The Message-ID stays: should the first copy have arrived after all, the customer's program can tell.
        columns = {"attempts": 0, "retry_at": None, "last_reply": ""} if wanted is MailAction.RESEND else {}
        move(
            tx,
            row,
            after(wanted, MailState(row.state)),
            _EVENT[wanted],
            at=ctx.clock.now(),
            actor="agent",
            columns=columns,
            by=ctx.settings.agent_name,
        )
        view = read_mail(tx, mail_id)
    assert view is not None  # noqa: S101 - locked above
    return view
