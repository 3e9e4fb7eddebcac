"""Customers with the link to withdraw from their mail, and what became of it."""

from sqlalchemy import select

from agent_desk.actions.context import Context
from agent_desk.actions.send_next import send_next
from agent_desk.rules.links import Purpose
from agent_desk.storage.tables import mail
from tests.support.links import token_in
from tests.support.mails import ScriptedRelay

PATH = "/retractation"


def tokens(sender: Context) -> list[str]:
    """Send what waits, and return the withdrawal token of each mail that has one."""
    relay = ScriptedRelay()
    while send_next(sender, relay):
        pass
    return [token_in(letter, Purpose.WITHDRAWAL) for letter in relay.sent if PATH in letter.text]


def mails(ctx: Context, session_id: int) -> list[str]:
    """Return the kinds of the session's mails about a withdrawal, oldest first."""
    with ctx.database.read() as tx:
        kinds = tx.execute(select(mail.c.kind).where(mail.c.session_id == session_id).order_by(mail.c.id)).scalars()
        return [kind for kind in kinds if kind.startswith(("withdrawal", "visit_cancelled"))]
