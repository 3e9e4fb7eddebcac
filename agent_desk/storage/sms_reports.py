"""What an SMS gateway reported: taken down by a gateway of ours, looked at by whoever sends SMS, and forgotten."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, text

from agent_desk.rules.mail import MailState
from agent_desk.storage.guest import ask
from agent_desk.storage.site_tables import sms_report
from agent_desk.storage.tables import mail, site
from agent_desk.storage.types import microseconds

MOST = 100  # looked at together
_MAKE_KEY = text("INSERT INTO site (key, value) VALUES ('sms_key', :value) ON CONFLICT (key) DO NOTHING")


def take_down(tx: Connection, envid: str, nonce: str, kind: int, mac: str, at: datetime) -> None:
    """Keep a report about an SMS that is there, at most some for each; any other is dropped, and nobody learns which."""
    number = envid.partition(".")[0]
    ask(tx, "sms_report", number=number, envid=envid, nonce=nonce, kind=kind, mac=mac, at=microseconds(at))


def taken_down(tx: Connection) -> Sequence[Row[Any]]:
    """Return reports nobody has looked at, with the mark of their SMS, oldest first.

    One about an SMS whose gateway is still being spoken to waits: a telephone may be quicker than an answer.
    """
    query = select(sms_report, mail.c.envid).join(mail, mail.c.id == sms_report.c.mail_id)
    settled = query.where(mail.c.state != MailState.SENDING)
    return tx.execute(settled.order_by(sms_report.c.at, sms_report.c.kind.desc()).limit(MOST)).all()


def forget(tx: Connection, report: Row[Any]) -> None:
    """Forget a report that was looked at."""
    same = (getattr(sms_report.c, name) == getattr(report, name) for name in ("mail_id", "nonce", "kind"))
    tx.execute(delete(sms_report).where(*same))


def sms_key(tx: Connection) -> bytes | None:
    """Return the key that signs the addresses reports come to, known to who sends SMS alone; None before the first was sent."""
    kept = tx.execute(select(site.c.value).where(site.c.key == "sms_key")).scalar_one_or_none()
    return None if kept is None else bytes.fromhex(kept)


def make_sms_key(tx: Connection) -> bytes:
    """Return that key, made unless somebody has."""
    tx.execute(_MAKE_KEY, {"value": secrets.token_hex(32)})
    key = sms_key(tx)
    assert key is not None  # noqa: S101 - made above
    return key
