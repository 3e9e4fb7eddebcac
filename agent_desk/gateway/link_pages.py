"""The pages behind the customer's personal links.

To open one changes nothing, for mail scanners follow links too; only the form's button does.
"""

import html
from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.responses import Response

from agent_desk import late
from agent_desk.gateway.answers import Refused
from agent_desk.gateway.link_forms import form, paced, page, sent, told, words
from agent_desk.gateway.withdrawal_pages import WITHDRAWAL_PAGES
from agent_desk.rules.links import PATHS, Purpose
from agent_desk.rules.satisfaction import Satisfaction

if TYPE_CHECKING:
    from agent_desk.gateway.routes import Asked, Endpoint


@paced
async def ask_satisfaction(asked: "Asked") -> Response:
    """Show the question with the answer of the link chosen already."""
    token = asked.request.query_params.get("t", "")
    found = await asked.parts.guests.ask(lambda door: late.look_at_link(door, token, Purpose.SATISFACTION))
    if found.used_at is not None:
        return told(asked, "satisfaction_known")
    text = words(asked).text
    chosen = asked.request.query_params.get("a", "")
    choices = "".join(
        f'<label class="choice"><input type="radio" name="a" value="{one}" required{" checked" * (one == chosen)}>'
        f"{html.escape(text(f'links.satisfaction.{one}'))}</label>"
        for one in Satisfaction
    )
    question = html.escape(text("links.satisfaction.question"))
    fields = f"<fieldset><legend>{question}</legend><div>{choices}</div></fieldset>"
    content = form(Purpose.SATISFACTION, token, asked.language, fields, text("links.satisfaction.go"))
    hint = html.escape(text("links.satisfaction.hint"))
    return page(asked, text("links.satisfaction.title"), f'{content}<p class="hint">{hint}</p>')


@paced
async def take_satisfaction(asked: "Asked") -> Response:
    """Take the answer, once."""
    fields = await sent(asked)
    try:
        token, answer = fields.get("t", ""), Satisfaction(fields.get("a", ""))
    except ValueError as error:
        raise Refused("bad_request") from error
    is_new = await asked.parts.guests.ask(lambda door: late.give_satisfaction(door, token, answer))
    return told(asked, "satisfaction_taken" if is_new else "satisfaction_known")


PAGES: Mapping[str, Mapping[str, "Endpoint"]] = {
    PATHS[Purpose.SATISFACTION]: {"GET": ask_satisfaction, "POST": take_satisfaction},
    **WITHDRAWAL_PAGES,
}
