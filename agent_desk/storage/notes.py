"""A checkpoint as text: C2SP tlog-checkpoint, signed as C2SP signed-note with Ed25519.

Lines: origin, number of leaves, root in base64; then, as extensions, `previous` (SHA-256 of the checkpoint before, in
base64), `time`, and `unsigned` where no key was at hand; an empty line; the signature.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
NO_PREVIOUS = bytes(32)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What one checkpoint says; `signature` is key id and Ed25519 signature, empty where it is marked unsigned."""

    origin: str
    size: int
    root: bytes
    previous: bytes
    at: datetime
    signature: bytes = b""


def write(said: Checkpoint, key: Ed25519PrivateKey | None) -> str:
    """Return the note of a checkpoint, signed with `key`, marked unsigned without one."""
    if key is None:
        return _text(said)
    mark = key_id(said.origin, key.public_key())
    return _text(replace(said, signature=mark + key.sign(_body(said, signed=True).encode())))


def read(note: str) -> Checkpoint:
    """Return what a note says; ValueError for anything that `write` would not have written."""
    body, _, signature = note.partition("\n\n")
    origin, size, root, previous, at = body.removesuffix("\nunsigned").split("\n")
    said = Checkpoint(
        origin,
        int(size),
        _unb64(root),
        _unb64(previous.removeprefix("previous ")),
        datetime.fromisoformat(at.removeprefix("time ")),
        _unb64(signature.rstrip("\n").rpartition(" ")[2]),
    )
    if _text(said) != note:
        raise ValueError("not a checkpoint as this program writes them")
    return said


def note_hash(note: str) -> bytes:
    """Return what the next checkpoint calls `previous`."""
    return hashlib.sha256(note.encode()).digest()


def is_signed_by(note: str, said: Checkpoint, verifier_keys: Iterable[str]) -> bool:
    """Tell whether one of the keys made the note's signature; keys of other forms or names are passed over."""
    body = note.partition("\n\n")[0] + "\n"
    for text in verifier_keys:
        name, _, encoded = (*text.split("+", 2), "", "")[:3]
        public = _public_key(encoded)
        if public is None or key_id(name, public) != said.signature[:4]:
            continue
        try:
            public.verify(said.signature[4:], body.encode())
        except InvalidSignature:
            continue
        return True
    return False


def verifier_key(name: str, public: Ed25519PublicKey) -> str:
    """Return the public key as people keep it: name, key id in hexadecimal, key in base64, joined by `+`."""
    return f"{name}+{key_id(name, public).hex()}+{_b64(_ED25519 + public.public_bytes_raw())}"


def key_id(name: str, public: Ed25519PublicKey) -> bytes:
    """Return the four bytes by which signed-note finds a key."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public.public_bytes_raw()).digest()[:4]


def _text(said: Checkpoint) -> str:
    signed = bool(said.signature)
    body = _body(said, signed=signed)
    return f"{body}\n— {said.origin} {_b64(said.signature)}\n" if signed else f"{body}\n"


def _body(said: Checkpoint, *, signed: bool) -> str:
    at = said.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    lines = [said.origin, str(said.size), _b64(said.root), f"previous {_b64(said.previous)}", f"time {at}"]
    return "\n".join([*lines, *([] if signed else ["unsigned"]), ""])


def _public_key(encoded: str) -> Ed25519PublicKey | None:
    try:
        raw = _unb64(encoded)
        return Ed25519PublicKey.from_public_bytes(raw[1:]) if raw[:1] == _ED25519 else None
    except ValueError:
        return None


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unb64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
