"""The life of one screen share: which state may follow which, when it ends by itself, and the two words read aloud."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LOST_AFTER = timedelta(seconds=60)  # without a sign of the customer's browser; within it a share goes on without a code
LONGEST = timedelta(hours=2)  # from the moment the agent let the customer in
UNANSWERED = timedelta(minutes=10)  # for each thing the other side is asked: the consent and words, then the screen
VIEWER_TOKEN_LIFE = timedelta(seconds=60)
SEEN = timedelta(seconds=15)  # the page says every five seconds that it is there
PAIRS = 3

Pair = tuple[str, str]


class ShareState(StrEnum):
    """Where a share stands; `opened` asks for consent, `waiting` for the words, `admitted` for a screen."""

    OPENED = "opened"
    WAITING = "waiting"
    ADMITTED = "admitted"
    LIVE = "live"
    LOST = "lost"
    ENDED = "ended"


class ShareEnd(StrEnum):
    """Why a share ended; a key of the wording table `share_ends`."""

    REFUSED = "refused"
    WRONG_WORDS = "wrong_words"
    BY_CUSTOMER = "by_customer"
    BY_AGENT = "by_agent"
    BROWSER_CLOSED = "browser_closed"
    LOST = "lost"
    TOO_LONG = "too_long"
    UNANSWERED = "unanswered"
    SESSION_ENDED = "session_ended"
    REPLACED = "replaced"


NEXT: Mapping[ShareState, frozenset[ShareState]] = {
    ShareState.OPENED: frozenset({ShareState.WAITING, ShareState.ENDED}),
    ShareState.WAITING: frozenset({ShareState.ADMITTED, ShareState.ENDED}),
    ShareState.ADMITTED: frozenset({ShareState.LIVE, ShareState.ENDED}),
    ShareState.LIVE: frozenset({ShareState.LOST, ShareState.ENDED}),
    ShareState.LOST: frozenset({ShareState.LIVE, ShareState.ENDED}),
    ShareState.ENDED: frozenset(),
}
VIEWED = frozenset({ShareState.ADMITTED, ShareState.LIVE, ShareState.LOST})  # the agent's viewer may join


@dataclass(frozen=True, slots=True)
class ShareFacts:
    """What the end of a share depends on; `seen_at` is the last sign of the customer's browser."""

    state: ShareState
    opened_at: datetime
    admitted_at: datetime | None
    seen_at: datetime | None


def may_become(state: ShareState, target: ShareState) -> bool:
    """Tell whether a share in `state` may become `target`."""
    return target in NEXT[state]


def end_due(facts: ShareFacts, now: datetime) -> ShareEnd | None:
    """Return why a share that nobody ended ends now, or None while it goes on.

    Before it is live a page may be in a background tab, where browsers let it speak once a minute only: there the
    answers are waited for, not the signs of life.
    """
    if facts.state is ShareState.ENDED:
        return None
    asked_at = facts.admitted_at or facts.opened_at
    if facts.state in (ShareState.LIVE, ShareState.LOST):
        if now - asked_at >= LONGEST:
            return ShareEnd.TOO_LONG
        return ShareEnd.LOST if now - (facts.seen_at or asked_at) >= LOST_AFTER else None
    return ShareEnd.UNANSWERED if now - asked_at >= UNANSWERED else None


def is_on_page(facts: ShareFacts, now: datetime) -> bool:
    """Tell whether the customer's browser was heard of just now."""
    return facts.state is not ShareState.ENDED and facts.seen_at is not None and now - facts.seen_at < SEEN


def draw_words(words: Sequence[str], choose: Callable[[int], int]) -> tuple[Pair, tuple[Pair, ...]]:
    """Return the right pair, and three pairs in random order of which it is one; no word comes twice.

    `choose(n)` gives a random number from 0 to n - 1.
    """
    left = list(words)
    drawn = [left.pop(choose(len(left))) for _ in range(2 * PAIRS)]
    pairs = tuple((drawn[at], drawn[at + 1]) for at in range(0, 2 * PAIRS, 2))
    return pairs[choose(PAIRS)], pairs
