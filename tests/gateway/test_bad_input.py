"""Whatever is sent: a plain answer, one line in the log, nobody else disturbed, and never a 500."""

import json
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from agent_desk import logfile
from agent_desk.actions.admit_viewer import admit_viewer
from agent_desk.actions.choose_words import choose_words
from agent_desk.actions.context import Context
from agent_desk.gateway.answers import STATUS
from agent_desk.gateway.link_forms import GONE
from agent_desk.gateway.routes import ROUTES
from agent_desk.wiring.gateway import RunningGateway
from tests.support.gateways import Browser, Line, NoSeat, coded, gateway, right_place

FUZZ = settings(max_examples=120, suppress_health_check=list(HealthCheck))
LOGGER = "agent_desk"


@pytest.fixture
def running(sqlite_ctx: Context) -> Iterator[RunningGateway]:
    """Give a gateway."""
    logfile._noted.clear()
    with gateway(sqlite_ctx, trusted_proxies="127.0.0.1") as made:
        yield made


@pytest.fixture
def customer(sqlite_ctx: Context, running: RunningGateway) -> tuple[Browser, int]:
    """Give a customer the agent has let in, and the session."""
    view, digits = coded(sqlite_ctx)
    browser = Browser(running.port)
    browser.post("/code", {"digits": digits})
    words = browser.post("/answer", {"accept": True}).json["words"]
    choose_words(sqlite_ctx, view.id, right_place(sqlite_ctx, view.id, words))
    return browser, view.id


@contextmanager
def meeting(ctx: Context, running: RunningGateway, customer: tuple[Browser, int]) -> Iterator[tuple[Line, Line]]:
    """Give both sides' sockets."""
    browser, session_id = customer
    with browser.socket() as page, Browser(running.port).socket("/viewer/socket") as view:
        view.raw.send(json.dumps({"token": admit_viewer(ctx, session_id)}))
        page.until(lambda message: message.get("present") is True)
        yield page, view


def raw(port: int, sent: bytes, *, end: bool = False) -> bytes:
    """Send bytes as they are, and that there are no more if it is the `end`; return what comes until the gateway closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(sent)
        if end:
            line.shutdown(socket.SHUT_WR)
        read = b""
        try:
            while chunk := line.recv(65536):
                read += chunk
        except ConnectionResetError:
            pass
        return read


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
KNOWN = st.fixed_dictionaries(
    {},
    optional={
        "digits": st.text(st.sampled_from("0123456789 -x"), max_size=50) | JSON,
        "accept": st.booleans() | JSON,
        "statements": st.lists(st.sampled_from(["early_start", "early_start_waiver", "price", "x"]), max_size=4) | JSON,
        "language": st.sampled_from(["fr", "en", "de"]) | JSON,
    },
)
BODIES = st.binary(max_size=200) | KNOWN.map(lambda value: json.dumps(value).encode())
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=80).map(
    str.strip
)


@FUZZ
@given(
    method=st.sampled_from(["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    path=st.sampled_from([*ROUTES, "/static/page.js", "/static/x", "/customer", "/viewer/socket"])
    | st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40).map(lambda text: "/" + text),
    body=BODIES,
    cookie=HEADER,
    language=HEADER,
    kind=st.sampled_from(["application/json", "text/plain", ""]) | HEADER,
    forwarded=HEADER,
)
def test_no_request_gets_a_500(running: RunningGateway, method: str, path: str, body: bytes, **headers: str) -> None:
    sent = {
        "Cookie": headers["cookie"],
        "Accept-Language": headers["language"],
        "Content-Type": headers["kind"],
        "X-Forwarded-For": headers["forwarded"],
    }
    answer = Browser(running.port).ask(method, path, body if method in {"POST", "PUT", "PATCH"} else None, sent)
    assert answer.status in {200, 204, GONE, *STATUS.values()} - {500, 503}
    assert answer.status != 200 or answer.headers["cache-control"] == "no-store"


@FUZZ
@given(
    sent=st.binary(max_size=300) | st.binary(max_size=80).map(lambda tail: b"POST /code HTTP/1.1\r\nHost: x\r\n" + tail)
)
def test_no_bytes_get_a_500(running: RunningGateway, sent: bytes) -> None:
    answer = raw(running.port, sent, end=True)
    assert not answer or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 100"))


def ending(line: Line, messages: list[str | bytes]) -> int | None:
    """Send all and a ping, and return with which code the gateway closed; None where it answers."""
    try:
        for message in messages:
            line.raw.send(message)
        line.say("ping")
        line.hear("pong")
    except ConnectionClosed:
        return line.raw.close_code
    return None


MESSAGES = st.fixed_dictionaries(
    {"t": st.sampled_from(["ping", "signal", "started", "stats", "hello", "seat", ""]) | JSON},
    optional={"data": JSON, "token": JSON, "fps": JSON},
)


@settings(FUZZ, max_examples=60)
@given(messages=st.lists(MESSAGES.map(json.dumps) | st.text(max_size=60) | st.binary(max_size=60), max_size=6))
@pytest.mark.parametrize("path", ["/customer", "/viewer/socket"])
def test_no_message_breaks_more_than_its_own_socket(
    running: RunningGateway, customer: tuple[Browser, int], path: str, messages: list[str | bytes]
) -> None:
    browser, _ = customer
    with browser.socket(path) as line:
        assert ending(line, messages) in {None, 4000, 4003}
    assert browser.get("/share").json["state"] in {"admitted", "live", "lost"}  # each example takes its socket away


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "null",
        "[]",
        "5",
        '{"t": 1}',
        '{"t": "unknown"}',
        "{",
        b"\x00\x01",
        "[" * 60_000,
        '{"t": "signal", "data": "' + "é" * 40_000,
    ],
)
def test_garbage_closes_its_socket_with_one_reason_and_one_line(
    running: RunningGateway,
    sqlite_ctx: Context,
    customer: tuple[Browser, int],
    caplog: pytest.LogCaptureFixture,
    sent: str | bytes,
) -> None:
    with meeting(sqlite_ctx, running, customer) as (page, view), caplog.at_level(logging.INFO):
        page.raw.send(sent)
        assert page.closed() == (4000, "Message illisible. La liaison est coupée, rien d’autre ne change.")
        assert view.until(lambda message: message.get("present") is False)
        view.say("ping")
        view.hear("pong")
    with customer[0].socket() as page:
        assert page.hear("state")["state"] == "admitted"
    lines = [record.getMessage() for record in caplog.records if record.name == LOGGER]
    assert lines == ["a socket of 127.0.0.1 was closed: garbage"]


@pytest.mark.parametrize("sent", [b"\x81\x05hello", b"\xff" * 40, b"\x81\x80" + b"\x00" * 4 + b"\x83"])
def test_what_is_no_frame_closes_its_socket(
    running: RunningGateway, customer: tuple[Browser, int], caplog: pytest.LogCaptureFixture, sent: bytes
) -> None:
    with customer[0].socket() as page:
        page.hear("viewer")
        page.raw.socket.sendall(sent)
        assert page.closed()[0] in {1002, 4000}
    assert customer[0].get("/share").json["state"] == "admitted"
    told = [record.getMessage() for record in caplog.records if record.name == LOGGER]
    assert told == ["a socket of 127.0.0.1 was closed: garbage"]


def test_a_message_of_megabytes_closes_its_socket(
    running: RunningGateway, customer: tuple[Browser, int], caplog: pytest.LogCaptureFixture
) -> None:
    with customer[0].socket() as page:
        assert ending(page, ["x" * 3_000_000]) in {1009, 1006}  # what is unread resets the connection
    told = [record.getMessage() for record in caplog.records if record.name == LOGGER]
    assert told == ["a socket of 127.0.0.1 was closed: garbage"]


def test_a_flood_closes_its_socket_and_no_other(
    running: RunningGateway, sqlite_ctx: Context, customer: tuple[Browser, int], caplog: pytest.LogCaptureFixture
) -> None:
    with meeting(sqlite_ctx, running, customer) as (page, view):
        assert ending(page, ['{"t":"signal","data":1}'] * 50_000) == 4000
        assert page.raw.close_reason == "Trop de messages. La liaison est coupée, rien d’autre ne change."
        view.until(lambda message: message.get("present") is False)
        assert sum(message.get("t") == "signal" for message in view.heard) <= 400
        view.say("ping")
        view.hear("pong")
    assert [record.getMessage() for record in caplog.records].count("a socket of 127.0.0.1 was closed: flood") == 1


@pytest.mark.parametrize("size", [5000, 2_000_000])
def test_a_megabyte_of_text_is_refused_before_it_is_read(running: RunningGateway, size: int) -> None:
    answer = raw(
        running.port,
        f"POST /code HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\nOrigin: http://127.0.0.1:{running.port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {size}\r\n\r\n".encode(),
    )
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Cette demande est trop longue." in answer


def test_a_long_body_in_pieces_is_refused_too(running: RunningGateway) -> None:
    piece = b"1000\r\n" + b"1" * 4096 + b"\r\n"
    answer = raw(
        running.port,
        f"POST /code HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\nOrigin: http://127.0.0.1:{running.port}\r\n"
        f"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        + piece * 3,
    )
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_head_without_end_is_refused(running: RunningGateway) -> None:
    answer = raw(running.port, b"GET / HTTP/1.1\r\n" + b"X-Long: 1\r\n" * 4000)
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_who_sends_nothing_is_not_waited_for(sqlite_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_desk.gateway.protocol.HEAD_SECONDS", 0.1)
    monkeypatch.setattr("agent_desk.gateway.routes.BODY_SECONDS", 0.1)
    with gateway(sqlite_ctx) as running:
        for sent in (b"", b"GET / HTTP/1.1\r\nHo"):
            began = monotonic()
            with socket.create_connection(("127.0.0.1", running.port), timeout=10) as line:
                line.sendall(sent)
                assert line.recv(100) == b""
            assert monotonic() - began < 5
        host = f"127.0.0.1:{running.port}"
        with socket.create_connection(("127.0.0.1", running.port), timeout=10) as line:
            line.sendall(
                f"POST /code HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/json\r\n"
                "Content-Length: 30\r\n\r\n{".encode()
            )
            assert line.recv(100).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "a" * 5000, "é", 'a"; DROP TABLE share'])
def test_a_forged_resume_token_opens_nothing(
    running: RunningGateway, customer: tuple[Browser, int], token: str
) -> None:
    forger = Browser(running.port, cookie=f"share={token}")
    forger.cookie = forger.cookie.encode("latin-1").decode("latin-1")
    assert forger.get("/share").json == {"state": "none"}
    for path, body in (("/answer", {"accept": True}), ("/stop", {}), ("/leave", {}), ("/speed", {})):
        answer = forger.post(path, body)
        assert (answer.status, answer.error) == (409, "share_gone")
    assert customer[0].get("/share").json["state"] == "admitted"


def test_a_forged_token_gets_no_socket(running: RunningGateway) -> None:
    with pytest.raises(NoSeat) as refused, Browser(running.port, cookie=f"share={'a' * 43}").socket():
        pass
    assert refused.value.status == 403


def test_views_without_a_token_do_not_pile_up(running: RunningGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_desk.gateway.sockets.MOST_UNSEATED", 1)
    with Browser(running.port).socket("/viewer/socket") as waiting:
        with pytest.raises(NoSeat) as refused, Browser(running.port).socket("/viewer/socket"):
            pass
        assert refused.value.status == 503
        waiting.raw.send("{}")
        assert waiting.closed()[0] == 4003


def test_the_log_names_no_code_token_path_or_signal(
    running: RunningGateway, sqlite_ctx: Context, customer: tuple[Browser, int], caplog: pytest.LogCaptureFixture
) -> None:
    secrets = [customer[0].cookie.partition("=")[2], "4079152632", "v=0 sdp", "/nowhere"]
    with caplog.at_level(logging.DEBUG), meeting(sqlite_ctx, running, customer) as (page, view):
        customer[0].post("/code", {"digits": "4079152632"})
        customer[0].get("/nowhere?code=4079152632", Host="evil.example")
        page.say("signal", data="v=0 sdp")
        view.hear("signal")
        page.raw.send("v=0 sdp")
        page.closed()
    told = "\n".join(record.getMessage() for record in caplog.records if record.name != "websockets.client")
    assert [secret for secret in secrets if secret in told] == []
    assert "refused 127.0.0.1: wrong_host" in told


def test_an_unexpected_error_is_a_sentence_and_a_line(
    running: RunningGateway, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: Any) -> None:
        raise ValueError("4079152632")

    monkeypatch.setattr("agent_desk.gateway.routes.told_entered", broken)
    monkeypatch.setattr("agent_desk.actions.look_at_door.look_at_door", broken)
    answer = Browser(running.port, cookie="share=" + "a" * 43).get("/share")
    assert answer.status == 503
    assert answer.body.decode().startswith("Le service ne répond pas pour l’instant.")
    assert [record.getMessage() for record in caplog.records if "4079152632" in record.getMessage()] == []
    assert any(record.getMessage().startswith("ValueError  in broken:") for record in caplog.records)
