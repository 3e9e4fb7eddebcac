"""A real gateway on a real port, and browsers without a window that speak HTTP and WebSocket to it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from time import monotonic
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from agent_desk.actions.context import Context
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.look_at_share import look_at_share
from agent_desk.actions.views import SessionView
from agent_desk.rules.code import build
from agent_desk.wiring.gateway import RunningGateway, start_gateway
from tests.support.desks import agreed

PATIENCE = 10.0
ANY_PORT = "127.0.0.1:0"
# As a table of its own: what the customer's page sends of itself.
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


class NoSeat(Exception):
    """The gateway refused a WebSocket; `status` and `text` are its answer."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status, text)
        self.status, self.text = status, text


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        return str(self.json["error"])


@dataclass(slots=True)
class Browser:
    """One browser: its cookie, its name, and where it comes from as a trusted proxy says it."""

    port: int
    host: str = ""
    cookie: str = ""
    name: str = FIREFOX
    address: str = ""
    language: str = "fr"
    more: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://{self.host or f'127.0.0.1:{self.port}'}"

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, value: object = None, **headers: str) -> Answer:
        return self.ask("POST", path, json.dumps({} if value is None else value).encode(), headers)

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """Send one request on a connection of its own and keep the cookie that comes back."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            began = monotonic()
            sent = self.headers() | {name.replace("_", "-"): value for name, value in headers.items()}
            if body is not None:
                sent = {"Content-Type": "application/json"} | sent
            connection.request(method, path, body, {name: value for name, value in sent.items() if value})
            answer = connection.getresponse()
            read = answer.read()
            spent = monotonic() - began
        finally:
            connection.close()
        found = {name.lower(): value for name, value in answer.getheaders()}
        if "set-cookie" in found:
            self.cookie = found["set-cookie"].partition(";")[0]
        return Answer(answer.status, found, read, spent)

    def headers(self) -> dict[str, str]:
        """Return what this browser says of itself each time."""
        return {
            "Host": self.host or f"127.0.0.1:{self.port}",
            "Origin": self.origin,
            "User-Agent": self.name,
            "Accept-Language": self.language,
            "Cookie": self.cookie,
            "X-Forwarded-For": self.address,
        } | self.more

    @contextmanager
    def socket(self, path: str = "/customer") -> Iterator["Line"]:
        """Open a WebSocket; NoSeat where it is refused."""
        sent = {name: value for name, value in self.headers().items() if value and name not in {"Host", "User-Agent"}}
        try:
            opened = connect(
                f"ws://127.0.0.1:{self.port}{path}",
                additional_headers=sent,
                user_agent_header=self.name,
                compression=None,
                ping_interval=None,
                open_timeout=PATIENCE,
                close_timeout=PATIENCE,
            )
        except InvalidStatus as refused:
            raise NoSeat(refused.response.status_code, (refused.response.body or b"").decode()) from None
        with opened:
            yield Line(opened)


@dataclass(slots=True)
class Line:
    """An open WebSocket; `heard` are the messages so far."""

    raw: ClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)

    def say(self, kind: str, **more: object) -> None:
        self.raw.send(json.dumps({"t": kind, **more}, ensure_ascii=False))

    def hear(self, *kinds: str) -> dict[str, Any]:
        """Wait for the next message of one of these kinds, in the order they come."""
        return self.until(lambda message: message.get("t") in kinds)

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait for a message that is wanted."""
        end = monotonic() + PATIENCE
        while True:
            message: dict[str, Any] = json.loads(self.raw.recv(timeout=max(0.01, end - monotonic())))
            self.heard.append(message)
            if wanted(message):
                return message

    def closed(self) -> tuple[int, str]:
        """Wait until the gateway closes, and return its code and reason."""
        end = monotonic() + PATIENCE
        while True:
            try:
                self.heard.append(json.loads(self.raw.recv(timeout=max(0.01, end - monotonic()))))
            except ConnectionClosed as closed:
                return (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")


def served(ctx: Context, **settings: object) -> Context:
    """Return the context with a gateway's settings, on any free port."""
    changed = {"gateway_listen": ANY_PORT, **settings}
    return replace(ctx, settings=replace(ctx.settings, **changed))  # type: ignore[arg-type]  # fields of Settings


@contextmanager
def gateway(ctx: Context, **settings: object) -> Iterator[RunningGateway]:
    """Run the gateway of this desk for a while."""
    running = start_gateway(served(ctx, **settings))
    try:
        yield running
    finally:
        running.close()


def coded(ctx: Context) -> tuple[SessionView, str]:
    """Return a session whose customer has a code, and the code."""
    view = agreed(ctx)
    return view, issue_code(ctx, view.id).digits


def wrong(digits: str) -> str:
    """Return another code with the same locator and a right check digit."""
    other = f"{(int(digits[3:9]) + 1) % 10**6:06d}"
    return build(digits[:3], other)


def right_place(ctx: Context, session_id: int, words: list[str]) -> int:
    """Return which of the three pairs the agent has to pick."""
    share = look_at_share(ctx, session_id)
    assert share is not None
    return list(share.choices).index((words[0], words[1]))
