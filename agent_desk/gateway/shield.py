"""The outermost layer: who may ask at all, refusals from memory, the headers of every answer; it never answers 500."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from email.utils import formatdate
from time import time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from agent_desk.gateway.answers import Headers, Refused, guards, refusal
from agent_desk.gateway.link_pages import PAGES
from agent_desk.gateway.routes import ROUTES, STATIC, Asked, Parts
from agent_desk.gateway.sockets import deny
from agent_desk.gateway.visit import Scope, Visit, look
from agent_desk.logfile import note, told

Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]

LOGGED = frozenset({"wrong_host", "wrong_origin", "too_large"})


class Gateway:
    """The ASGI application."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.answers: Counter[int] = Counter()  # by status
        self._date: tuple[int, Headers] = (0, [])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or WebSocket, whatever it is."""
        visit = look(scope, self._parts.facts)
        if scope["type"] == "websocket":
            await self._socket(WebSocket(scope, receive, send), visit)
        elif scope["type"] == "http":
            await self._answer(scope, receive, self._guarded(send, visit, forms=scope["path"] in PAGES), visit)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, visit: Visit) -> None:
        asked: Asked | None = None
        try:
            self._check(scope, visit)
            asked = Asked(visit, Request(scope, receive), self._parts, visit.language)
            answer: Response = await _endpoint(scope)(asked)
        except Refused as refused:
            _log_refusal(visit, refused.code)
            await _refuse(scope, send, asked.language if asked else visit.language, refused)
        except Exception as error:  # noqa: BLE001 (a visitor gets a sentence, whatever went wrong)
            told(error)
            await _refuse(scope, send, visit.language, Refused("unavailable"))
        else:
            await answer(scope, receive, send)

    def _check(self, scope: Scope, visit: Visit) -> None:
        """Raise Refused for what no route needs to see."""
        code = _stranger(visit)
        if code and (code == "wrong_host" or scope["method"] == "POST"):
            raise Refused(code)
        if scope["method"] == "POST" and scope["path"] == "/code":
            closed = self._parts.gate.refusal(visit.source)
            if closed is not None:
                raise Refused(*closed)

    async def _socket(self, socket: WebSocket, visit: Visit) -> None:
        sockets = self._parts.sockets
        places = {"/customer": sockets.customer, "/viewer/socket": sockets.viewer}
        code = _stranger(visit) or ("" if socket.scope["path"] in places else "not_found")
        if code:
            _log_refusal(visit, code)
            await deny(socket, visit, Refused(code))
            return
        await places[socket.scope["path"]](socket, visit)

    def _guarded(self, send: Send, visit: Visit, *, forms: bool) -> Send:
        more = [*guards(visit, forms=forms), *self._dated()]

        async def guarded(event: Event) -> None:
            if event["type"] == "http.response.start":
                self.answers[event["status"]] += 1
                event["headers"] = [*event["headers"], *more]
            await send(event)

        return guarded

    def _dated(self) -> Headers:
        """Return the Date header, made anew each second; pages notice a wrong clock by it."""
        now = int(time())
        if self._date[0] != now:
            self._date = now, [(b"date", formatdate(now, usegmt=True).encode("ascii"))]
        return self._date[1]


def _stranger(visit: Visit) -> str:
    """Return why a request that changes something is none of our pages', or ""."""
    if not visit.known_host:
        return "wrong_host"
    return "" if visit.same_origin else "wrong_origin"


def _log_refusal(visit: Visit, code: str) -> None:
    if code in LOGGED:
        note(logging.WARNING, f"refused {visit.source}: {code}")


def _endpoint(scope: Scope) -> Callable[[Asked], Awaitable[Response]]:
    path = scope["path"]
    methods = STATIC if path.startswith("/static/") else ROUTES.get(path)
    if methods is None:
        raise Refused("not_found")
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    if method not in methods:
        raise Refused("wrong_method")
    return methods[method]


async def _refuse(scope: Scope, send: Send, language: str, refused: Refused) -> None:
    plain = scope["method"] != "POST"
    status, headers, body = refusal(refused.code, language, refused.retry_after, plain=plain)
    if refused.code in {"too_large", "too_slow"}:  # what is still on its way is not waited for
        headers = [*headers, (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
