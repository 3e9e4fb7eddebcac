"""Screen shares as desks see them; the customer's side has its own narrow door in `guest.py`."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, or_, select, update

from agent_desk.rules.share import Pair, ShareEnd, ShareFacts, ShareState
from agent_desk.storage.tables import code, share

_LATEST = select(share).where(share.c.session_id == bindparam("of")).order_by(share.c.id.desc()).limit(1)
_END = (
    update(share)
    .where(share.c.id == bindparam("of"), share.c.ended_at.is_(None))
    .values(
        state=ShareState.ENDED,
        end_reason=bindparam("reason"),
        ended_at=bindparam("at"),
        page="",
        words="",
        right_pair=None,
        viewer_sha256=None,
    )
)
_SHOWN = select(share.c.session_id, share.c.admitted_at).where(
    share.c.ended_at.is_(None), share.c.live_at.is_not(None), share.c.admitted_at.is_not(None)
)
_HAS_PAGE = select(
    or_(
        exists().where(code.c.session_id == bindparam("of"), code.c.state == "live"),
        exists().where(share.c.session_id == bindparam("of"), share.c.ended_at.is_(None)),
    )
)


@dataclass(frozen=True, slots=True)
class ShareRecord:
    """One share; `right` is the place of the right pair while the words are waited for."""

    id: int
    session_id: int
    state: ShareState
    end_reason: ShareEnd | None
    words: tuple[Pair, ...]
    right: int | None
    opened_at: datetime
    admitted_at: datetime | None
    live_at: datetime | None
    seen_at: datetime | None
    reused_at: datetime | None
    ended_at: datetime | None

    @property
    def facts(self) -> ShareFacts:
        """Return what its end depends on."""
        return ShareFacts(self.state, self.opened_at, self.admitted_at, self.seen_at)


def latest_share(tx: Connection, session_id: int) -> ShareRecord | None:
    """Return the session's last share, ended or not, or None."""
    row = tx.execute(_LATEST, {"of": session_id}).one_or_none()
    if row is None:
        return None
    return ShareRecord(
        id=row.id,
        session_id=row.session_id,
        state=ShareState(row.state),
        end_reason=ShareEnd(row.end_reason) if row.end_reason else None,
        words=words_from_json(row.words),
        right=row.right_pair,
        opened_at=row.opened_at,
        admitted_at=row.admitted_at,
        live_at=row.live_at,
        seen_at=row.seen_at,
        reused_at=row.reused_at,
        ended_at=row.ended_at,
    )


def shown_since(tx: Connection) -> dict[int, datetime]:
    """Return, by session, since when a screen is let in that was seen and may be seen again."""
    return {row.session_id: row.admitted_at for row in tx.execute(_SHOWN)}


def end_share(tx: Connection, share_id: int, reason: ShareEnd, at: datetime) -> bool:
    """End a share and forget its secrets; False when it had ended already."""
    return bool(tx.execute(_END, {"of": share_id, "reason": reason, "at": at}).rowcount)


def admit_share(tx: Connection, share_id: int, at: datetime) -> None:
    """Let the customer's screen in; the words have done their work."""
    _set(tx, share_id, state=ShareState.ADMITTED, admitted_at=at, words="", right_pair=None)


def set_viewer(tx: Connection, share_id: int, token_sha256: bytes, until: datetime, by: str) -> None:
    """Keep the hash of the one-time token the agent's viewer may come with; the one before is void."""
    _set(tx, share_id, viewer_sha256=token_sha256, viewer_until=until, viewer_by=by)


def has_page(tx: Connection, session_id: int) -> bool:
    """Tell whether a customer may be looking at a page of this session, or come to it with a code."""
    return bool(tx.execute(_HAS_PAGE, {"of": session_id}).scalar_one())


def write_page(tx: Connection, session_id: int, page: str) -> None:
    """Set what the page may show, of the live code and of the share that has not ended."""
    tx.execute(update(code).where(code.c.session_id == session_id, code.c.state == "live").values(page=page))
    tx.execute(update(share).where(share.c.session_id == session_id, share.c.ended_at.is_(None)).values(page=page))


def words_to_json(pairs: tuple[Pair, ...]) -> str:
    """Return pairs of words as they are stored."""
    return json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))


def words_from_json(stored: str) -> tuple[Pair, ...]:
    """Return pairs of words as stored; none where there are none."""
    return tuple((left, right) for left, right in json.loads(stored or "[]"))


def _set(tx: Connection, share_id: int, **columns: Any) -> None:
    tx.execute(update(share).where(share.c.id == share_id).values(columns))
