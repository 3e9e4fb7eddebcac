"""Whether customers can reach the page, asked the way their browsers would."""

import json
import secrets
import ssl
from http.client import HTTPException
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from agent_desk.settings import Settings

PATIENCE_SECONDS = 5.0
LONGEST_ANSWER = 4096
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class _Stay(HTTPRedirectHandler):
    """Follows nothing: another address than the one customers are told is not ours."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


def check_public_url(settings: Settings, trusted: ssl.SSLContext | None = None) -> str:
    """Return what stands between customers and the page, as a key of the wording table `page_answers`.

    `not_set`, `not_secure` (browsers share no screen with a page that came without TLS), `unreachable`,
    `wrong_certificate`, `other_program`, or `ok`.
    """
    parts = urlsplit(settings.public_url)
    if not parts.hostname:
        return "not_set"
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        return "not_secure"
    nonce = secrets.token_hex(16)
    request = Request(f"{settings.public_url.rstrip('/')}/healthz?nonce={nonce}")  # noqa: S310 (http and https only)
    opener = build_opener(HTTPSHandler(context=trusted or ssl.create_default_context()), _Stay())
    try:
        with opener.open(request, timeout=PATIENCE_SECONDS) as answer:
            said = json.loads(answer.read(LONGEST_ANSWER))
    except URLError as error:
        return _said_by(error.reason) if isinstance(error.reason, OSError) else "other_program"
    except OSError as error:
        return _said_by(error)
    except (HTTPException, ValueError):
        return "other_program"
    ours = isinstance(said, dict) and said.get("program") == "agent-desk" and said.get("nonce") == nonce
    return "ok" if ours else "other_program"


def _said_by(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "wrong_certificate"
    return "other_program" if isinstance(error, ssl.SSLError) else "unreachable"
