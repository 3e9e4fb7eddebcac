"""What a gateway is told once: who may be asked for, which proxies are believed, which servers help a connection."""

from dataclasses import dataclass, field
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit

from agent_desk.gateway.ice import IceServer, ice_servers
from agent_desk.rules.clocks import PUBLISHED_DAYS
from agent_desk.rules.code import SECRET_DIGITS
from agent_desk.settings import Settings

DEFAULT_PORTS = {"http": 80, "https": 443}
CHECK_DIGITS = 1
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Facts:
    """`hosts` are the names customers and desks may ask for, as a Host header spells them."""

    hosts: frozenset[str]
    proxies: tuple[Network, ...]
    ice: tuple[IceServer, ...]
    company: str
    phone: str
    code_digits: int
    language: str
    turn_secret: str = field(default="", repr=False)
    days_off: tuple[date, ...] = ()  # of the site, and for how long it lets customers withdraw
    withdrawal_days: int = PUBLISHED_DAYS


def facts_of(settings: Settings, turn_secret: str = "") -> Facts:
    """Return the facts in these settings; a proxy whose address is no address is not believed."""
    return Facts(
        hosts=frozenset(name for url in (settings.public_url, settings.gateway_url) for name in _spellings(url)),
        proxies=tuple(_networks(settings.trusted_proxies)),
        ice=ice_servers(settings.ice_servers),
        company=settings.company,
        phone=settings.support_phone,
        code_digits=settings.locator_digits + SECRET_DIGITS + CHECK_DIGITS,
        language=settings.language,
        turn_secret=turn_secret,
        days_off=settings.extra_holidays,
        withdrawal_days=settings.withdrawal_published_days,
    )


def _spellings(url: str) -> list[str]:
    parts = urlsplit(url)
    if not parts.netloc:
        return []
    host, default = parts.netloc.lower(), DEFAULT_PORTS.get(parts.scheme)
    if parts.port is None:
        return [host, f"{host}:{default}"]
    return [host, host.rpartition(":")[0]] if parts.port == default else [host]


def _networks(text: str) -> list[Network]:
    found = []
    for one in text.replace(",", " ").split():
        try:
            found.append(ip_network(one, strict=False))
        except ValueError:
            continue
    return found
