"""Servers that help two browsers to find each other; there are none but those in the settings."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# Longer than the longest share (2 h), so that a relayed connection is never asked for a new password.
CREDENTIAL_LIFE = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class IceServer:
    """One STUN or TURN server; `user` and `password` are "" where time-limited ones are made."""

    url: str
    user: str = ""
    password: str = ""

    @property
    def relays(self) -> bool:
        """Tell whether this is a TURN server, which wants a user and a password."""
        return self.url.startswith("turn")


def ice_servers(text: str) -> tuple[IceServer, ...]:
    """Return the servers named in the setting, one a line."""
    return tuple(IceServer(*line.split()[:3]) for line in text.splitlines() if line.strip())


def for_browser(servers: Iterable[IceServer], secret: str, share_id: int, now: datetime) -> list[Mapping[str, str]]:
    """Return `iceServers` for one share; a TURN server without user and secret is left out, for it would refuse."""
    known: list[Mapping[str, str]] = []
    for server in servers:
        if not server.relays:
            known.append({"urls": server.url})
        elif server.user:
            known.append({"urls": server.url, "username": server.user, "credential": server.password})
        elif secret:
            user, password = turn_credential(secret, share_id, now)
            known.append({"urls": server.url, "username": user, "credential": password})
    return known


def turn_credential(secret: str, share_id: int, now: datetime) -> tuple[str, str]:
    """Return user and password as coturn's `use-auth-secret` wants them: the user's name says until when they hold."""
    user = f"{int((now + CREDENTIAL_LIFE).timestamp())}:{share_id}"
    digest = hmac.digest(secret.encode(), user.encode(), hashlib.sha1)
    return user, base64.b64encode(digest).decode("ascii")
