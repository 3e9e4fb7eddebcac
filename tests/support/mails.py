"""Mails in an outbox, without the sessions' whole story."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from agent_desk.actions.context import Context
from agent_desk.actions.open_session import open_session
from agent_desk.ports import DataBegins, Delivery, Letter, Relay, Reply
from agent_desk.rules.mail import MailView
from agent_desk.rules.session import Call
from agent_desk.storage.mails import read_mail
from agent_desk.storage.outbox import queue
from agent_desk.storage.tables import event, session
from tests.support.letters import letter

ACCEPTED = Delivery(Reply.ACCEPTED, 250, "2.0.0 Ok", "accepted")
LATER = Delivery(Reply.RETRY, 451, "4.3.0 later", "relay_refused")
NO = Delivery(Reply.REJECTED, 550, "5.1.1 unknown", "relay_refused")
SILENCE = Delivery(Reply.UNCERTAIN, cause="no_answer")


def queued(ctx: Context, **changes: Any) -> MailView:
    """Queue the confirmation of a new session, changed as asked, and return it."""
    opened = open_session(ctx, Call(started_at=ctx.clock.now()))
    mark = f"{opened.number}.confirmation.00112233"
    one = letter(message_id=f"<{mark}@assistance.example>", envid=mark, date=ctx.clock.now())
    with ctx.database.write() as tx:
        mail_id = queue(tx, opened.id, "confirmation", _changed(one, changes), actor="agent")
    return mail(ctx, mail_id)


def _changed(one: Letter, changes: dict[str, Any]) -> Letter:
    return letter(message_id=one.message_id, envid=one.envid, date=one.date, **changes)


def mail(ctx: Context, mail_id: int) -> MailView:
    """Return one mail as it now is."""
    with ctx.database.read() as tx:
        view = read_mail(tx, mail_id)
    assert view is not None
    return view


def shown(ctx: Context, session_id: int) -> str:
    """Return what lists show for the mails of a session."""
    with ctx.database.read() as tx:
        return str(tx.execute(select(session.c.mail_state).where(session.c.id == session_id)).scalar_one())


def told(ctx: Context, session_id: int) -> list[str]:
    """Return the kinds of the session's mail events, in order."""
    query = select(event.c.kind).where(event.c.chain == session_id, event.c.kind.like("mail%")).order_by(event.c.seq)
    with ctx.database.read() as tx:
        return list(tx.execute(query).scalars())


@dataclass(slots=True)
class ScriptedRelay(Relay):
    """Answers with the deliveries given, in turn; without any left it accepts."""

    answers: list[Delivery] = field(default_factory=list)
    sent: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter, data_begins: DataBegins) -> Delivery:
        self.sent.append(letter)
        if not data_begins():
            return Delivery(Reply.RETRY, cause="claim_lost")
        return self.answers.pop(0) if self.answers else ACCEPTED
