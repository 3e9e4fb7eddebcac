"""A mail gets the customer's personal links as it leaves: signed, and known to the database by their fingerprint only."""

from dataclasses import replace
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.link_seal import sign
from agent_desk.actions.make_checkpoint import signing_key
from agent_desk.ports import Letter
from agent_desk.rules.links import Purpose, filled, link_of, marks, without_links
from agent_desk.rules.mail import DUPLICATE
from agent_desk.storage.checkpoints import publish_key
from agent_desk.storage.links import keep_link, last_link
from agent_desk.storage.outbox import Claim


def with_links(ctx: Context, tx: Connection, claimed: Claim) -> Letter:
    """Return the letter as it goes to the relay, its links kept in the same transaction; without them if none can sign.

    Sent again, a mail has the same links; so has a duplicate, and a session asks its one question by one link.
    """
    letter = claimed.letter
    wanted = marks(letter.text) | marks(letter.html)
    if not wanted:
        return letter
    key = signing_key(ctx.secrets)
    if key is None:
        return replace(letter, text=without_links(letter.text), html=without_links(letter.html))
    publish_key(tx, key)
    tokens = {
        purpose: _earlier(tx, key, claimed, purpose) or _new(tx, key, claimed, purpose) for purpose in sorted(wanted)
    }
    return replace(letter, text=filled(letter.text, tokens.__getitem__), html=filled(letter.html, tokens.__getitem__))


def _earlier(tx: Connection, key: Ed25519PrivateKey, claimed: Claim, purpose: Purpose) -> str:
    """Return the token of a link the customer has, where this mail is to have the same; "" where another key signed it."""
    if purpose is not Purpose.SATISFACTION and claimed.kind != DUPLICATE:
        return ""
    found = last_link(tx, claimed.session_id, purpose)
    token = sign(key, found[0]) if found is not None else ""
    return token if found is not None and fingerprint(token) == found[1] else ""


def _new(tx: Connection, key: Ed25519PrivateKey, claimed: Claim, purpose: Purpose) -> str:
    link = link_of(purpose, claimed.session_id, claimed.mail_id, claimed.letter.date)
    token = sign(key, link)
    keep_link(tx, link, fingerprint(token))
    return token


def fingerprint(token: str) -> bytes:
    """Return what the database knows of a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
