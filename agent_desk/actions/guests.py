"""What every action of the customer's side has in common: find the share by its browser's token, move it, tell of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from agent_desk.actions.door import Door
from agent_desk.actions.errors import Refusal
from agent_desk.actions.page_json import page_from_json
from agent_desk.actions.share_views import GuestShare
from agent_desk.rules.share import ShareEnd, ShareFacts, ShareState, end_due
from agent_desk.storage.events import Entry
from agent_desk.storage.guest import GuestRow, ask, find_share, tell
from agent_desk.storage.shares import words_from_json
from agent_desk.storage.types import microseconds

LONGEST_TOKEN = 200
# Who ended it, where it was neither side's person.
_BY_CUSTOMER = frozenset({ShareEnd.REFUSED, ShareEnd.BY_CUSTOMER, ShareEnd.BROWSER_CLOSED})


@dataclass(frozen=True, slots=True)
class Guest:
    """A share taken for change by its browser; `now` is one moment for all of it."""

    tx: Connection
    row: GuestRow
    now: datetime

    @property
    def state(self) -> ShareState:
        """Return where the share stood when it was taken."""
        return ShareState(self.row.state)

    @property
    def micros(self) -> int:
        """Return the moment as the database keeps it."""
        return microseconds(self.now)

    def note(self, event: str, /, actor: str = "customer", **payload: object) -> None:
        """Append one event to the session's chain; while the share has not ended only."""
        tell(self.tx, self.row.session_id, Entry(event, payload, actor), at=self.now)

    def end(self, reason: ShareEnd) -> None:
        """End the share with its one event."""
        self.note("share_ended", actor="customer" if reason in _BY_CUSTOMER else "system", end=reason)
        ask(self.tx, "end_share", share=self.row.id, reason=reason, at=self.micros)

    @property
    def due(self) -> ShareEnd | None:
        """Return why it ends now because its time is over, None while it goes on."""
        return end_due(ShareFacts(self.state, self.row.opened_at, self.row.admitted_at, self.row.seen_at), self.now)

    def lapsed(self) -> bool:
        """Tell whether the share has ended, or ends now because its time is over."""
        if self.due is not None:
            self.end(self.due)
            return True
        return self.state is ShareState.ENDED


def fingerprint(text: str) -> bytes:
    """Return the SHA-256 of a token or a browser's name; whatever was sent has one."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def guest(door: Door, tx: Connection, token: str, browser: str, *, lock: bool = True) -> Guest:
    """Return the share of this browser's token; Refusal `share_gone` for any other, and for another browser's."""
    row = find_share(tx, fingerprint(token), lock=lock) if len(token) <= LONGEST_TOKEN else None
    if row is None or row.browser_sha256 != fingerprint(browser):
        raise Refusal("share_gone")
    return Guest(tx, row, door.clock.now())


def guest_share(row: GuestRow) -> GuestShare:
    """Return the share as the customer's side sees it."""
    state = ShareState(row.state)
    pairs = words_from_json(row.words)
    return GuestShare(
        share_id=row.id,
        session_id=row.session_id,
        state=state,
        end_reason=ShareEnd(row.end_reason) if row.end_reason else None,
        words=pairs[row.right_pair] if state is ShareState.WAITING and row.right_pair is not None else None,
        page=page_from_json(row.page),
        seen_at=row.seen_at,
    )


def as_it_is(tx: Connection, token: str) -> GuestShare:
    """Return the share as it stands after a change."""
    row = find_share(tx, fingerprint(token), lock=False)
    if row is None:
        raise Refusal("share_gone")
    return guest_share(row)
