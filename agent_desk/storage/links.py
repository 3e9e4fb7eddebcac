"""Personal links as rows: kept by whoever sends the mail, used once by the customer through a gateway."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from agent_desk.rules.links import Link, Purpose
from agent_desk.storage.guest import ask
from agent_desk.storage.link_tables import personal_link
from agent_desk.storage.types import microseconds, moment


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as the customer's side may know it."""

    session_id: int
    purpose: Purpose
    expires_at: datetime
    used_at: datetime | None


def keep_link(tx: Connection, link: Link, fingerprint: bytes) -> None:
    """Write a mail's link, once however often the mail is sent."""
    insert: Any = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    row = {
        "token_sha256": fingerprint,
        "purpose": link.purpose,
        "session_id": link.session_id,
        "mail_id": link.mail_id,
        "expires_at": link.expires_at,
    }
    tx.execute(insert(personal_link).values(row).on_conflict_do_nothing())


def last_link(tx: Connection, session_id: int, purpose: Purpose) -> tuple[Link, bytes] | None:
    """Return the session's newest link for that purpose with its fingerprint, or None."""
    c = personal_link.c
    query = select(c.mail_id, c.expires_at, c.token_sha256).where(c.session_id == session_id, c.purpose == purpose)
    row = tx.execute(query.order_by(c.id.desc()).limit(1)).first()
    return None if row is None else (Link(purpose, session_id, row.mail_id, row.expires_at), bytes(row.token_sha256))


def guest_keys(tx: Connection) -> tuple[str, ...]:
    """Return the public keys that may have signed a link."""
    return tuple(key for row in ask(tx, "link_keys") for key in row.value.split())


def guest_link(tx: Connection, fingerprint: bytes) -> LinkRow | None:
    """Return the link with that fingerprint, or None."""
    return next(map(_row, ask(tx, "link", token=fingerprint)), None)


def use_link(tx: Connection, fingerprint: bytes, at: datetime) -> LinkRow | None:
    """Use a link that is not over and was not used; None otherwise. The gateway may then tell the session's chain of it."""
    return next(map(_row, ask(tx, "use_link", token=fingerprint, at=microseconds(at))), None)


def keep_satisfaction(tx: Connection, fingerprint: bytes, answer: str, at: datetime) -> None:
    """Write what the customer answered through a link just used."""
    ask(tx, "satisfaction", token=fingerprint, answer=answer, at=microseconds(at))


def _row(row: Any) -> LinkRow:
    used = None if row.used_at is None else moment(row.used_at)
    return LinkRow(row.session_id, Purpose(row.purpose), moment(row.expires_at), used)
