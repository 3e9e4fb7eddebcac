"""What the pages behind the customer's personal links are made of: plain HTML with a form, so that they work without scripts."""

import html
from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.responses import Response

from agent_desk.actions.errors import Refusal
from agent_desk.gateway.answers import Refused
from agent_desk.rules.links import PATHS, Purpose
from agent_desk.wording import LANGUAGES, Wording, load_wording

if TYPE_CHECKING:
    from agent_desk.gateway.routes import Asked, Endpoint

FORM_TYPE = "application/x-www-form-urlencoded"
MOST_FIELDS = 10
GONE, UNAVAILABLE = 410, 503


def words(asked: "Asked") -> Wording:
    """Return the words in the language the link asks for, else the browser's."""
    chosen = asked.request.query_params.get("lang", "")
    if chosen in LANGUAGES:
        asked.language = chosen
    return load_wording(asked.language)


def told(asked: "Asked", table: str, status: int = 200) -> Response:
    """Return a page with a title and one sentence, from `links.<table>`."""
    text = words(asked).text
    sentence = text(f"links.{table}.text", phone=asked.parts.facts.phone)
    return page(asked, text(f"links.{table}.title"), f'<p class="lead">{html.escape(sentence)}</p>', status)


def page(asked: "Asked", title: str, content: str, status: int = 200) -> Response:
    """Return a page with a title, which is text, and its content, which is HTML."""
    template = asked.parts.pages.personal[asked.language]
    filled = template.replace("@title@", html.escape(title)).replace("@content@", content)
    return Response(filled, status, media_type="text/html")


def form(purpose: Purpose, token: str, language: str, fields: str, go: str) -> str:
    """Return a form that sends `fields`, which are HTML, back to the link's own address."""
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
        for name, value in (("t", token), ("lang", language))
    )
    button = f'<div class="buttons"><button type="submit" class="primary">{html.escape(go)}</button></div>'
    return f'<form method="post" action="{PATHS[purpose]}">{hidden}{fields}{button}</form>'


async def sent(asked: "Asked") -> Mapping[str, str]:
    """Return the fields of a form that was sent, in the language it says; Refused for anything else."""
    if asked.request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise Refused("bad_request")
    try:
        found = parse_qs((await asked.body()).decode("ascii"), max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Refused("bad_request") from error
    fields = {name: values[-1] for name, values in found.items()}
    if fields.get("lang") in LANGUAGES:
        asked.language = fields["lang"]
    return fields


def paced(answer: "Endpoint") -> "Endpoint":
    """Return an endpoint whose answers, good or not, leave at the same times, and are pages whatever went wrong."""

    async def answered(asked: "Asked") -> Response:
        began = monotonic()
        try:
            return await answer(asked)
        except Refusal:
            return told(asked, "gone", GONE)
        except Refused as refused:
            if refused.code != "unavailable":
                raise
            return told(asked, "unavailable", UNAVAILABLE)
        finally:
            await asked.parts.tries.pace.pause(began)

    return answered
