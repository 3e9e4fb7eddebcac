"""Who asks, seen through the proxies that are believed: address, name asked for, origin, language."""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from agent_desk.gateway.facts import DEFAULT_PORTS, Facts, Network
from agent_desk.rules.guessing import source_of

Scope = Any  # ASGI's dictionary; its types are for servers, not for us
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_SECURE = frozenset({"https", "wss"})
_BROWSER_MAX = 400
_WEIGHT = re.compile(rb"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request; `source` is what its attempts are counted by, `known_host` whether its Host names this gateway."""

    source: str
    host: str
    known_host: bool
    origin: str
    secure: bool
    language: str
    browser: str
    cookie: str
    length: int | None

    @property
    def same_origin(self) -> bool:
        """Tell whether a page of this very gateway asks."""
        scheme, _, authority = self.origin.partition("://")
        return authority == self.host and (scheme == "https" if self.secure else scheme in {"http", "https"})


def look(scope: Scope, facts: Facts) -> Visit:
    """Return what the headers say; of those that come twice, the last counts."""
    headers: dict[bytes, bytes] = {}
    forwarded: list[bytes] = []
    for name, value in scope["headers"]:
        headers[name] = value
        if name == b"x-forwarded-for":
            forwarded.append(value)
    client = scope["client"][0] if scope["client"] else ""
    secure = scope["scheme"] in _SECURE
    if facts.proxies and is_trusted(client, facts.proxies):
        client = visitor(client, b",".join(forwarded).decode("latin-1"), facts.proxies)
        secure = secure or headers.get(b"x-forwarded-proto", b"").rpartition(b",")[2].strip() == b"https"
    host = headers.get(b"host", b"").decode("latin-1").lower()
    length = headers.get(b"content-length", b"")
    return Visit(
        source=_source(client),
        host=host,
        known_host=host in facts.hosts or host in _own_names(scope["server"]),
        origin=headers.get(b"origin", b"").decode("latin-1").lower(),
        secure=secure,
        language=preferred(headers.get(b"accept-language", b"")),
        browser=headers.get(b"user-agent", b"")[:_BROWSER_MAX].decode("latin-1"),
        cookie=headers.get(b"cookie", b"").decode("latin-1"),
        length=int(length) if length.isdigit() and len(length) < 16 else None,
    )


@lru_cache(maxsize=4096)
def is_trusted(address: str, proxies: tuple[Network, ...]) -> bool:
    """Tell whether an address is one of the proxies'."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None) or ip
    return any(mapped in network for network in proxies if network.version == mapped.version)


def visitor(peer: str, forwarded: str, proxies: tuple[Network, ...]) -> str:
    """Return the nearest address no believed proxy vouches for; what a visitor writes into the header is further left."""
    nearest = peer
    for hop in reversed([hop.strip() for hop in forwarded[-1000:].split(",") if hop.strip()]):
        address = _address(hop)
        if address is None:
            return nearest
        nearest = address
        if not is_trusted(address, proxies):
            return nearest
    return nearest


@lru_cache(maxsize=1024)
def preferred(accepted: bytes) -> str:
    """Return "fr" or "en", whichever Accept-Language puts first; French when it names neither."""
    best, weight = "fr", 0.0
    for one in accepted[:200].lower().split(b","):
        tag, _, rest = one.strip().partition(b";")
        language = tag[:2].decode("latin-1")
        given = _WEIGHT.search(rest)
        worth = float(given[1]) if given else 1.0
        if language in {"fr", "en"} and tag[2:3] in {b"", b"-"} and worth > weight:
            best, weight = language, worth
    return best


def _address(hop: str) -> str | None:
    """Return the IP address of one hop, written with or without a port."""
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        return str(ip_address(hop))
    except ValueError:
        return None


@lru_cache(maxsize=65536)
def _source(address: str) -> str:
    return source_of(address)


@lru_cache(maxsize=64)
def _own_names(server: tuple[str, int | None] | None) -> frozenset[str]:
    """Return how the address a request arrived at may be spelled."""
    if server is None or server[1] is None:
        return frozenset()
    address, port = server
    try:
        ip = ip_address(address)
    except ValueError:
        return frozenset()
    names = {f"[{ip}]" if ip.version == 6 else str(ip)}
    if ip.is_loopback:
        names |= set(LOOPBACK_NAMES)
    bare = names if port in DEFAULT_PORTS.values() else set()
    return frozenset({f"{name}:{port}" for name in names} | bare)
