"""The outbox: mails are queued with what they confirm, claimed under a lease, and settled by what the relay said.

A claim is fenced by a token that grows: who has lost its claim can no longer begin DATA, nor settle what another has
claimed since. A lease that ends before DATA began frees the mail; one that ends after it leaves the mail uncertain.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, insert, or_, select, update

from agent_desk.ports import Delivery, Letter, Reply
from agent_desk.rules.mail import LEASE, MailState, next_attempt
from agent_desk.storage import events
from agent_desk.storage.mails import digest, is_whole, letter_of, lock_mail, move, show_on_session
from agent_desk.storage.mails import session_mails as session_mails  # noqa: PLC0414 - offered here to actions
from agent_desk.storage.ready import Ready
from agent_desk.storage.tables import UNSETTLED, attachment, mail

_ADD_MAIL = Ready(insert(mail).returning(mail.c.id))
_ADD_ATTACHMENT = Ready(insert(attachment))
_DUE = Ready(
    select(mail)
    .where(
        UNSETTLED,
        or_(
            mail.c.state == MailState.QUEUED,
            and_(mail.c.state == MailState.RETRY, mail.c.retry_at <= bindparam("at")),
            and_(
                mail.c.state == MailState.SENDING, mail.c.lease_until <= bindparam("at"), mail.c.data_began_at.is_(None)
            ),
        ),
    )
    .order_by(mail.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_LEASED = update(mail).where(
    mail.c.id == bindparam("of"),
    mail.c.lease_token == bindparam("token"),
    mail.c.state == MailState.SENDING,
    mail.c.lease_until > bindparam("at"),
)
_BEGIN = Ready(_LEASED.values(data_began_at=bindparam("at"), lease_until=bindparam("until")).returning(mail.c.id))
_RENEW = Ready(_LEASED.values(lease_until=bindparam("until")).returning(mail.c.id))


@dataclass(frozen=True, slots=True)
class Claim:
    """One mail taken for sending; `token` proves it as long as nobody has claimed the mail since."""

    mail_id: int
    token: int
    letter: Letter


def queue(tx: Connection, session_id: int, kind: str, letter: Letter, *, actor: str, ordinal: int = 1) -> int:
    """Insert a mail, tell its session, and append the event `mail_queued`; return the mail's id. See `add_mail`."""
    mail_id, entry = add_mail(tx, session_id, kind, letter, actor=actor, ordinal=ordinal)
    show_on_session(tx, session_id)
    events.append_many(tx, session_id, (entry,), at=letter.date)
    return mail_id


def add_mail(
    tx: Connection, session_id: int, kind: str, letter: Letter, *, actor: str, ordinal: int = 1
) -> tuple[int, events.Entry]:
    """Insert a mail, once per session, kind and ordinal (IntegrityError); return its id and the event still to append.

    Without a recipient it is held, to be printed. A second offer after a change of services has ordinal 2.
    """
    state = MailState.QUEUED if letter.recipient else MailState.HELD
    columns = {
        "key": f"session:{session_id}:{kind}" + (f":{ordinal}" if ordinal > 1 else ""),
        "session_id": session_id,
        "kind": kind,
        "state": state,
        "sender": letter.sender,
        "recipient": letter.recipient,
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "message_id": letter.message_id,
        "envid": letter.envid,
        "attachments_sha256": digest(letter.attachments),
        "receipt_requested": letter.receipt_requested,
        "created_at": letter.date,
        "state_at": letter.date,
        "last_reply": "" if letter.recipient else "no_recipient",
    }
    mail_id = int(_ADD_MAIL.all(tx, columns)[0].id)
    rows = [
        {
            "mail_id": mail_id,
            "position": position,
            "name": one.name,
            "media_type": one.media_type,
            "sha256": bytes.fromhex(one.sha256),
            "content": one.content,
        }
        for position, one in enumerate(letter.attachments)
    ]
    _ADD_ATTACHMENT.run(tx, *rows)
    payload = {"mail": mail_id, "kind": kind} | ({"state": "held"} if state is MailState.HELD else {})
    return mail_id, events.Entry("mail_queued", payload, actor)


def expire_leases(tx: Connection, at: datetime) -> int:
    """Make every mail uncertain whose worker fell silent after DATA began; return how many."""
    silent = and_(mail.c.state == MailState.SENDING, mail.c.lease_until <= at, mail.c.data_began_at.is_not(None))
    rows = tx.execute(select(mail).where(UNSETTLED, silent).order_by(mail.c.id).with_for_update(skip_locked=True)).all()
    for row in rows:
        columns = {"last_reply": "no_answer", "lease_until": None}
        move(tx, row, MailState.UNCERTAIN, "mail_uncertain", at=at, actor="system", columns=columns)
    return len(rows)


def claim(tx: Connection, at: datetime) -> Claim | None:
    """Take the oldest mail that is due, sending committed with the transaction; a damaged one is held instead."""
    while row := _DUE.first(tx, {"at": at}):
        letter = letter_of(tx, row)
        if is_whole(row, letter):
            return _take(tx, row, letter, at)
        columns = {"last_reply": "attachment_changed", "lease_until": None}
        move(tx, row, MailState.HELD, "mail_held", at=at, actor="system", columns=columns)
    return None


def begin_data(tx: Connection, claimed: Claim, at: datetime) -> bool:
    """Note that DATA begins and renew the lease; False when it is over, though nobody may have noticed yet."""
    return _BEGIN.first(tx, _leased(claimed, at)) is not None


def renew(tx: Connection, claimed: Claim, at: datetime) -> bool:
    """Renew the lease while the relay is awaited; False when it is over: what the relay says then comes late."""
    return _RENEW.first(tx, _leased(claimed, at)) is not None


def _leased(claimed: Claim, at: datetime) -> dict[str, object]:
    return {"of": claimed.mail_id, "token": claimed.token, "at": at, "until": at + LEASE}


def settle(tx: Connection, claimed: Claim, delivery: Delivery, at: datetime) -> bool:
    """Write what the relay said; False where it no longer counts.

    A late answer still settles an uncertain mail, and a late acceptance one a person has queued again meanwhile.
    """
    row = lock_mail(tx, claimed.mail_id)
    if row is None or row.lease_token != claimed.token or row.state not in _OPEN_TO[delivery.reply]:
        return False
    state, retry_at = _settled(row, delivery, at)
    reply = _last_reply(delivery, given_up=delivery.reply is Reply.RETRY and retry_at is None)
    move(
        tx,
        row,
        state,
        f"mail_{state}",
        at=at,
        actor="system",
        columns={"last_reply": reply, "retry_at": retry_at, "lease_until": None},
        reply=reply,
        attempt=row.attempts,
        dsn=delivery.dsn_requested,
    )
    return True


_SENT_OR_UNKNOWN = frozenset({MailState.SENDING, MailState.UNCERTAIN})
_OPEN_TO = {
    Reply.ACCEPTED: _SENT_OR_UNKNOWN | {MailState.QUEUED},
    Reply.RETRY: _SENT_OR_UNKNOWN,
    Reply.REJECTED: _SENT_OR_UNKNOWN,
    Reply.UNCERTAIN: frozenset({MailState.SENDING}),
}


def _settled(row: Row[Any], delivery: Delivery, at: datetime) -> tuple[MailState, datetime | None]:
    if delivery.reply is not Reply.RETRY:
        return MailState(delivery.reply.value), None
    retry_at = next_attempt(row.attempts, at)
    return (MailState.RETRY, retry_at) if retry_at else (MailState.REJECTED, None)


def _last_reply(delivery: Delivery, *, given_up: bool) -> str:
    words = f"{delivery.code} {delivery.text}".strip() if delivery.code else delivery.text
    cause = "gave_up" if given_up else delivery.cause
    return f"{cause}: {words}" if words else cause


def _take(tx: Connection, row: Row[Any], letter: Letter, at: datetime) -> Claim:
    attempt, token = row.attempts + 1, row.lease_token + 1
    columns = {
        "attempts": attempt,
        "lease_token": token,
        "lease_until": at + LEASE,
        "data_began_at": None,
        "retry_at": None,
    }
    move(tx, row, MailState.SENDING, "mail_sending", at=at, actor="system", columns=columns, attempt=attempt)
    return Claim(row.id, token, letter)
