"""The customer accepts or refuses on the page: the consent that alone lets a screen be seen (2.2, 4.6)."""

import secrets
from collections.abc import Collection
from functools import cache

from agent_desk.actions.consent_texts import page_text
from agent_desk.actions.door import Door
from agent_desk.actions.guests import Guest, as_it_is, guest, guest_share
from agent_desk.actions.share_views import GuestShare, PageFacts
from agent_desk.paths import data_path
from agent_desk.rules.session import Answer, Channel, ConsentKind
from agent_desk.rules.share import ShareEnd, ShareState, draw_words
from agent_desk.storage.guest import ask
from agent_desk.storage.shares import words_to_json


def answer_share(
    door: Door, token: str, browser: str, accepted: bool, statements: Collection[ConsentKind] = ()
) -> GuestShare:
    """Record the answer and, before it, the statements given with a yes; draw the words, or end the share.

    Only statements the page had to ask for are recorded. Asked again, nothing happens. Refusal `share_gone`.
    """
    with door.database.write() as tx:
        taken = guest(door, tx, token, browser)
        if not taken.lapsed() and taken.state is ShareState.OPENED:
            _accept(taken, statements) if accepted else _refuse(taken)
        return as_it_is(tx, token)


def _accept(taken: Guest, statements: Collection[ConsentKind]) -> None:
    page = guest_share(taken.row).page
    for kind in page.statements:
        if kind in statements:
            _record(taken, kind, Answer.YES, page)
    _record(taken, ConsentKind.SCREEN_SHARING, Answer.YES, page)
    right, pairs = draw_words(words(), secrets.randbelow)
    ask(
        taken.tx,
        "answer",
        share=taken.row.id,
        words=words_to_json(pairs),
        right=pairs.index(right),
        at=taken.micros,
    )


def _refuse(taken: Guest) -> None:
    _record(taken, ConsentKind.SCREEN_SHARING, Answer.NO, guest_share(taken.row).page)
    taken.end(ShareEnd.REFUSED)


def _record(taken: Guest, kind: ConsentKind, answer: Answer, page: PageFacts) -> None:
    """Insert the answer and its event: the customer's own act, with version and SHA-256 of the text on the page."""
    text = page_text(page, kind)
    ask(
        taken.tx,
        "consent",
        share=taken.row.id,
        kind=kind,
        answer=answer,
        at=taken.micros,
        version=text.version,
        sha256=bytes.fromhex(text.sha256),
    )
    taken.note(
        "consent_recorded",
        kind=kind,
        answer=answer,
        channel=Channel.PAGE,
        version=text.version,
        sha256=text.sha256,
    )


@cache
def words() -> tuple[str, ...]:
    """Return the words a pair is drawn from."""
    return tuple(data_path("resources", "gateway", "words.txt").read_text(encoding="utf-8").split())
