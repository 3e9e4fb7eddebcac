"""A customer types a code: one of any number of simultaneous attempts wins, and the answer gives nothing away (4.6)."""

import hmac

from agent_desk.actions.code_seal import LIFE_MINUTES, locator_digits, seal
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.record import EVERY_STATE, take
from agent_desk.rules.code import FAILURES_MAX, is_well_formed, normalise, split
from agent_desk.storage.codes import CodeRecord, count_attempt, end_code, live_by_locator, live_of_session

LONGEST = 40
SOURCE = 64
_NOBODY = bytes(32)


def redeem_code(ctx: Context, digits: str, source: str) -> int:
    """Return the session the code opens; Refusal `code_refused`, the same whether it is unknown, wrong, old or used.

    The attempt is counted and committed before it is compared, so that no crash gives a guess for nothing.
    `source` says where the attempt came from, in the session's log.
    """
    with ctx.database.read() as tx:
        length = locator_digits(ctx, tx)
    if len(digits) > LONGEST or not is_well_formed(digits, length):
        raise Refusal("code_refused")
    locator, secret = split(normalise(digits), length)
    code = _count(ctx, locator)
    session_id, mac = (code.session_id, code.mac) if code else (0, _NOBODY)
    right = hmac.compare_digest(seal(ctx.code_key, session_id, locator, secret), mac)
    if code is None or not _settle(ctx, code, right, source[:SOURCE]):
        raise Refusal("code_refused")
    return code.session_id


def _count(ctx: Context, locator: str) -> CodeRecord | None:
    """Count the attempt; None where no open code has the locator, or three attempts are counted already."""
    with ctx.database.read() as tx:
        found = live_by_locator(tx, locator)
    if found is None:
        return None
    with ctx.database.write() as tx:
        held = take(ctx, tx, found.session_id, states=EVERY_STATE)
        code = live_of_session(tx, held.id)
        if code is None or code.id != found.id:
            return None
        if not code.is_open(held.now):
            end_code(tx, code.id, "expired", held.now)
            held.note("code_expired", actor="system", minutes=LIFE_MINUTES)
            return None
        if code.failures >= FAILURES_MAX:
            return None  # those under way decide whether it burns
        count_attempt(tx, code.id)
        return code


def _settle(ctx: Context, counted: CodeRecord, right: bool, source: str) -> bool:
    """Write what became of the attempt; True for the one that takes the code."""
    with ctx.database.write() as tx:
        held = take(ctx, tx, counted.session_id, states=EVERY_STATE)
        code = live_of_session(tx, held.id)
        if code is None or code.id != counted.id or not code.is_open(held.now):
            return False
        if right:
            held.note("code_redeemed", actor="customer", source=source)
            return end_code(tx, code.id, "redeemed", held.now)
        held.note("code_failed", actor="customer", failures=code.failures, source=source)
        if code.failures >= FAILURES_MAX:
            end_code(tx, code.id, "burned", held.now)
            held.note("code_burned", actor="system")
        return False
