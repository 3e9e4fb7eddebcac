"""Personal links as customers hold them: what the link is for, signed by whoever sends the mails of this site.

The key is the one that signs checkpoints, which desks of a call centre do not have; its public half is in `site`. The log's
notes begin with the site's name, and links with a word of their own, so that neither can be taken for the other.
"""

import binascii
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from agent_desk.rules.links import Link, packed, unpacked

_DOMAIN = b"agent-desk personal link 1\x00"
SIGNATURE_BYTES = 64
LONGEST_TOKEN = 200


def sign(key: Ed25519PrivateKey, link: Link) -> str:
    """Return the token of a link: letters, digits, `-` and `_`; the same each time."""
    content = packed(link)
    return urlsafe_b64encode(content + key.sign(_DOMAIN + content)).decode("ascii").rstrip("=")


def opened(token: str, verifier_keys: Iterable[str]) -> Link | None:
    """Return the link of a token that one of the site's keys has signed, None for any other."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (ValueError, binascii.Error):
        return None
    content, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    # The alphabet leaves room to write the same bytes differently: one link has one token.
    if urlsafe_b64encode(raw).decode("ascii").rstrip("=") != token:
        return None
    return unpacked(content) if any(_is_by(key, content, signature) for key in verifier_keys) else None


def _is_by(verifier_key: str, content: bytes, signature: bytes) -> bool:
    try:
        raw = b64decode(verifier_key.split("+", 2)[2], validate=True)  # a key may have a + of its own
        Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature, _DOMAIN + content)
    except (InvalidSignature, ValueError, IndexError):
        return False
    return True
