"""The page behind "withdraw here": to open it changes nothing, the first button asks again, the second one declares."""

import html
from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.responses import Response

from agent_desk import late
from agent_desk.formats import format_moment
from agent_desk.gateway.link_forms import form, paced, page, sent, words
from agent_desk.rules.links import PATHS, Purpose
from agent_desk.rules.withdrawal import STOPS

if TYPE_CHECKING:
    from agent_desk.actions.look_at_withdrawal import WithdrawalSeen
    from agent_desk.gateway.routes import Asked, Endpoint

CONFIRMED = "confirm"


@paced
async def ask_withdrawal(asked: "Asked") -> Response:
    """Show what can be withdrawn from, with the first button, or why nothing can."""
    token = asked.request.query_params.get("t", "")
    return await _show(asked, token, "here")


@paced
async def take_withdrawal(asked: "Asked") -> Response:
    """After the first button ask again; after the second one declare, once."""
    fields = await sent(asked)
    token = fields.get("t", "")
    if fields.get("step") != CONFIRMED:
        return await _show(asked, token, CONFIRMED)
    facts = asked.parts.facts
    found = await asked.parts.guests.ask(
        lambda door: late.declare_withdrawal(door, token, facts.days_off, facts.withdrawal_days)
    )
    return _told(asked, found)


async def _show(asked: "Asked", token: str, step: str) -> Response:
    facts = asked.parts.facts
    found = await asked.parts.guests.ask(
        lambda door: late.look_at_withdrawal(door, token, facts.days_off, facts.withdrawal_days)
    )
    if found.declared_at is not None or found.answer not in STOPS:
        return _told(asked, found)
    text = words(asked).text
    lead = html.escape(text(f"links.withdrawal.{step}_{found.answer}", number=found.number))
    hidden = (
        f'<p class="lead">{lead}</p><input type="hidden" name="step" value="{"ask" if step == "here" else CONFIRMED}">'
    )
    content = form(Purpose.WITHDRAWAL, token, asked.language, hidden, text(f"links.withdrawal.go_{step}"))
    hint = html.escape(text(f"links.withdrawal.hint_{step}"))
    return page(asked, text(f"links.withdrawal.title_{step}"), f'{content}<p class="hint">{hint}</p>')


def _told(asked: "Asked", found: "WithdrawalSeen") -> Response:
    wording = words(asked)
    at = format_moment(found.declared_at, wording.language) if found.declared_at is not None else ""
    kind = "declared" if at else "refused"
    said = wording.text(
        f"links.withdrawal_{kind}.{found.answer}", at=at, number=found.number, phone=asked.parts.facts.phone
    )
    return page(asked, wording.text(f"links.withdrawal_{kind}.title"), f'<p class="lead">{html.escape(said)}</p>')


WITHDRAWAL_PAGES: Mapping[str, Mapping[str, "Endpoint"]] = {
    PATHS[Purpose.WITHDRAWAL]: {"GET": ask_withdrawal, "POST": take_withdrawal},
}
