"""Who asks, seen through the proxies that are believed: address, name asked for, origin, language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from socket import AF_INET, inet_pton
from typing import Any

from agent_desk.gateway.facts import DEFAULT_PORTS, Facts, Network
from agent_desk.rules.guessing import source_of

Scope = Any  # ASGI's dictionary; its types are for servers, not for us
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_SECURE = frozenset({"https", "wss"})
_BROWSER_MAX = 400
_WEIGHT = re.compile(rb"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


@dataclass(slots=True)
class Visit:
    """One request; `source` is what its tries are counted by, `known_host` whether its Host names this gateway.

    Under attack there are thousands a second, so the rest of the headers is read only where it is asked for.
    """

    source: str
    host: str
    known_host: bool
    secure: bool
    headers: Mapping[bytes, bytes]

    @property
    def same_origin(self) -> bool:
        """Tell whether a page of this very gateway asks."""
        scheme, _, authority = self._text(b"origin").lower().partition("://")
        return authority == self.host and (scheme == "https" if self.secure else scheme in {"http", "https"})

    @property
    def language(self) -> str:
        """Return the language the visitor reads."""
        return preferred(self.headers.get(b"accept-language", b""))

    @property
    def browser(self) -> str:
        """Return how the browser names itself."""
        return self._text(b"user-agent")[:_BROWSER_MAX]

    @property
    def cookie(self) -> str:
        """Return the browser's cookies, as they came."""
        return self._text(b"cookie")

    @property
    def length(self) -> int | None:
        """Return how long the body is said to be."""
        said = self.headers.get(b"content-length", b"")
        return int(said) if said.isdigit() and len(said) < 16 else None

    def _text(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")


def look(scope: Scope, facts: Facts) -> Visit:
    """Return what the headers say; of those that come twice, the last counts."""
    headers = dict(scope["headers"])
    client = scope["client"][0] if scope["client"] else ""
    secure = scope["scheme"] in _SECURE
    if facts.proxies and is_trusted(client, facts.proxies):
        hops = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        client = visitor(client, b",".join(hops).decode("latin-1"), facts.proxies)
        secure = secure or headers.get(b"x-forwarded-proto", b"").rpartition(b",")[2].strip() == b"https"
    host = headers.get(b"host", b"").decode("latin-1").lower()
    known = host in facts.hosts or host in _own_names(scope["server"])
    return Visit(client if is_ipv4(client) else source_of(client), host, known, secure, headers)


def is_ipv4(text: str) -> bool:
    """Tell whether a text is an IPv4 address, in a twentieth of the time `ipaddress` takes."""
    try:
        inet_pton(AF_INET, text)
    except (OSError, ValueError):
        return False
    return True


def is_trusted(address: str, proxies: tuple[Network, ...]) -> bool:
    """Tell whether an address is one of the proxies'."""
    if is_ipv4(address):
        number, version = int.from_bytes(inet_pton(AF_INET, address), "big"), 4
    else:
        try:
            ip = ip_address(address)
        except ValueError:
            return False
        mapped = getattr(ip, "ipv4_mapped", None) or ip
        number, version = int(mapped), mapped.version
    return any(number & mask == start for their_version, start, mask in _numbers(proxies) if their_version == version)


@lru_cache(maxsize=8)
def _numbers(proxies: tuple[Network, ...]) -> tuple[tuple[int, int, int], ...]:
    return tuple((one.version, int(one.network_address), int(one.netmask)) for one in proxies)


def visitor(peer: str, forwarded: str, proxies: tuple[Network, ...]) -> str:
    """Return the nearest address no believed proxy vouches for; what a visitor writes into the header is further left."""
    nearest = peer
    for hop in reversed(forwarded[-1000:].split(",")):
        address = _address(hop.strip())
        if address is None:
            if hop.strip():
                return nearest
            continue
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
    if is_ipv4(hop):
        return hop
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        return str(ip_address(hop))
    except ValueError:
        return None


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
