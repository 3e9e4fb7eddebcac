"""Addresses of databases: what is told to a server unless its address says otherwise, which is the safe way.

Over a network that is TLS with the server's name checked and passwords by SCRAM only. A socket of this machine needs
neither. What an address writes out itself is left as it is, and `weaknesses` names it.
"""

import os
import re
from ipaddress import ip_address
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from agent_desk.storage.faults import DatabaseFault

PROGRAM = "agent-desk"
SAFE_TLS = "verify-full"
SAFE_SIGN_IN = "scram-sha-256"

# A dead server is noticed within about 20 s, also in the middle of a statement.
_ALWAYS = {
    "application_name": PROGRAM,
    "client_encoding": "UTF8",
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
# GSS encryption, if a ticket lies about, would take the place of TLS.
_OVER_NETWORK = {"sslmode": SAFE_TLS, "require_auth": SAFE_SIGN_IN, "gssencmode": "disable"}
_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
_DRIVERS = {"postgresql": "postgresql+psycopg", "postgresql+psycopg": "postgresql+psycopg", "sqlite": "sqlite"}
_UNQUOTED = re.compile(r"[\\']")


def safe(address: str) -> URL:
    """Return a database's address with everything that makes it safe; DatabaseFault `address_refused`."""
    try:
        url = make_url(address)
        url = url.set(drivername=_DRIVERS[url.drivername])
    except (ArgumentError, KeyError, ValueError) as error:
        raise DatabaseFault("address_refused") from error
    if url.get_backend_name() == "sqlite":
        return url
    wanted = dict(_ALWAYS)
    if is_remote(url):
        wanted |= _OVER_NETWORK
        if url.query.get("sslmode", SAFE_TLS) == SAFE_TLS:
            wanted["sslrootcert"] = _authorities()
    if len(_hosts(url)) > 1:
        wanted["target_session_attrs"] = "read-write"
    return url.update_query_dict({key: value for key, value in wanted.items() if key not in url.query})


def is_remote(url: URL) -> bool:
    """Tell whether what is said to this server leaves the machine, or might."""
    return any(not _is_here(host) for host in (*_hosts(url), *_numbers(url)))


def weaknesses(url: URL) -> tuple[str, ...]:
    """Return what an address from `safe` gives up: `tls`, `sign_in`, or `password` where it holds one."""
    if url.get_backend_name() == "sqlite":
        return ()
    found = [("password", url.password is not None or "password" in url.query)]
    if is_remote(url):
        found += [("tls", url.query["sslmode"] != SAFE_TLS), ("sign_in", url.query["require_auth"] != SAFE_SIGN_IN)]
    return tuple(name for name, given in found if given)


def listening(database_url: str, signal_url: str) -> str:
    """Return what psycopg connects to for LISTEN: the direct address where there is one, as safe as the other.

    Never shown or logged: it may hold a password.
    """
    account = safe(database_url)
    direct = with_account(signal_url, account.username, account.password or "") if account.username else signal_url
    return conninfo(safe(direct or database_url))


def with_account(address: str, login: str, password: str) -> str:
    """Return a server's address with who signs in; one that names somebody, or is a file, stays as it is."""
    url = safe(address) if address else None
    if url is None or url.get_backend_name() == "sqlite" or url.username is not None:
        return address
    return url.set(username=login, password=password).render_as_string(hide_password=False)


def conninfo(url: URL) -> str:
    """Return a server's address as libpq reads it."""
    return " ".join(f"{key}='{_UNQUOTED.sub(_quote, value)}'" for key, value in parameters(url).items())


def parameters(url: URL) -> dict[str, str]:
    """Return a server's address as libpq's parameters, by name."""
    _, given = url.get_dialect()().create_connect_args(url)
    return {key: str(value) for key, value in given.items() if key != "context"}


def shown(url: URL) -> str:
    """Return where a database is, for people: without user, password and options."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{', '.join(host or 'localhost' for host in _hosts(url))} / {url.database or url.username or ''}"


def _quote(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _hosts(url: URL) -> tuple[str, ...]:
    """Return the names of the hosts; of a service file nothing is known, so it counts as a host far away."""
    if "service" in url.query or "PGSERVICE" in os.environ:
        return ("service",)
    given = url.host or url.query.get("host") or url.query.get("hostaddr") or os.environ.get("PGHOST", "")
    return tuple(_without_port(host) for host in _several(given))


def _numbers(url: URL) -> tuple[str, ...]:
    """Return where the connections go in truth, whatever name stands beside it."""
    return tuple(one for one in _several(url.query.get("hostaddr") or os.environ.get("PGHOSTADDR", "")) if one)


def _several(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(given.split(",")) if isinstance(given, str) else given


def _without_port(host: str) -> str:
    """Return `name` of `name:5432`; an IPv6 address has more colons, or brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0] if host.count(":") == 1 else host


def _is_here(host: str) -> bool:
    if not host or host.startswith(("/", "@")) or host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _authorities() -> str:
    """Return the file of the authorities this system trusts: the driver's own library may look for it elsewhere."""
    known = (os.environ.get("SSL_CERT_FILE", ""), *_BUNDLES)
    return next((path for path in known if path and Path(path).is_file()), "system")
