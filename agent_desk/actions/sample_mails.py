"""What became of sample mails: none of them ever leaves, for nobody is behind their addresses."""

from datetime import datetime

from agent_desk.actions.context import Context
from agent_desk.actions.views import SessionView
from agent_desk.rules.mail import MailState
from agent_desk.storage.mails import lock_mail, move, session_mails

FATES = (MailState.ACCEPTED, MailState.ACCEPTED, MailState.READ, MailState.ACCEPTED, MailState.DELIVERED)
# Counted from the last session backwards; the ones somebody has to look at.
TROUBLES = {9: MailState.UNCERTAIN, 14: MailState.REJECTED}
LETTERS_WAITING = 20
REPLIES = {MailState.UNCERTAIN: "no_answer", MailState.REJECTED: "550 mailbox unavailable"}


def settle_mails(ctx: Context, view: SessionView, place: int, at: datetime) -> None:
    """Give each queued mail of the session the fate of its place."""
    with ctx.database.write() as tx:
        for mail in session_mails(tx, view.id):
            row = lock_mail(tx, mail.id)
            if row is None:
                continue
            if mail.state == MailState.HELD:
                if place > LETTERS_WAITING:
                    move(tx, row, MailState.PRINTED, "mail_printed", at=at, actor="agent", by=view.agent)
                continue
            fate = TROUBLES.get(place, FATES[place % len(FATES)]) if mail.kind == "confirmation" else MailState.ACCEPTED
            reply = REPLIES.get(fate, "250 2.0.0 OK")
            move(tx, row, MailState.SENDING, "mail_sending", at=at, actor="system", columns={"attempts": 1}, attempt=1)
            if fate in (MailState.DELIVERED, MailState.READ):
                move(tx, row, MailState.ACCEPTED, "mail_accepted", at=at, actor="system", reply=reply)
            move(tx, row, fate, f"mail_{fate}", at=at, actor="system", columns={"last_reply": reply}, reply=reply)
