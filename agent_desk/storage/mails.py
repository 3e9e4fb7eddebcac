"""Outgoing mails as rows: read, shown, and moved from state to state with an event in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, TextClause, bindparam, case, func, select, text, update

from agent_desk.ports import Attachment, Letter
from agent_desk.rules.mail import MailChannel, MailState, MailView, shown_state
from agent_desk.rules.people import Role
from agent_desk.storage import events
from agent_desk.storage.acting import under_rights
from agent_desk.storage.ready import Ready
from agent_desk.storage.tables import STUCK, TO_SEND, UNSETTLED, attachment, due_at, mail, session

_SHOWN = (
    mail.c.id,
    mail.c.session_id,
    session.c.number.label("session_number"),
    mail.c.kind,
    mail.c.state,
    mail.c.recipient,
    mail.c.subject,
    mail.c.created_at,
    mail.c.state_at,
    mail.c.attempts,
    mail.c.retry_at,
    mail.c.last_reply,
    mail.c.channel,
    mail.c.not_before,
)


_OF_SESSION = Ready(
    select(*_SHOWN)
    .join(session, session.c.id == mail.c.session_id)
    .where(mail.c.session_id == bindparam("of"))
    .order_by(mail.c.id)
)


_LOCKED = Ready(select(mail).where(mail.c.id == bindparam("of")).with_for_update())
_STATES = Ready(select(mail.c.state).where(mail.c.session_id == bindparam("of")).order_by(mail.c.id))
_SHOWN_ON = Ready(update(session).where(session.c.id == bindparam("of")).values(mail_state=bindparam("shown")))
_ATTACHED = Ready(select(attachment).where(attachment.c.mail_id == bindparam("of")).order_by(attachment.c.position))
_SHOW = text("SELECT desk_show_mails(:of, :state)")
_ACT = text("SELECT desk_act_on_mail(:of, :action, :recipient)")


def session_mails(tx: Connection, session_id: int) -> tuple[MailView, ...]:
    """Return the session's mails and SMS, oldest first."""
    return tuple(MailView(*row) for row in _OF_SESSION.all(tx, {"of": session_id}))


def session_sms(tx: Connection, session_id: int) -> Mapping[int, str]:
    """Return what each of the session's SMS says, by its id."""
    query = select(mail.c.id, mail.c.text).where(mail.c.session_id == session_id, mail.c.channel == MailChannel.SMS)
    return {row.id: row.text for row in tx.execute(query)}


def stuck_mails(tx: Connection, limit: int = 100) -> tuple[MailView, ...]:
    """Return the messages that wait for a person or for another attempt, newest first."""
    query = _shown().where(STUCK).order_by(mail.c.id.desc()).limit(limit)
    return _views(tx, query)


_WAITING = (MailState.QUEUED, MailState.RETRY)


def count_unsettled(tx: Connection) -> Mapping[str, int]:
    """Return how many mails are in each state that is not settled."""
    query = select(mail.c.state, func.count().label("mails")).where(UNSETTLED).group_by(mail.c.state)
    return {row.state: row.mails for row in tx.execute(query)}


def oldest_waiting(tx: Connection, now: datetime) -> datetime | None:
    """Return since when the oldest message may leave that has not been handed over yet, None where none waits."""
    query = select(func.min(func.coalesce(mail.c.not_before, mail.c.created_at))).where(
        *_due_by(now, tuple(MailChannel))
    )
    since: datetime | None = tx.execute(query).scalar_one()
    return since


def overdue_since(tx: Connection, now: datetime, *channels: MailChannel) -> datetime | None:
    """Return since when a message of these channels (none: any) has been due that nobody took, None where none is."""
    since_when = case(
        (mail.c.state == MailState.RETRY, mail.c.retry_at),
        (mail.c.not_before > mail.c.state_at, mail.c.not_before),
        else_=mail.c.state_at,
    )
    query = select(func.min(since_when)).where(*_due_by(now, channels or tuple(MailChannel)), since_when <= now)
    since: datetime | None = tx.execute(query).scalar_one()
    return since


def _due_by(now: datetime, channels: tuple[MailChannel, ...]) -> tuple[ColumnElement[bool] | TextClause, ...]:
    return TO_SEND, mail.c.channel.in_(channels), due_at <= now, mail.c.state.in_(_WAITING)


def read_mail(tx: Connection, mail_id: int) -> MailView | None:
    """Return one mail, or None."""
    return next(iter(_views(tx, _shown().where(mail.c.id == mail_id))), None)


def find_mail(tx: Connection, envid: str, message_id: str) -> Row[Any, Any] | None:
    """Return id and state of the mail with exactly that `envid` or else `message_id`, or None; "" finds nothing."""
    for column, name in ((mail.c.envid, envid), (mail.c.message_id, message_id)):
        # Both begin with the session's number, which is indexed; they themselves are not.
        number = session.c.number == name.removeprefix("<").partition(".")[0]
        query = select(mail.c.id, mail.c.state).join(session, session.c.id == mail.c.session_id)
        if name and (row := tx.execute(query.where(number, column == name)).first()):
            return row
    return None


def lock_mail(tx: Connection, mail_id: int) -> Row[Any] | None:
    """Return the row of one mail, kept from others until the transaction ends, or None."""
    found: Row[Any] | None = _LOCKED.first(tx, {"of": mail_id})
    return found


def read_letter(tx: Connection, mail_id: int) -> Letter | None:
    """Return one mail with its attachments as they are stored, or None."""
    row = tx.execute(select(mail).where(mail.c.id == mail_id)).one_or_none()
    return None if row is None else letter_of(tx, row)


def letter_of(tx: Connection, row: Row[Any]) -> Letter:
    """Return the letter of a row of `mail`."""
    return Letter(
        sender=row.sender,
        recipient=row.recipient,
        subject=row.subject,
        text=row.text,
        html=row.html,
        message_id=row.message_id,
        envid=row.envid,
        date=row.created_at,
        attachments=_attachments(tx, row.id),
        receipt_requested=row.receipt_requested,
        channel=MailChannel(row.channel),
    )


def is_whole(row: Row[Any], letter: Letter) -> bool:
    """Tell whether every attachment is there and is what was queued."""
    unchanged = all(sha256(one.content).hexdigest() == one.sha256 for one in letter.attachments)
    return unchanged and digest(letter.attachments) == bytes(row.attachments_sha256)


def digest(attachments: tuple[Attachment, ...]) -> bytes:
    """Return what stands in the mail's row for all that must go with it: names and hashes, in order."""
    listed = "".join(f"{one.sha256}  {one.name}\n" for one in attachments)
    return sha256(listed.encode()).digest()


def move(
    tx: Connection,
    row: Row[Any],
    state: MailState,
    event: str,
    *,
    at: datetime,
    actor: str,
    columns: Mapping[str, object] | None = None,
    **said: object,
) -> None:
    """Put a mail into `state`, set other `columns`, tell its session, and append `event` with what is `said`."""
    values = {"state": state, "state_at": at, **(columns or {})}
    _moved(tuple(values)).run(tx, {"of": row.id} | {f"to_{name}": value for name, value in values.items()})
    show_on_session(tx, row.session_id)
    events.append(tx, row.session_id, event, named(row.id, row.kind, row.channel) | said, at=at, actor=actor)


def named(mail_id: int, kind: str, channel: str) -> dict[str, object]:
    """Return what events say first of a message: which, of what kind, and that it is an SMS."""
    return {"mail": mail_id, "kind": kind} | ({"sms": True} if channel == MailChannel.SMS else {})


@cache
def _moved(columns: tuple[str, ...]) -> Ready:
    return Ready(
        update(mail).where(mail.c.id == bindparam("of")).values({name: bindparam(f"to_{name}") for name in columns})
    )


def act_by_right(tx: Connection, mail_id: int, action: str, recipient: str) -> None:
    """Have PostgreSQL do what a person decides about a mail, with its event; who signed in may not change mails."""
    tx.execute(_ACT, {"of": mail_id, "action": action, "recipient": recipient})


def show_on_session(tx: Connection, session_id: int) -> None:
    """Write the state lists show for the session's mails."""
    states = [row.state for row in _STATES.all(tx, {"of": session_id})]
    shown, who = shown_state(states), under_rights(tx)
    if who is not None and who.role in (Role.AGENT, Role.SUPERVISOR):  # who may not change a session that has ended
        tx.execute(_SHOW, {"of": session_id, "state": shown})
    else:
        _SHOWN_ON.run(tx, {"of": session_id, "shown": shown})


def _attachments(tx: Connection, mail_id: int) -> tuple[Attachment, ...]:
    rows = _ATTACHED.all(tx, {"of": mail_id})
    return tuple(Attachment(row.name, row.media_type, bytes(row.content), bytes(row.sha256).hex()) for row in rows)


def _shown() -> Select[Any]:
    return select(*_SHOWN).join(session, session.c.id == mail.c.session_id)


def _views(tx: Connection, query: Select[Any]) -> tuple[MailView, ...]:
    return tuple(MailView(*row) for row in tx.execute(query))
