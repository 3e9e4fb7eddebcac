"""What every answer carries, and who is answered at all."""

import ssl
from collections.abc import Iterator
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from agent_desk.actions.context import Context
from agent_desk.gateway.pages import TYPES
from agent_desk.paths import data_path
from agent_desk.wiring.gateway import RunningGateway
from tests.support.certificates import new_authority
from tests.support.gateways import Browser, NoSeat, gateway

FOLDER = data_path("resources", "gateway")
EVIL = "evil.example"


@pytest.fixture
def running(sqlite_ctx: Context) -> Iterator[RunningGateway]:
    """Give a gateway behind a proxy on this machine."""
    settings = {"trusted_proxies": "127.0.0.1", "public_url": "https://aide.example", "company": "Aide & <Cie>"}
    with gateway(sqlite_ctx, **settings) as made:
        yield made


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("de", "fr"),
        ("", "fr"),
        ("fr;q=0.1, en", "en"),
    ],
)
def test_the_page_speaks_the_visitors_language(running: RunningGateway, accepted: str, language: str) -> None:
    answer = Browser(running.port, language=accepted).get("/")
    assert answer.status == 200
    assert f'<html lang="{language}"'.encode() in answer.body
    assert b"Aide &amp; &lt;Cie&gt;" in answer.body
    assert b"@company@" not in answer.body


def test_every_answer_is_guarded(running: RunningGateway) -> None:
    browser = Browser(running.port)
    answers = [browser.get(path) for path in ("/", "/viewer", "/healthz", "/share", "/static/page.js", "/nowhere")]
    answers += [browser.post("/code"), browser.post("/stop"), browser.get("/code"), browser.get("/", Host=EVIL)]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["permissions-policy"].startswith("display-capture=(self), ")
        assert "camera=()" in answer.headers["permissions-policy"]
        policy = answer.headers["content-security-policy"].split("; ")
        assert {"default-src 'none'", "frame-ancestors 'none'", "form-action 'none'", "script-src 'self'"} <= set(
            policy
        )
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "strict-transport-security" not in answer.headers
        assert "server" not in answer.headers
        assert "date" in answer.headers


def test_the_policy_lets_sockets_go_to_this_host_only(running: RunningGateway) -> None:
    browser = Browser(running.port)
    assert f"connect-src 'self' ws://127.0.0.1:{running.port};" in browser.get("/").headers["content-security-policy"]
    browser.host = "aide.example"
    policy = browser.get("/", X_Forwarded_Proto="https").headers["content-security-policy"]
    assert "connect-src 'self' wss://aide.example;" in policy
    assert EVIL not in browser.get("/", Host=EVIL).headers["content-security-policy"]


@pytest.mark.parametrize("path", sorted(path.name for path in FOLDER.iterdir() if path.suffix in TYPES))
def test_each_file_of_the_pages_is_served_as_what_it_is(running: RunningGateway, path: str) -> None:
    answer = Browser(running.port).get(f"/static/{path}")
    assert (answer.status, answer.body) == (200, (FOLDER / path).read_bytes())
    assert answer.headers["content-type"].partition(";")[0] == TYPES[Path(path).suffix]


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/page.html", "/static/words.txt", "/static/../page.html", "/static/%2e%2e/x", "/static/a/b"],
)
def test_no_other_file_is_served(running: RunningGateway, path: str) -> None:
    assert Browser(running.port).get(path).status == 404


@pytest.mark.parametrize(
    "host", [EVIL, "", "127.0.0.1", "aide.example.evil.example", "aide.example:8443", "127.0.0.1:1"]
)
def test_whoever_asks_for_another_host_is_told_so(running: RunningGateway, host: str) -> None:
    answer = Browser(running.port).get("/", Host=host) if host else Browser(running.port, host=" ").get("/")
    assert answer.status == 421
    assert (
        answer.body.decode().strip()
        == "Ce serveur ne répond pas à ce nom. Ouvrez l’adresse que votre conseiller vous a dictée."
    )


@pytest.mark.parametrize(
    "host", ["127.0.0.1:{}", "localhost:{}", "LOCALHOST:{}", "[::1]:{}", "aide.example", "aide.example:443"]
)
def test_its_own_names_are_answered(running: RunningGateway, host: str) -> None:
    assert Browser(running.port, host=host.format(running.port)).get("/healthz").status == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1", "http://aide.example"])
@pytest.mark.parametrize("path", ["/code", "/answer", "/stop", "/leave", "/speed"])
def test_other_pages_cannot_make_a_browser_ask(running: RunningGateway, path: str, origin: str) -> None:
    answer = Browser(running.port, more={"Origin": origin}).post(path)
    assert (answer.status, answer.error) == (403, "wrong_origin")


@pytest.mark.parametrize("path", ["/customer", "/viewer/socket"])
def test_other_pages_cannot_open_a_socket(running: RunningGateway, path: str) -> None:
    with pytest.raises(NoSeat) as refused, Browser(running.port, more={"Origin": "https://evil.example"}).socket(path):
        pass
    assert refused.value.status == 403


def test_there_is_no_socket_elsewhere(running: RunningGateway) -> None:
    with pytest.raises(NoSeat) as refused, Browser(running.port).socket("/code"):
        pass
    assert refused.value.status == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/code", 405), ("POST", "/", 405), ("DELETE", "/share", 405), ("OPTIONS", "/", 405), ("HEAD", "/", 200)],
)
def test_other_methods_are_refused_in_one_sentence(
    running: RunningGateway, method: str, path: str, status: int
) -> None:
    answer = Browser(running.port).ask(method, path, b"" if method == "POST" else None, {})
    assert answer.status == status
    assert answer.body.count(b"\n") == (1 if method not in {"POST", "HEAD"} else 0)


def test_behind_a_proxy_with_tls_cookies_and_browsers_stay_with_tls(running: RunningGateway) -> None:
    browser = Browser(running.port, host="aide.example", more={"X-Forwarded-Proto": "https"})
    assert browser.get("/").headers["strict-transport-security"] == "max-age=31536000"
    assert browser.post("/code").status == 403  # its origin says http
    browser.more["Origin"] = "https://aide.example"
    assert browser.post("/code", {"digits": "1"}).error == "code_refused"


def test_with_a_certificate_it_serves_tls_and_the_desks_view_stays_on_this_machine(
    sqlite_ctx: Context, tmp_path: Path
) -> None:
    authority = new_authority(tmp_path / "authority")
    chain, key = authority.server("127.0.0.1")
    with gateway(sqlite_ctx, tls_certificate=str(chain), tls_key=str(key)) as running:
        trusted = ssl.create_default_context(cafile=str(authority.file))
        connection = HTTPSConnection("127.0.0.1", running.port, context=trusted, timeout=10)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("strict-transport-security")) == (200, "max-age=31536000")
        answer.read()
        connection.close()
        assert running.url.startswith("http://127.0.0.1:")
        plain = int(running.url.rpartition(":")[2])
        assert plain != running.port
        assert Browser(plain).get("/viewer").status == 200


def test_a_taken_port_and_a_certificate_that_is_none_are_errors_of_the_system(
    sqlite_ctx: Context, tmp_path: Path
) -> None:
    with gateway(sqlite_ctx) as running:
        taken = f"127.0.0.1:{running.port}"
        with pytest.raises(OSError, match="in use"), gateway(sqlite_ctx, gateway_listen=taken):
            pass
    (tmp_path / "none.pem").write_text("no certificate")
    with pytest.raises(OSError), gateway(sqlite_ctx, tls_certificate=str(tmp_path / "none.pem")):  # noqa: PT011
        pass


def test_the_view_gets_its_token_where_no_server_sees_it(running: RunningGateway) -> None:
    assert running.viewer_url("a/b+c") == f"http://127.0.0.1:{running.port}/viewer#token=a%2Fb%2Bc&language=fr"
