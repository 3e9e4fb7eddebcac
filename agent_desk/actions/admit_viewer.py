"""The agent's desk asks for a seat before the customer's screen."""

import secrets

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.guests import fingerprint
from agent_desk.actions.record import take
from agent_desk.actions.shares import unended_share
from agent_desk.rules.gate_facts import may_see_screen
from agent_desk.rules.share import VIEWED, VIEWER_TOKEN_LIFE
from agent_desk.storage.consents import read_consents
from agent_desk.storage.shares import set_viewer

TOKEN_BYTES = 32


def admit_viewer(ctx: Context, session_id: int) -> str:
    """Return a token that lets one viewer in, once and within a minute, for this agent and this share.

    A new one voids the one before. Refusal `share_gone`, `share_wrong_state` before the right words were picked,
    `share_no_consent` without the customer's yes on the page.
    """
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        share = unended_share(held)
        if share.state not in VIEWED:
            raise Refusal("share_wrong_state")
        if not may_see_screen(read_consents(tx, session_id)):
            raise Refusal("share_no_consent")
        token = secrets.token_urlsafe(TOKEN_BYTES)
        by = ctx.settings.agent_name or held.record.agent
        set_viewer(tx, share.id, fingerprint(token), held.now + VIEWER_TOKEN_LIFE, by)
        return token
