"""The outbox: mails and SMS are queued with what they confirm, claimed under a lease, and settled by what was answered.

An SMS is a mail of another channel: same table, same states, its own gateway, and quiet hours of its number's territory.

A claim is fenced by a token that grows: who has lost its claim can no longer begin DATA, nor settle what another has
claimed since. A lease that ends before DATA began frees the mail; one that ends after it leaves the mail uncertain.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, insert, or_, select, text, update

from agent_desk.ports import Delivery, Letter, Reply
from agent_desk.rules.mail import CALLED_OFF, LEASE, MailChannel, MailState, next_attempt
from agent_desk.rules.people import Role
from agent_desk.rules.sms import after_quiet_hours, territory_of_number
from agent_desk.storage import events
from agent_desk.storage.acting import under_rights
from agent_desk.storage.mails import digest, is_whole, letter_of, lock_mail, move, named, show_on_session
from agent_desk.storage.mails import session_mails as session_mails  # noqa: PLC0414 - offered here to actions
from agent_desk.storage.ready import Ready
from agent_desk.storage.tables import TO_SEND, attachment, due_at, mail

_ADD_MAIL = Ready(insert(mail).returning(mail.c.id))
_ADD_ATTACHMENT = Ready(insert(attachment))
_DUE = Ready(
    select(mail)
    .where(
        TO_SEND,
        mail.c.channel == bindparam("channel"),
        due_at <= bindparam("at"),
        or_(
            mail.c.state == MailState.QUEUED,
            and_(mail.c.state == MailState.RETRY, mail.c.retry_at <= bindparam("at")),
            and_(
                mail.c.state == MailState.SENDING, mail.c.lease_until <= bindparam("at"), mail.c.data_began_at.is_(None)
            ),
        ),
    )
    .order_by(due_at, mail.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_PUT_OFF = Ready(update(mail).where(mail.c.id == bindparam("of")).values(not_before=bindparam("until")))
_CALL_OFF = text("SELECT desk_call_off(:of, :kind, :reason)")
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
    session_id: int
    kind: str


def queue(
    tx: Connection,
    session_id: int,
    kind: str,
    letter: Letter,
    *,
    actor: str,
    ordinal: int = 1,
    not_before: datetime | None = None,
) -> int:
    """Insert a message, tell its session, and append the event `mail_queued`; return its id. See `add_mail`."""
    mail_id, entry = add_mail(tx, session_id, kind, letter, actor=actor, ordinal=ordinal, not_before=not_before)
    show_on_session(tx, session_id)
    events.append_many(tx, session_id, (entry,), at=letter.date)
    return mail_id


def add_mail(
    tx: Connection,
    session_id: int,
    kind: str,
    letter: Letter,
    *,
    actor: str,
    ordinal: int = 1,
    not_before: datetime | None = None,
) -> tuple[int, events.Entry]:
    """Insert a message, once per session, kind, channel and ordinal (IntegrityError); return its id and the event to append.

    Without a recipient it is held, to be printed. A second offer after a change of services has ordinal 2. With
    `not_before` it waits until then, whoever sends; see `drop_waiting`.
    """
    state = MailState.QUEUED if letter.recipient else MailState.HELD
    columns = {
        "key": key_of(session_id, kind, letter.channel, ordinal),
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
        "channel": letter.channel,
        "not_before": not_before,
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
    payload = named(mail_id, kind, letter.channel) | ({"state": "held"} if state is MailState.HELD else {})
    return mail_id, events.Entry("mail_queued", payload, actor)


def key_of(session_id: int, kind: str, channel: str, ordinal: int) -> str:
    """Return what no two messages share."""
    parts = ["session", str(session_id), kind, *(["sms"] if channel == MailChannel.SMS else [])]
    return ":".join([*parts, *([str(ordinal)] if ordinal > 1 else [])])


def next_ordinal(tx: Connection, session_id: int, kind: str, channel: str) -> int:
    """Return the ordinal of one more message of that kind."""
    same = (mail.c.session_id == session_id, mail.c.kind == kind, mail.c.channel == channel)
    return len(tx.execute(select(mail.c.id).where(*same)).all()) + 1


def drop_waiting(
    tx: Connection, session_id: int, kind: str, reason: str, *, at: datetime, actor: str = "agent", by: str = ""
) -> int:
    """Drop the session's mails and SMS of that kind that have not left, each with an event; return how many.

    For reminders whose cause was cancelled or moved. Whoever signed in has it done by the database.
    """
    who = under_rights(tx)
    if who is not None and who.role in (Role.AGENT, Role.SUPERVISOR):
        dropped = int(tx.execute(_CALL_OFF, {"of": session_id, "kind": kind, "reason": reason}).scalar_one())
        show_on_session(tx, session_id)
        return dropped
    of = (mail.c.session_id == session_id, mail.c.kind == kind, mail.c.state.in_(CALLED_OFF))
    rows = tx.execute(select(mail).where(*of).order_by(mail.c.id).with_for_update()).all()
    for row in rows:
        said: dict[str, Any] = {"reason": reason} | ({"by": by} if by else {})
        move(tx, row, MailState.DROPPED, "mail_called_off", at=at, actor=actor, **said)
    return len(rows)


def expire_leases(tx: Connection, at: datetime) -> int:
    """Make every mail uncertain whose worker fell silent after DATA began; return how many."""
    silent = and_(mail.c.state == MailState.SENDING, mail.c.lease_until <= at, mail.c.data_began_at.is_not(None))
    began = and_(mail.c.channel.in_(tuple(MailChannel)), due_at <= at)  # the index goes by these
    rows = tx.execute(
        select(mail).where(TO_SEND, began, silent).order_by(mail.c.id).with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        columns = {"last_reply": "no_answer", "lease_until": None}
        move(tx, row, MailState.UNCERTAIN, "mail_uncertain", at=at, actor="system", columns=columns)
    return len(rows)


def claim(tx: Connection, at: datetime, channel: MailChannel = MailChannel.MAIL) -> Claim | None:
    """Take the message of a channel that has been due longest, sending committed with the transaction.

    A damaged one is held instead, and an SMS that would ring at night is put off until the morning.
    """
    while row := _DUE.first(tx, {"at": at, "channel": channel}):
        if channel is MailChannel.SMS and (morning := after_quiet_hours(at, territory_of_number(row.recipient))) > at:
            _PUT_OFF.run(tx, {"of": row.id, "until": morning})
            continue
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
    return Claim(row.id, token, letter, row.session_id, row.kind)
