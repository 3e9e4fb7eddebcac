"""Mails with personal links in them, as they leave."""

import re
from dataclasses import replace

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.send_next import send_next
from agent_desk.actions.views import SessionView
from agent_desk.ports import Letter
from agent_desk.rules.links import PATHS, Purpose
from tests.support.desks import finished
from tests.support.mails import ScriptedRelay

PAGE = "https://aide.example"


def reachable(ctx: Context, page: str = PAGE) -> Context:
    """Return the context of a desk whose customers open a page at that address."""
    return replace(ctx, settings=replace(ctx.settings, public_url=page))


def confirmed(ctx: Context) -> tuple[SessionView, Letter]:
    """Return a session that was closed, and its confirmation as the customer got it."""
    view = finished(ctx)
    closed = close_session(ctx, view.id, view.version)
    relay = ScriptedRelay()
    while send_next(ctx, relay):
        pass
    return closed, relay.sent[-1]


def token_in(letter: Letter, purpose: Purpose = Purpose.SATISFACTION) -> str:
    """Return the token of a letter's links for one purpose, which are all the same."""
    (token,) = set(re.findall(PATHS[purpose] + r"\?lang=\w\w&(?:amp;)?t=([\w-]+)", letter.text + letter.html))
    return str(token)
