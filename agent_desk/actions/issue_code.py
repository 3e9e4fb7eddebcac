"""A one-time code is drawn and dictated to the customer (4.6)."""

import secrets

from sqlalchemy import Connection

from agent_desk.actions.code_seal import (
    LIFE_MINUTES,
    end_lapsed_codes,
    end_live_code,
    free_locator,
    locator_digits,
    seal,
)
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.record import Held, take
from agent_desk.actions.views import IssuedCode
from agent_desk.rules.clocks import CODE_LIFE
from agent_desk.rules.code import SECRET_DIGITS, build
from agent_desk.rules.lifecycle import may_issue_code
from agent_desk.storage.codes import add_code, live_codes

TRIES = 20


def issue_code(ctx: Context, session_id: int) -> IssuedCode:
    """Return a new code, valid ten minutes and once; it ends the one before. The digits are written nowhere.

    Refusal `code_not_allowed` before the agreement, `code_none_free` when every locator is in use.
    """
    end_lapsed_codes(ctx)
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        if not may_issue_code(held.record.state):
            raise Refusal("code_not_allowed")
        end_live_code(held, "replaced")
        secret = f"{secrets.randbelow(10**SECRET_DIGITS):0{SECRET_DIGITS}d}"
        locator = _keep(held, tx, secret)
        held.note("code_issued", minutes=LIFE_MINUTES)
    return IssuedCode(build(locator, secret), held.now + CODE_LIFE)


def _keep(held: Held, tx: Connection, secret: str) -> str:
    digits = locator_digits(held.ctx, tx)
    for _ in range(TRIES):
        locator = free_locator({code.locator for code in live_codes(tx)}, digits)
        if locator is None:
            break
        sealed = seal(held.ctx.code_key, held.id, locator, secret)
        if add_code(tx, held.id, locator, sealed, held.now, held.now + CODE_LIFE):
            return locator
    raise Refusal("code_none_free")
