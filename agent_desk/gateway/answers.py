"""What the gateway answers: JSON for its pages, one plain sentence for everybody else, the same headers on all of it."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from starlette.responses import Response

from agent_desk.gateway.visit import Visit
from agent_desk.wording import load_wording

Headers = list[tuple[bytes, bytes]]

STATUS = {
    "bad_request": 400,
    "code_refused": 403,
    "wrong_origin": 403,
    "not_found": 404,
    "wrong_method": 405,
    "too_slow": 408,
    "share_gone": 409,
    "too_large": 413,
    "not_json": 415,
    "wrong_host": 421,
    "site_busy": 429,
    "source_busy": 429,
    "unavailable": 503,
}
_NEVER = (
    *(b"accelerometer", b"camera", b"clipboard-read", b"geolocation", b"gyroscope", b"hid", b"local-fonts"),
    *(b"magnetometer", b"microphone", b"midi", b"payment", b"publickey-credentials-get", b"serial", b"usb"),
)
_ALWAYS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"display-capture=(self), " + b", ".join(name + b"=()" for name in _NEVER)),
)
_STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self' {sockets}; form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
)


class Refused(Exception):
    """A visitor is refused: `code` is a key of the wording table `gateway`, and of STATUS."""

    def __init__(self, code: str, retry_after: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


def sentence(code: str, language: str) -> str:
    """Return the plain sentence for a refusal."""
    return load_wording(language).text(f"gateway.{code}")


def answered(value: object, status: int = 200) -> Response:
    """Return `value` as JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, media_type="application/json")


def nothing() -> Response:
    """Return an answer without content."""
    return Response(status_code=204)


@lru_cache(maxsize=1024)
def refusal(code: str, language: str, retry_after: int, *, plain: bool) -> tuple[int, Headers, bytes]:
    """Return status, headers and body of a refusal, one sentence in any case."""
    text = sentence(code, language)
    content: dict[str, Any] = {"error": code, "sentence": text}
    headers = [(b"content-type", b"text/plain; charset=utf-8" if plain else b"application/json")]
    if retry_after:
        content["retry_after"] = retry_after
        headers.append((b"retry-after", str(retry_after).encode("ascii")))
    if code == "wrong_method":
        headers.append((b"allow", b"GET, HEAD, POST"))
    body = (text + "\n" if plain else json.dumps(content, ensure_ascii=False)).encode()
    headers.append((b"content-length", str(len(body)).encode("ascii")))
    return STATUS[code], headers, body


def guards(visit: Visit, *, forms: bool = False) -> Headers:
    """Return the headers every answer carries; `forms` for a page whose form is sent back to this host.

    Such a page tells its own host where it comes from: without that a browser sends no Origin with a form.
    """
    return _guards(visit.host if visit.known_host else "", visit.secure, forms)


@lru_cache(maxsize=256)
def _guards(host: str, secure: bool, forms: bool) -> Headers:
    # Browsers before the third edition of the policy do not count a WebSocket of the same host as 'self'.
    sockets = f"wss://{host}" if secure else f"ws://{host}"
    policy = _POLICY.format(sockets=sockets if host else "", forms="'self'" if forms else "'none'").replace(" ;", ";")
    strict = [_STRICT_TRANSPORT] if secure else []
    referrer = (b"referrer-policy", b"same-origin" if forms else b"no-referrer")
    return [*_ALWAYS, referrer, (b"content-security-policy", policy.encode("latin-1")), *strict]


def cookies(header: str) -> Mapping[str, str]:
    """Return the cookies in a header; of those that come twice, the first counts, which is the closest path's."""
    found: dict[str, str] = {}
    for pair in header.split(";")[:50]:
        name, separator, value = pair.strip().partition("=")
        if separator:
            found.setdefault(name, value)
    return found
