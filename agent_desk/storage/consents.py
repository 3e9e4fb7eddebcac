"""What customers agreed to or stated: rows that are added and never changed."""

from sqlalchemy import Connection, bindparam, insert, select

from agent_desk.rules.session import Answer, Channel, Consent, ConsentKind
from agent_desk.storage.ready import Ready
from agent_desk.storage.tables import consent

_CONSENTS = Ready(select(consent).where(consent.c.session_id == bindparam("of")).order_by(consent.c.id))
_ADD_CONSENT = insert(consent)


def add_consent(tx: Connection, session_id: int, given: Consent) -> None:
    """Insert one answer; none is ever changed."""
    tx.execute(
        _ADD_CONSENT,
        {
            "session_id": session_id,
            "kind": given.kind,
            "answer": given.answer,
            "at": given.at,
            "channel": given.channel,
            "recorded_by": given.recorded_by,
            "text_version": given.text_version,
            "text_sha256": bytes.fromhex(given.text_sha256),
            "covers": given.covers,
        },
    )


def read_consents(tx: Connection, session_id: int) -> tuple[Consent, ...]:
    """Return the session's answers in the order they were recorded."""
    rows = _CONSENTS.all(tx, {"of": session_id})
    return tuple(
        Consent(
            kind=ConsentKind(row.kind),
            answer=Answer(row.answer),
            at=row.at,
            channel=Channel(row.channel),
            recorded_by=row.recorded_by,
            text_version=row.text_version,
            text_sha256=bytes(row.text_sha256).hex(),
            covers=row.covers,
        )
        for row in rows
    )
