"""Passwords of accounts on one desk, kept as Argon2id (RFC 9106) in PHC form; a server keeps its own."""

import secrets

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

# The second choice of RFC 9106, above OWASP's least (19 MiB, 2 passes): 0.1 to 0.2 s and 64 MiB for each guess.
PASSES, LANES, KIBIBYTES = 3, 4, 64 * 1024
SALT_BYTES, HASH_BYTES = 16, 32


def hashed(password: str) -> str:
    """Return what proves the password, with its salt and cost."""
    return _argon2().derive_phc_encoded(password.encode())


def matches(password: str, kept: str) -> bool:
    """Tell whether this is the password kept as `kept`; with nothing kept, no, after the same time."""
    if not kept:
        _argon2().derive(password.encode())
        return False
    try:
        Argon2id.verify_phc_encoded(password.encode(), kept)
    except InvalidKey:
        return False
    return True


def _argon2() -> Argon2id:
    return Argon2id(
        salt=secrets.token_bytes(SALT_BYTES), length=HASH_BYTES, iterations=PASSES, lanes=LANES, memory_cost=KIBIBYTES
    )
