"""A customer's counted try of a code: one of any number at once wins, and the answer gives nothing away (4.6)."""

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Row

from agent_desk.actions.code_seal import opens
from agent_desk.actions.door import Door
from agent_desk.actions.errors import Refusal
from agent_desk.actions.guests import fingerprint
from agent_desk.actions.page_json import page_from_json
from agent_desk.actions.share_views import Entered
from agent_desk.rules.clocks import CODE_LIFE
from agent_desk.rules.code import FAILURES_MAX, LOCATOR_DIGITS, SECRET_DIGITS, is_well_formed, normalise, split
from agent_desk.storage.attempts import give_back
from agent_desk.storage.codes import is_open
from agent_desk.storage.events import Entry
from agent_desk.storage.guest import GuestCode, ask, find_code, take_due, tell
from agent_desk.storage.types import microseconds

LONGEST = 40
SOURCE = 64
TOKEN_BYTES = 32
LIFE_MINUTES = int(CODE_LIFE.total_seconds()) // 60


def _at_once(job: Callable[[], object]) -> None:
    job()


def try_code(
    door: Door, digits: str, source: str, browser: str, later: Callable[[Callable[[], object]], None] = _at_once
) -> Entered:
    """Open the share of the code's session to this browser and give the counted try back (`count_attempts`).

    Refusal `code_refused`, the same whether the code is unknown, wrong, old, used, or no code at all. The code's own
    failures are counted and committed before anything is compared, so that no crash gives a guess for nothing. What
    is written down of a refusal may be done `later`, once it is told, so that its time tells nothing either.
    """
    locator, secret = _parts(digits)
    found, used = _find(door, locator) if locator else (None, ())
    code = _count(door, found) if found else None
    if found and code is None:  # perhaps somebody has taken it meanwhile
        _, used = _find(door, locator)
    session_id, sealed = (code.session_id, code.mac) if code else (0, None)
    right = opens(door.key, session_id, locator, secret, sealed)
    entered = _settle(door, code, right, source, browser) if code is not None and right else None
    if entered is not None:
        return entered
    if code is not None and not right:
        later(partial(_settle, door, code, right, source, browser))
    for row in used:
        later(partial(_warn_of_second, door, row, locator, secret, source))
    raise Refusal("code_refused")


def _parts(digits: str) -> tuple[str, str]:
    """Return locator and secret; two empty texts for what cannot be a code of any site."""
    typed = normalise(digits) if len(digits) <= LONGEST else ""
    length = len(typed) - SECRET_DIGITS - 1
    return split(typed, length) if length in LOCATOR_DIGITS and is_well_formed(typed, length) else ("", "")


def _find(door: Door, locator: str) -> tuple[GuestCode | None, Sequence[Row[Any]]]:
    """Return the live code with that locator, else the used ones whose share goes on."""
    with door.database.read() as tx:
        found = find_code(tx, locator, lock=False)
        return found, () if found else ask(tx, "used_code", locator=locator)


def _count(door: Door, found: GuestCode) -> GuestCode | None:
    """Count the try; None where the code is open no more, or three tries are counted already."""
    with door.database.write() as tx:
        now = door.clock.now()
        code = find_code(tx, found.locator, lock=True)
        if code is None or code.id != found.id:
            return None
        if not is_open(code.issued_at, code.expires_at, now):
            tell(tx, code.session_id, Entry("code_expired", {"minutes": LIFE_MINUTES}, "system"), at=now)
            ask(tx, "end_code", code=code.id, state="expired", at=microseconds(now))
            return None
        # Three at once: those under way decide whether it burns.
        return code if ask(tx, "count_code", code=code.id, most=FAILURES_MAX) else None


def _settle(door: Door, counted: GuestCode, right: bool, source: str, browser: str) -> Entered | None:
    """Write what became of the try; the share for the one that takes the code."""
    with door.database.write() as tx:
        now = door.clock.now()
        at = microseconds(now)
        code = find_code(tx, counted.locator, lock=True)
        if code is None or code.id != counted.id or not is_open(code.issued_at, code.expires_at, now):
            return None
        said = {"source": source[:SOURCE]}
        if not right:
            entries = [Entry("code_failed", {"failures": code.failures} | said, "customer")]
            if code.failures >= FAILURES_MAX:
                entries.append(Entry("code_burned", {}, "system"))
            tell(tx, code.session_id, *entries, at=now)
            if code.failures >= FAILURES_MAX:
                ask(tx, "end_code", code=code.id, state="burned", at=at)
            return None
        token = secrets.token_urlsafe(TOKEN_BYTES)
        tell(tx, code.session_id, Entry("code_redeemed", said, "customer"), at=now)
        ask(tx, "end_code", code=code.id, state="redeemed", at=at)
        opened = ask(tx, "open_share", code=code.id, token=fingerprint(token), browser=fingerprint(browser), at=at)
        give_back(tx, source)
        return Entered(opened[0].id, code.session_id, token, page_from_json(code.page))


def _warn_of_second(door: Door, used: Row[Any], locator: str, secret: str, source: str) -> None:
    """Tell the agent, once, that the very code of a share under way was typed again."""
    if not opens(door.key, used.session_id, locator, secret, bytes(used.mac)):
        return
    with door.database.write() as tx:
        now = door.clock.now()
        share = take_due(tx, used.share_id)
        if share is not None and ask(tx, "reuse", share=share.id, at=microseconds(now)):
            said = {"source": source[:SOURCE]}
            tell(tx, share.session_id, Entry("code_reused", said, "customer"), at=now)
