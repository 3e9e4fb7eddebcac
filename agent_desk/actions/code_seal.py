"""One-time codes as the database may know them: sealed to a door, whose key is not in it (4.6).

X25519 with a key of its own for each code, HKDF-SHA256 and ChaCha20-Poly1305. Whoever seals needs the public key only,
so desks hold nothing with which a stolen database could be searched for live codes.
"""

import hmac
import secrets
from collections.abc import Collection
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_DOMAIN = b"agent-desk one-time code 2\x00"
_NONCE = bytes(12)  # each key seals once


def public_key(private: bytes) -> bytes:
    """Return the public half of a door key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(public: bytes, session_id: int, locator: str, secret: str) -> bytes:
    """Return code and session sealed to the door: the same is never sealed alike twice."""
    once = X25519PrivateKey.generate()
    given = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    return given + _cipher(shared, given, public).encrypt(_NONCE, _plain(session_id, locator, secret), _DOMAIN)


def opens(private: bytes, session_id: int, locator: str, secret: str, sealed: bytes | None) -> bool:
    """Tell whether the seal holds exactly this code; None, for a locator nobody has, takes as long and says no."""
    dummy = sealed is None
    found = _opened(private, _nobodys(private) if sealed is None else sealed)
    return hmac.compare_digest(found, _plain(session_id, locator, secret)) and not dummy


def free_locator(taken: Collection[str], digits: int) -> str | None:
    """Return a random locator that no live code has, or None when all are taken."""
    if len(taken) >= 10**digits:
        return None
    while True:
        locator = f"{secrets.randbelow(10**digits):0{digits}d}"
        if locator not in taken:
            return locator


def _opened(private: bytes, sealed: bytes) -> bytes:
    """Return what was sealed; nothing where it was sealed to another door, or not by us."""
    key, public = _door(private)
    try:
        given = sealed[:KEY_BYTES]
        shared = key.exchange(X25519PublicKey.from_public_bytes(given))
        cipher = _cipher(shared, given, public)
        return cipher.decrypt(_NONCE, sealed[KEY_BYTES:], _DOMAIN)
    except (InvalidTag, ValueError):
        return b""


def _cipher(shared: bytes, given: bytes, public: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), KEY_BYTES, salt=None, info=_DOMAIN + given + public).derive(shared))


def _plain(session_id: int, locator: str, secret: str) -> bytes:
    return f"{session_id}/{locator}/{secret}".encode()


@lru_cache(maxsize=4)
def _door(private: bytes) -> tuple[X25519PrivateKey, bytes]:
    """Return the key made ready, and its public half; to make both takes as long as to use them."""
    key = X25519PrivateKey.from_private_bytes(private)
    return key, key.public_key().public_bytes_raw()


@lru_cache(maxsize=4)
def _nobodys(private: bytes) -> bytes:
    return seal(public_key(private), 0, "000", "000000")
