"""The page's address is tested as a customer's browser would use it, and the answer is plain."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from agent_desk.actions.context import Context
from agent_desk.gateway.reach import check_public_url
from agent_desk.settings import Settings
from tests.support.certificates import new_authority
from tests.support.gateways import gateway


def said(url: str, trusted: ssl.SSLContext | None = None) -> str:
    return check_public_url(Settings(public_url=url), trusted)


@contextmanager
def other_program(status: int, body: bytes, location: str = "") -> Iterator[str]:
    """Serve something else and give its address."""

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            if location:
                self.send_header("Location", location + urlsplit(self.path).path + "?" + urlsplit(self.path).query)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Other) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_our_own_page_is_recognised(sqlite_ctx: Context) -> None:
    with gateway(sqlite_ctx) as running:
        assert said(running.url) == said(f"{running.url}/") == "ok"
        with other_program(302, b"", location=running.url) as elsewhere:
            assert said(elsewhere) == "other_program"


def test_without_an_address_or_without_tls_nobody_can_share(sqlite_ctx: Context) -> None:
    assert said("") == "not_set"
    assert said("http://aide.example") == "not_secure"
    with gateway(sqlite_ctx) as running:
        url = running.url
    assert said(url) == "unreachable"
    assert said("https://no-such-host.invalid") == "unreachable"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"hello"),
        (200, b'{"program": "agent-desk"}'),
        (200, b"[]"),
        (404, b""),
        (500, b"{}"),
        (200, b"\xff" * 9000),
    ],
)
def test_another_program_is_told_apart(status: int, body: bytes) -> None:
    with other_program(status, body) as url:
        assert said(url) == "other_program"


def test_a_certificate_browsers_would_refuse_is_named(sqlite_ctx: Context, tmp_path: Path) -> None:
    authority = new_authority(tmp_path / "authority")
    chain, key = authority.server("127.0.0.1")
    with gateway(sqlite_ctx, tls_certificate=str(chain), tls_key=str(key)) as running:
        url = f"https://127.0.0.1:{running.port}"
        assert said(url) == "wrong_certificate"
        assert said(url, ssl.create_default_context(cafile=str(authority.file))) == "ok"
    with gateway(sqlite_ctx) as running:  # no TLS at that port at all
        assert said(running.url.replace("http:", "https:")) == "other_program"
