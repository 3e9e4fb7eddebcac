"""The requests of the customer's page: a table of paths, each answered by one small function."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from agent_desk import late
from agent_desk.actions.errors import Refusal
from agent_desk.gateway import link_pages
from agent_desk.gateway.answers import Refused, answered, cookies, nothing
from agent_desk.gateway.attempts import CODES, Gate, Outcome, Tries
from agent_desk.gateway.facts import Facts
from agent_desk.gateway.guests import Guests
from agent_desk.gateway.pages import Pages
from agent_desk.gateway.rooms import Rooms
from agent_desk.gateway.seats import Guest
from agent_desk.gateway.shares import NO_SHARE, told_entered, told_share
from agent_desk.gateway.visit import Visit
from agent_desk.logfile import told
from agent_desk.rules.session import ConsentKind
from agent_desk.rules.share import ShareEnd, ShareState
from agent_desk.wording import LANGUAGES

if TYPE_CHECKING:
    from agent_desk.actions.share_views import GuestShare
    from agent_desk.gateway.sockets import Sockets

COOKIE = "share"
SMALL_BODY = 4 * 1024
SPEED_BODY = 256 * 1024
BODY_SECONDS = 10.0
LONGEST_DIGITS = 40
LONGEST_TOKEN = 200
LONGEST_NONCE = 64
SMS_REPORT = {
    "sms": re.compile(r"[A-Za-z0-9-]{1,40}\.[a-z_]{1,40}\.[0-9a-f]{32}"),
    "nonce": re.compile(r"[0-9a-f]{16}"),
    "mac": re.compile(r"[0-9a-f]{64}"),
    "kind": re.compile(r"[0-9]{1,2}"),
}
STATEMENTS = frozenset({ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER})


@dataclass(slots=True)
class Parts:
    """Everything a request may need; built once."""

    facts: Facts
    pages: Pages
    guests: Guests
    gate: Gate
    tries: Tries
    rooms: Rooms
    sockets: "Sockets"


@dataclass(slots=True)
class Asked:
    """One request: who asks, and with which body so far."""

    visit: Visit
    request: Request
    parts: Parts
    language: str

    @property
    def token(self) -> str:
        """Return the share token in this browser's cookie; Refused where there is none that could be one."""
        token = cookies(self.visit.cookie).get(COOKIE, "")
        if not token or len(token) > LONGEST_TOKEN or not token.isascii():
            raise Refused("share_gone")
        return token

    async def body(self, limit: int = SMALL_BODY) -> bytes:
        """Return the whole body; Refused when it is longer than `limit`, or too slow."""
        if self.visit.length is not None and self.visit.length > limit:
            raise Refused("too_large")
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return await self._read(limit)
        except (TimeoutError, ClientDisconnect) as error:
            raise Refused("too_slow") from error

    async def _read(self, limit: int) -> bytes:
        read = bytearray()
        async for chunk in self.request.stream():
            read += chunk
            if len(read) > limit:
                raise Refused("too_large")
        return bytes(read)

    async def json(self) -> Mapping[str, Any]:
        """Return the body's JSON object and answer in its `language` from now on; Refused when it is none."""
        if self.request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Refused("not_json")
        raw = await self.body()
        try:
            content = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise Refused("bad_request") from error
        if not isinstance(content, dict):
            raise Refused("bad_request")
        if content.get("language") in LANGUAGES:
            self.language = content["language"]
        return content


Endpoint = Callable[[Asked], Awaitable[Response]]


async def page(asked: Asked) -> Response:
    """Give the customer's page."""
    chosen = asked.request.query_params.get("lang", "")
    language = chosen if chosen in LANGUAGES else asked.visit.language
    return Response(asked.parts.pages.page[language], media_type="text/html")


async def viewer(asked: Asked) -> Response:
    """Give the agent's view."""
    return Response(asked.parts.pages.viewer, media_type="text/html")


async def static(asked: Asked) -> Response:
    """Give a script, style, text, picture or font."""
    name = asked.request.scope["path"].removeprefix("/static/")
    if name not in asked.parts.pages.files:
        raise Refused("not_found")
    media_type, content = asked.parts.pages.files[name]
    return Response(content, media_type=media_type)


async def health(asked: Asked) -> Response:
    """Say which program this is, and repeat the nonce, so that nobody else can have answered."""
    nonce = asked.request.query_params.get("nonce", "")
    return answered({"program": "agent-desk", "nonce": nonce[:LONGEST_NONCE]})


async def share(asked: Asked) -> Response:
    """Tell a page that was loaded anew where its share stands."""
    try:
        found = await _look(asked)
    except Refused as refused:
        if refused.code != "share_gone":
            raise
        return answered(NO_SHARE)
    return answered(told_share(found))


async def code(asked: Asked) -> Response:
    """Try a code; good, unknown, wrong, old and used ones are answered after the same time."""
    digits = (await asked.json()).get("digits")
    if not isinstance(digits, str):
        raise Refused("bad_request")
    began = monotonic()
    try:
        return await _try_code(asked, digits)
    finally:
        await asked.parts.tries.pace.pause(began)


async def _try_code(asked: Asked, digits: str) -> Response:
    source, parts = asked.visit.source, asked.parts
    verdict, entered = await _outcome(parts, digits[: LONGEST_DIGITS + 1], source, asked.visit.browser)
    parts.gate.learn(source, verdict)
    if entered is None:
        raise Refused(CODES[verdict.answer], max(verdict.retry_after, 1))
    answer = answered(told_entered(entered.page))
    answer.set_cookie(COOKIE, entered.token, path="/", secure=asked.visit.secure, httponly=True, samesite="strict")
    return answer


async def _outcome(parts: Parts, digits: str, source: str, browser: str) -> Outcome:
    try:
        return await parts.tries.make(digits, source, browser)
    except Refusal as refusal:
        parts.gate.failed(source)
        raise Refused("code_refused") from refusal
    except Refused:
        raise
    except Exception as error:
        told(error)
        raise Refused("unavailable") from error


async def answer(asked: Asked) -> Response:
    """Take the customer's yes or no, and the statements that go with a yes."""
    content = await asked.json()
    accepted, statements = content.get("accept"), content.get("statements", [])
    if not isinstance(accepted, bool) or not isinstance(statements, list) or not _are_statements(statements):
        raise Refused("bad_request")
    kinds = frozenset(ConsentKind(kind) for kind in statements)
    token, browser = asked.token, asked.visit.browser
    found = await _answered(
        asked.parts.guests.ask(lambda door: late.answer_share(door, token, browser, accepted, kinds))
    )
    if found.state is ShareState.ENDED:
        asked.parts.rooms.end(found.share_id, found.end_reason, everywhere=True)
    return answered(told_share(found))


async def stop(asked: Asked) -> Response:
    """End the share: the customer's Stop."""
    await asked.body()
    token, browser = asked.token, asked.visit.browser
    found = await _answered(
        asked.parts.guests.ask(lambda door: late.leave_share(door, token, browser, ShareEnd.BY_CUSTOMER))
    )
    asked.parts.rooms.end(found.share_id, found.end_reason, everywhere=True)
    return nothing()


async def leave(asked: Asked) -> Response:
    """Note that the page goes away; a reload says so too, therefore it may come back."""
    await asked.body()
    await asked.parts.sockets.went_away(Guest(asked.token, asked.visit.browser))
    return nothing()


async def speed(asked: Asked) -> Response:
    """Take up to 256 KiB and throw them away: the page measures how long that took."""
    await _look(asked)
    return answered({"bytes": len(await asked.body(SPEED_BODY))})


async def sms(asked: Asked) -> Response:
    """Take down what the SMS gateway reports of an SMS; the answer is the same whether it is one of ours."""
    told = asked.request.query_params
    values = {name: told.get(name, "") for name in SMS_REPORT}
    if not all(form.fullmatch(values[name]) for name, form in SMS_REPORT.items()):
        raise Refused("bad_request")
    envid, nonce, mac, kind = values["sms"], values["nonce"], values["mac"], int(values["kind"])
    await asked.parts.guests.ask(lambda door: late.report_sms(door, envid, nonce, kind, mac))
    return nothing()


async def _look(asked: Asked) -> "GuestShare":
    token, browser = asked.token, asked.visit.browser
    return await _answered(asked.parts.guests.ask(lambda door: late.look_at_door(door, token, browser)))


async def _answered(job: "Awaitable[GuestShare]") -> "GuestShare":
    try:
        return await job
    except Refusal as refusal:
        raise Refused("share_gone" if refusal.code == "share_gone" else "bad_request") from refusal


def _are_statements(kinds: Collection[object]) -> bool:
    return len(kinds) <= len(STATEMENTS) and all(isinstance(kind, str) and kind in STATEMENTS for kind in kinds)


ROUTES: Mapping[str, Mapping[str, Endpoint]] = {
    "/": {"GET": page},
    "/viewer": {"GET": viewer},
    "/healthz": {"GET": health},
    "/share": {"GET": share},
    "/code": {"POST": code},
    "/answer": {"POST": answer},
    "/stop": {"POST": stop},
    "/leave": {"POST": leave},
    "/speed": {"POST": speed},
    "/sms": {"GET": sms},
    **link_pages.PAGES,
}
STATIC = {"GET": static}
