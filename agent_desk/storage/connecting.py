"""Why a server did not let this program in, as codes of the wording table `errors`, and whether it is one we can use."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from agent_desk.storage.faults import DatabaseFault, fault_code

OLDEST_SERVER = 15
ENCODING = "UTF8"

# Pieces of what libpq and servers say, in the order in which they count: with several hosts each has said something.
# libpq speaks English here; a server says why in its own language, and tells no code before it has let somebody in.
_SAID = (
    ("tls_authority", ("root certificate file", "could not load system root")),
    (
        "tls_certificate",
        (
            "certificate verify failed",
            "does not match host name",
            "server certificate for",
            "sslv3 alert",
            "tlsv1 alert",
        ),
    ),
    ("tls_missing", ("server does not support SSL",)),
    ("sign_in_method", ("authentication method requirement", "auth method")),
    (
        "password_refused",
        (
            "password authentication failed",
            "authentification par mot de passe",
            "SASL authentication failed",
            "no such user",
        ),
    ),
    ("password_missing", ("no password supplied", "fe_sendauth")),
    ("database_missing", ("does not exist", "n'existe pas", "no such database")),
    ("not_let_in", ("pg_hba.conf", "permission denied", "droit refus", "not permitted", "pas autoris")),
    ("server_full", ("too many c", "remaining connection slots", "trop de", "no more connections allowed")),
    ("no_primary", ("is read-only", "is not in hot standby", "in hot standby mode")),
)


@contextmanager
def connecting() -> Iterator[None]:
    """Raise DatabaseFault with the reason where no connection could be made."""
    try:
        yield
    except DBAPIError as error:
        code = refusal_code(error)
        if code:
            raise DatabaseFault(code) from error
        raise


def refusal_code(error: Exception) -> str:
    """Return why a driver made no connection; "" where its error, or SQLAlchemy's, is none of connecting."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if fault_code(error) != "unreachable" or getattr(cause, "sqlstate", None):
        return ""
    said = str(cause)
    code = next((code for code, pieces in _SAID if any(piece in said for piece in pieces)), "unreachable")
    attempt: Any = getattr(cause, "pgconn", None)
    if code == "unreachable" and attempt is not None and attempt.needs_password:
        return "password_missing"
    return code


def check_server(tx: Connection) -> None:
    """Raise DatabaseFault `server_old` or `server_encoding` where this server cannot serve; asks it nothing."""
    driver: Any = tx.connection.driver_connection
    version, encoding = driver.info.server_version // 10_000, driver.info.parameter_status("server_encoding")
    if version < OLDEST_SERVER:
        raise DatabaseFault("server_old", version=version, needed=OLDEST_SERVER)
    if encoding != ENCODING:
        raise DatabaseFault("server_encoding", encoding=encoding)
