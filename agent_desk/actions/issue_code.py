"""A one-time code is drawn and dictated to the customer (4.6)."""

import secrets

from sqlalchemy import Connection

from agent_desk.actions.code_seal import free_locator, public_key, seal
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.live_codes import LIFE_MINUTES, end_lapsed_codes, end_live_code
from agent_desk.actions.page_facts import page_facts
from agent_desk.actions.page_json import page_to_json
from agent_desk.actions.publish_door_key import DOOR_KEY
from agent_desk.actions.record import Held, take
from agent_desk.actions.shares import end_session_share
from agent_desk.actions.views import IssuedCode
from agent_desk.rules.clocks import CODE_LIFE
from agent_desk.rules.code import LOCATOR_DIGITS, SECRET_DIGITS, build
from agent_desk.rules.lifecycle import may_issue_code
from agent_desk.rules.share import ShareEnd
from agent_desk.storage.codes import add_code, live_codes
from agent_desk.storage.site import read_site

TRIES = 20
LOCATOR = "code_locator_digits"


def issue_code(ctx: Context, session_id: int) -> IssuedCode:
    """Return a new code, valid ten minutes and once; it ends the one before, and its share. Digits are written nowhere.

    Refusal `code_not_allowed` before the agreement, `code_none_free` when every locator is in use.
    """
    end_lapsed_codes(ctx)
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        if not may_issue_code(held.record.state):
            raise Refusal("code_not_allowed")
        end_live_code(held, "replaced")
        end_session_share(held, ShareEnd.REPLACED)
        secret = f"{secrets.randbelow(10**SECRET_DIGITS):0{SECRET_DIGITS}d}"
        locator = _keep(held, tx, secret)
        held.note("code_issued", minutes=LIFE_MINUTES)
    return IssuedCode(build(locator, secret), held.now + CODE_LIFE)


def _keep(held: Held, tx: Connection, secret: str) -> str:
    said = read_site(tx, [LOCATOR, DOOR_KEY])
    digits = _locator_digits(held.ctx, said.get(LOCATOR, ""))
    door = bytes.fromhex(said.get(DOOR_KEY, "")) or public_key(held.ctx.code_key)
    page = page_to_json(page_facts(held))
    for _ in range(TRIES):
        locator = free_locator({code.locator for code in live_codes(tx)}, digits)
        if locator is None:
            break
        sealed = seal(door, held.id, locator, secret)
        if add_code(tx, held.id, locator, sealed, held.now, held.now + CODE_LIFE, page):
            return locator
    raise Refusal("code_none_free")


def _locator_digits(ctx: Context, said: str) -> int:
    """Return how many digits find the session: as the site says, else as this workstation's settings do."""
    chosen = int(said) if said.isdecimal() else ctx.settings.locator_digits
    return min(max(chosen, LOCATOR_DIGITS.start), LOCATOR_DIGITS.stop - 1)
